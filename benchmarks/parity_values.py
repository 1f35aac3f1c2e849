"""Definitions of the network measured again: one number each, beside what it should be.

    python benchmarks/parity_values.py [--json] [--splits N] [--rows N ...]

Whitening on few and on many rows, PReLU's slopes, a cosine over the epochs of a call, trainings that a rule
of divergence ends although they would have learned, the loss of several outputs, a numerical gradient.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from machine import machine_facts

from hpsearch.data import load_dataset
from hpsearch.data.rules import DataRules
from hpsearch.data.scale import FIRST_SHRINKAGE, SHRINKAGE, Shrinkage
from hpsearch.nn import (
    ACTIVATIONS,
    LaneResult,
    MLPConfig,
    RegressionData,
    StackTrainer,
    TrainingData,
    fit_stack,
    numerical_gradient,
)
from hpsearch.nn.functions.dropout import LEVELS, keep_threshold
from hpsearch.nn.training.divergence import LOSS_ALONE, NEVER, PRESENT_RULE
from hpsearch.study_file import DataSpec

ROWS = (50, 1078)
"""Training rows of digits with which a whitening is measured; the second is all that there are."""

SCALINGS: Sequence[tuple[str, str, Shrinkage]] = (
    ("none", "none", SHRINKAGE),
    ("auto", "auto", SHRINKAGE),
    ("standard", "standard", SHRINKAGE),
    ("PCA", "pca", SHRINKAGE),
    ("ZCA", "zca", SHRINKAGE),
    ("PCA, version 1", "pca", FIRST_SHRINKAGE),
    ("ZCA, version 1", "zca", FIRST_SHRINKAGE),
)
RATES = (1e-3, 3e-3, 1e-2)
LANES = 32
LEARNED = 0.8
"""The validation accuracy from which on a training has learned."""


def digits(
    split: int, *, train: int | None = None, scaling: str = "auto", shrinkage: Shrinkage = SHRINKAGE
) -> TrainingData:
    """Return the training and validation rows of a split of digits."""
    spec = DataSpec(source="digits", train=train, scaling=scaling)
    data = load_dataset(spec, seed=split, base=Path(), rules=DataRules(shrinkage=shrinkage))
    return TrainingData(
        X=data.X_train, y=data.y_train, X_val=data.X_val, y_val=data.y_val, n_classes=len(data.classes)
    )


def fitted(configs: Sequence[MLPConfig], data: TrainingData, *, epochs: int) -> list[LaneResult]:
    """Return the lanes of some settings, all from one seed."""
    return fit_stack(configs, data.X, data.y, data.X_val, data.y_val, epochs=epochs, seed=0)


def whitening(rows: Sequence[int], splits: int) -> Iterator[dict[str, Any]]:
    """Yield accuracy and the largest scaled number of fresh rows, for each count of rows and scaling.

    The accuracy is the mean over splits of the best of three rates, with 64 units after 30 epochs.
    """
    for train in rows:
        for name, scaling, shrinkage in SCALINGS:
            found, largest = [], []
            for split in range(splits):
                data = digits(split, train=train, scaling=scaling, shrinkage=shrinkage)
                configs = [MLPConfig(hidden=(64,), lr=rate, batch_size=16) for rate in RATES]
                found.append(max(_last(result.curve) for result in fitted(configs, data, epochs=30)))
                largest.append(float(np.abs(data.X_val).max()))
            yield {"rows": train, "scaling": name, "accuracy": fmean(found), "largest": max(largest)}


def _last(curve: Any) -> float:
    return float(curve[-1]) if len(curve) else 0.0


def slopes() -> dict[str, Any]:
    """Return how many slopes a network of 16 and 8 rectified units learns, and their range after training."""
    found = {}
    for name in ("prelu", "prelu_shared"):
        config = MLPConfig(hidden=(16, 8), activation=name)
        (result,) = fitted([config], digits(0), epochs=10)
        flat = result.network.parameters[None]
        own = np.concatenate([layer.own.ravel() for layer in result.network.layout.hidden(flat)])
        found[name] = {"slopes": len(own), "least": float(own.min()), "largest": float(own.max())}
    return found


def cosine() -> dict[str, Any]:
    """Return how far weights move after epoch 10 of a call of 30, relative to the largest weight.

    The settings say 10 epochs, where their cosine would end; the 30 of the call take their place.
    """
    config = MLPConfig(hidden=(16,), schedule="cosine", lr=1e-2, epochs=10)
    (whole,) = fitted([config], digits(0), epochs=30)
    trainer = StackTrainer([replace(config, epochs=30)], data=digits(0), seeds=[0])
    for _ in range(10):
        trainer.run_epoch()
    tenth = trainer.network(0).parameters
    return {
        "moved_after_epoch_10": float(np.abs(whole.network.parameters - tenth).max() / np.abs(tenth).max())
    }


def divergence() -> dict[str, Any]:
    """Return how many of 32 AdaGrad lanes at rates from 0.1 to 10 learn, and how many of them rules end."""
    configs = [
        MLPConfig(hidden=(64, 64), optimizer="adagrad", lr=float(rate))
        for rate in np.geomspace(0.1, 10, LANES)
    ]
    reached = np.full(LANES, 0.0)
    ended: dict[str, set[int]] = {}
    for name, rule in (("no rule", NEVER), ("loss alone", LOSS_ALONE), ("loss and score", PRESENT_RULE)):
        trainer = StackTrainer(configs, data=digits(0), seeds=range(LANES), divergence=rule)
        ended[name] = set()
        for _ in range(30):
            result = trainer.run_epoch()
            ended[name] |= {lane for lane, left in zip(result.lanes, result.diverged, strict=True) if left}
            if rule is NEVER:
                reached[list(result.lanes)] = np.nan_to_num(result.score)
    learned = {int(lane) for lane in np.flatnonzero(reached >= LEARNED)}
    return {
        "lanes": LANES,
        "learned": len(learned),
        "ended": {
            name: {
                "lanes": len(left),
                "of_them_learned": len(left & learned),
                "best": max((float(reached[lane]) for lane in left), default=None),
            }
            for name, left in ended.items()
        },
    }


def several_outputs() -> dict[str, Any]:
    """Return the loss of three outputs before any step, and half the mean of the squared errors."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((40, 4)), rng.standard_normal((40, 3))
    data = RegressionData(X=X, y=y, X_val=X, y_val=y)
    config = MLPConfig(hidden=(8,), optimizer="sgd", lr=1e-30, batch_size=40)
    trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
    loss = float(trainer.run_epoch().loss[0])
    errors = trainer.network(0).outputs(X) - y
    return {"loss": loss, "half_mean_square": float(0.5 * np.mean(errors**2))}


