"""Microseconds per lane-step of the stacked network, beside the matrix products alone and other libraries.

    python benchmarks/network.py [--json] [--rounds N]

One thread, one run: every round measures each contender once, in turn, so that ratios hold on a noisy
machine; medians over the rounds are printed. A lane-step is one optimizer step of one network: gather a
batch, forward, loss, backward, Adam with an L2 penalty, and dropout 0.2 on hidden layers.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any

import machine
import numpy as np

from hpsearch.nn import MLPConfig, StackTrainer, TrainingData

LANES = (1, 4, 8, 16)
DROPOUT = 0.2
WEIGHT_DECAY = 1e-4
STEPS = 24
"""Steps of one measurement: an epoch of so many batches."""

Measure = Callable[[], float]
"""Runs ``STEPS`` steps and returns microseconds per lane-step."""


@dataclass(frozen=True)
class Shape:
    """A network and its batch; ``sizes`` are inputs, hidden layers and classes."""

    sizes: tuple[int, ...]
    batch: int

    @property
    def name(self) -> str:
        """The sizes and the batch in words."""
        return "-".join(map(str, self.sizes)) + f", batch {self.batch}"

    def data(self) -> TrainingData:
        """Return random rows for ``STEPS`` batches, and none to validate on."""
        rng = np.random.default_rng(0)
        n = self.batch * STEPS
        X = rng.standard_normal((n, self.sizes[0]), np.float32)
        y = rng.integers(self.sizes[-1], size=n)
        y[: self.sizes[-1]] = np.arange(self.sizes[-1])
        return TrainingData(X=X, y=y, X_val=X[:0], y_val=y[:0], n_classes=self.sizes[-1])


SHAPES = (
    Shape((64, 100, 10), 32),
    Shape((64, 50, 50, 10), 100),
    Shape((784, *(100,) * 6, 10), 100),
    Shape((784, 256, 128, 10), 128),
)


def timed(work: Callable[[], Any], lanes: int = 1) -> float:
    """Return microseconds per lane-step of ``STEPS`` steps."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) / STEPS / lanes * 1e6


def hpsearch(shape: Shape, lanes: int) -> Measure:
    """Train a stack; the networks start anew in each round, so that none converges or diverges."""
    data = shape.data()
    config = MLPConfig(
        hidden=shape.sizes[1:-1], dropout=DROPOUT, weight_decay=WEIGHT_DECAY, batch_size=shape.batch, lr=1e-4
    )

    def measure() -> float:
        trainer = StackTrainer([config] * lanes, data=data, seeds=range(lanes))
        trainer.run_epoch()
        return timed(trainer.run_epoch, lanes)

    return measure


def products(shape: Shape, lanes: int) -> Measure:
    """Do the matrix products of a step and nothing else: what no implementation on this BLAS can beat."""
    rng = np.random.default_rng(0)

    def array(*sizes: int) -> np.ndarray:
        return rng.standard_normal((lanes, *sizes), np.float32)

    pairs = list(zip(shape.sizes, shape.sizes[1:], strict=False))
    X = [array(shape.batch, n_in) for n_in, _ in pairs]
    dY = [array(shape.batch, n_out) for _, n_out in pairs]
    W, dW = ([array(*pair) for pair in pairs] for _ in range(2))
    Y, dX = [np.empty_like(d) for d in dY], [np.empty_like(x) for x in X]

    def step() -> None:
        for layer in range(len(pairs)):
            np.matmul(X[layer], W[layer], out=Y[layer])
        for layer in reversed(range(len(pairs))):
            np.matmul(X[layer].mT, dY[layer], out=dW[layer])
            if layer:
                np.matmul(dY[layer], W[layer].mT, out=dX[layer])

    def measure() -> float:
        step()
        return timed(lambda: [step() for _ in range(STEPS)], lanes)

    return measure


def scikit_learn(shape: Shape, _lanes: int) -> Measure:
    """One epoch of ``partial_fit``; scikit-learn has no dropout, so it does a little less."""
    from sklearn.neural_network import MLPClassifier

    data = shape.data()
    model = MLPClassifier(
        shape.sizes[1:-1], alpha=WEIGHT_DECAY, batch_size=shape.batch, learning_rate_init=1e-4
    )
    classes = np.arange(shape.sizes[-1])

    def measure() -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(data.X, data.y, classes=classes)
            return timed(lambda: model.partial_fit(data.X, data.y))

    return measure


def pytorch(shape: Shape, _lanes: int) -> Measure:
    """Eager PyTorch, batches by indexing."""
    import torch
    from torch import nn

    torch.set_num_threads(1)
    layers: list[nn.Module] = []
    for n_in, n_out in zip(shape.sizes, shape.sizes[1:], strict=False):
        layers += [nn.Linear(n_in, n_out), nn.ReLU(), nn.Dropout(DROPOUT)]
    model = nn.Sequential(*layers[:-2])
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4, weight_decay=WEIGHT_DECAY)
    loss = nn.CrossEntropyLoss()
    data = shape.data()
    X, y = torch.from_numpy(data.X), torch.from_numpy(data.y)

    def epoch() -> None:
        for rows in torch.randperm(len(X)).split(shape.batch):
            optimizer.zero_grad()
            loss(model(X[rows]), y[rows]).backward()
            optimizer.step()

    def measure() -> float:
        epoch()
        return timed(epoch)

    return measure


def contenders(shape: Shape) -> dict[str, Measure]:
    """Return name -> measure of everything that can be imported."""
    found = {f"hpsearch x{lanes}": hpsearch(shape, lanes) for lanes in LANES}
    found |= {f"products x{lanes}": products(shape, lanes) for lanes in LANES}
    found["scikit-learn"] = scikit_learn(shape, 1)
    if find_spec("torch"):
        found["pytorch"] = pytorch(shape, 1)
    return found


def measured(shape: Shape, rounds: int) -> dict[str, Any]:
    """Return a shape's medians, and the ratios at the fastest number of lanes."""
    contestants = contenders(shape)
    runs: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            runs[name].append(measure())
    medians = {name: median(values) for name, values in runs.items()}
    best = min(LANES, key=lambda lanes: medians[f"hpsearch x{lanes}"])

    def ratio(over: str, under: str) -> float | None:
        if over not in runs:
            return None
        return median(a / b for a, b in zip(runs[over], runs[under], strict=True))

    mine = f"hpsearch x{best}"
    return {
        "shape": shape.name,
        "microseconds": medians,
        "best_lanes": best,
        "over_products": ratio(mine, f"products x{best}"),
        "faster_than_scikit_learn": ratio("scikit-learn", mine),
        "faster_than_pytorch": ratio("pytorch", mine),
    }


def main() -> None:
    """Measure every shape and print a table or one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()
    results = [measured(shape, arguments.rounds) for shape in SHAPES]
    if arguments.json:
        print(
            json.dumps(
                {"machine": machine.machine_facts(), "rounds": arguments.rounds, "shapes": results}, indent=2
            )
        )
        return
    for result in results:
        print(f"\n{result['shape']}: microseconds per lane-step, medians of {arguments.rounds} rounds")
        for name, value in result["microseconds"].items():
            print(f"  {name:<14} {value:9.1f}")
        for name in ("over_products", "faster_than_scikit_learn", "faster_than_pytorch"):
            value = result[name]
            shown = "not installed" if value is None else f"{value:.2f}"
            print(f"  {name:<26} {shown}  (x{result['best_lanes']})")


if __name__ == "__main__":
    main()