def gradient() -> dict[str, Any]:
    """Return the numerical gradient of ``x^2`` at 1e9, where it is 2e9."""
    found = numerical_gradient(lambda x: float(x[0] ** 2), np.array([1e9]))
    return {"found": float(found[0]), "right": 2e9}


def infinities() -> dict[str, Any]:
    """Return the value of each activation at minus and plus infinity, on a stack of one unit."""
    found = {}
    for name, activation in ACTIVATIONS.items():
        if name == "softmax":
            continue  # its value depends on the whole row
        Z, made = np.array([[[-np.inf], [np.inf]]]), activation((1, 2, 1), np.float64)
        if n_learned := activation.n_learned(1):
            made.learn(np.full((1, 1, n_learned), activation.initial), np.empty((1, 1, n_learned)))
        made.forward(Z, None)
        found[name] = [str(end + 0.0) for end in Z.ravel().tolist()]  # -0.0 is 0.0 here
    return found


def weighted_batch() -> dict[str, Any]:
    """Return how far weights are from copies under batch normalization: relative to the largest parameter."""
    rng = np.random.default_rng(0)
    X, y, weights = rng.standard_normal((30, 4)), rng.integers(0, 3, 30), rng.integers(1, 4, 30)
    config = MLPConfig(hidden=(6,), normalization="batch", optimizer="sgd", lr=0.1, batch_size=10_000)
    found = []
    for times, weight in ((weights, None), (np.ones(30, int), weights.astype(float))):
        rows = {"X": np.repeat(X, times, axis=0), "y": np.repeat(y, times)}
        data = TrainingData(**rows, X_val=X, y_val=y, n_classes=3, weights=weight)
        trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
        for _ in range(20):
            trainer.run_epoch()
        found.append(trainer.network(0).parameters)
    return {"difference": float(np.abs(found[0] - found[1]).max() / np.abs(found[0]).max())}


def measured(rows: Sequence[int], splits: int) -> dict[str, Any]:
    """Return one document."""
    return {
        "machine": machine_facts(),
        "splits": splits,
        "whitening": list(whitening(rows, splits)),
        "slopes": slopes(),
        "cosine": cosine(),
        "divergence": divergence(),
        "several_outputs": several_outputs(),
        "gradient": gradient(),
        "infinities": infinities(),
        "weighted_batch": weighted_batch(),
        "dropout": {"asked": 0.999, "kept": keep_threshold(0.999) / LEVELS},
    }


def render(document: Mapping[str, Any]) -> str:
    """Return the tables."""
    head = f"digits, validation accuracy (mean of {document['splits']} splits), largest scaled fresh number"
    lines = [head, "", f"{'rows':>6}  {'scaling':<16}{'accuracy':>9}{'largest':>9}"]
    lines += [
        f"{row['rows']:>6}  {row['scaling']:<16}{row['accuracy']:>9.3f}{row['largest']:>9.1f}"
        for row in document["whitening"]
    ]
    lines += ["", *_rules(document["divergence"]), ""]
    lines += [
        f"slopes of {name} in layers of 16 and 8 units: {found['slopes']}, after training "
        f"{found['least']:.3f} to {found['largest']:.3f}"
        for name, found in document["slopes"].items()
    ]
    moved, outputs = document["cosine"]["moved_after_epoch_10"], document["several_outputs"]
    mean, found = outputs["half_mean_square"], document["gradient"]
    lines += [
        f"largest move of a weight after epoch 10 of 30, a cosine, relative to the largest: {moved:.3f}",
        f"loss of three outputs: {outputs['loss']:.6f}, half the mean square {mean:.6f}",
        f"numerical gradient of x^2 at 1e9: {found['found']:.9e}, right {found['right']:.1e}",
    ]
    ends, dropout = document["infinities"], document["dropout"]
    lost = ", ".join(name for name, found in ends.items() if "nan" in found) or "none"
    lines += [
        f"relu at minus and plus infinity: {' and '.join(ends['relu'])}; activations with NaN there: {lost}",
        f"weights against copies under batch normalization: {document['weighted_batch']['difference']:.1e}",
        f"dropout {dropout['asked']} keeps {dropout['kept']:.6f} of the units, and a warning says so",
    ]
    return "\n".join(lines)


def _rules(found: Mapping[str, Any]) -> Iterator[str]:
    lanes, learned = found["lanes"], found["learned"]
    yield f"{lanes} AdaGrad lanes at rates from 0.1 to 10, 30 epochs: {learned} reach {LEARNED}"
    yield ""
    yield f"{'rule of divergence':<20}{'ends':>6}{'would reach':>13}{'the best of them':>18}"
    for name, left in found["ended"].items():
        best = "-" if left["best"] is None else f"{left['best']:.3f}"
        yield f"{name:<20}{left['lanes']:>6}{left['of_them_learned']:>13}{best:>18}"


def main() -> None:
    """Measure; print tables or one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    parser.add_argument("--splits", type=int, default=4, help="splits of digits to whiten (4)")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="their training rows (50 1078)")
    options = parser.parse_args()
    document = measured(options.rows, options.splits)
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


if __name__ == "__main__":
    main()
