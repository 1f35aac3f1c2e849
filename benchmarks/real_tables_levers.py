"""What each part of a recipe for tables changes, on the class tables of real_tables.py."""

import argparse
import json
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from real_tables_files import CLASSES, Table, write_table

from hpsearch.data import load_dataset
from hpsearch.errors import DataError
from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.objective.size import fit_size
from hpsearch.study_file import DataSpec
from hpsearch.types import Float32Array

RATES = (1e-3, 3e-3, 1e-2)
SEEDS = (0, 1)
STEPS = 3
"""Times the epochs of a trial, as a confirming run has them."""
MOST_ROWS = 2000

Encoding = Callable[[Float32Array, Float32Array], Float32Array]
"""From training rows and rows to encoded rows."""


def quantile_bins(fitted: Float32Array, X: Float32Array, n_bins: int = 8) -> Float32Array:
    """Return rows with a piecewise linear encoding of each number: the part of each bin that lies below it.

    Source: Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings for numerical features in tabular deep
    learning", NeurIPS 2022, equation 1.
    """
    parts = [X]
    for j in numbers(fitted):
        edges = np.unique(np.quantile(fitted[:, j], np.linspace(0, 1, n_bins + 1)))
        width = np.diff(edges)
        parts.append(np.clip((X[:, j, None] - edges[:-1]) / width, 0, 1))
    return np.hstack(parts).astype(np.float32)


def fixed_waves(fitted: Float32Array, X: Float32Array, sigma: float = 0.1, n_waves: int = 16) -> Float32Array:
    """Return rows with ``cos(2 pi (w x + b))`` of each number, ``w`` and ``b`` drawn and not learned.

    Source: as above, section 3.3; the bias is that of RealMLP's embedding (Holzmüller et al. 2024).
    """
    rng, parts = np.random.default_rng(0), [X]
    for j in numbers(fitted):
        w, b = rng.normal(0, sigma, n_waves), rng.uniform(-0.5, 0.5, n_waves)
        parts.append(np.cos(2 * np.pi * (X[:, j, None] * w + b)))
    return np.hstack(parts).astype(np.float32)


def numbers(X: Float32Array) -> list[int]:
    """Return the features that have more than two values."""
    return [j for j in range(X.shape[1]) if len(np.unique(X[:, j])) > 2]


@dataclass(frozen=True)
class Recipe:
    """A change of the training.

    Attributes:
        changes: Settings of the network that differ from its defaults.
        scaling: The scaling of the inputs.
        encoding: An encoding of the inputs, or ``None``.
        steps: Factor of the epochs.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    scaling: str = "standard"
    encoding: Encoding | None = None
    steps: int = STEPS


TD_S: dict[str, Any] = {"label_smoothing": 0.1, "schedule": "cosine"}
RECIPES = {
    "plain": Recipe(),
    "label smoothing 0.1": Recipe({"label_smoothing": 0.1}),
    "robust scaling": Recipe(scaling="robust"),
    "cosine schedule": Recipe({"schedule": "cosine"}),
    "selu": Recipe({"activation": "selu", "init": "lecun"}),
    "gelu": Recipe({"activation": "gelu"}),
    "batch normalization": Recipe({"normalization": "batch"}),
    "dropout 0.15": Recipe({"dropout": 0.15}),
    "decoupled decay 0.02": Recipe({"optimizer": "adamw", "weight_decay": 0.02}),
    "second moment 0.95": Recipe({"beta2": 0.95}),
    "three times the steps": Recipe(steps=3 * STEPS),
    "smoothing, cosine": Recipe(TD_S),
    "smoothing, cosine, robust": Recipe(TD_S, scaling="robust"),
    "smoothing, cosine, robust, waves": Recipe(TD_S, scaling="robust", encoding=fixed_waves),
    "smoothing, cosine, robust, bins": Recipe(TD_S, scaling="robust", encoding=quantile_bins),
    "smoothing, cosine, bins": Recipe(TD_S, encoding=quantile_bins),
    "smoothing, cosine, robust, waves, dropout 0.15": Recipe(
        {**TD_S, "dropout": 0.15}, scaling="robust", encoding=fixed_waves
    ),
    "smoothing, cosine, three times the steps": Recipe(TD_S, steps=3 * STEPS),
    "smoothing, cosine, robust, bins, three times": Recipe(
        TD_S, scaling="robust", encoding=quantile_bins, steps=3 * STEPS
    ),
}


def scores(table: Table, folder: Path, seed: int) -> Iterator[tuple[str, float]]:
    """Yield each recipe with its accuracy on the test rows of one split, at the best of three rates."""
    path, data = write_table(table, folder), {}
    for scaling in ("standard", "robust"):
        spec = DataSpec(source=path.name, target=table.target, task="classification", scaling=scaling)
        data[scaling] = load_dataset(spec, seed=seed, base=folder, cache=folder)
    for name, recipe in RECIPES.items():
        one = data[recipe.scaling]
        n_train = min(MOST_ROWS, len(one.X_train))
        X = [one.X_train[:n_train], one.X_val, one.X_test]
        if recipe.encoding is not None:
            X = [recipe.encoding(X[0], rows) for rows in X]
        fit = fit_size(round(n_train / 0.6), one.X_train.shape[1], len(one.classes))
        plain = {"hidden": fit.hidden, "batch_size": fit.batch_size}
        lanes = list(product(RATES, SEEDS))
        results = fit_stack(
            [MLPConfig(**plain, lr=rate, **recipe.changes) for rate, _ in lanes],
            X[0], one.y_train[:n_train], X[1], one.y_val,
            epochs=recipe.steps * fit.epochs, seed=[s for _, s in lanes],
        )  # fmt: skip
        found = [([np.nan, *r.curve][-1], np.mean(r.network.predict(X[2]) == one.y_test)) for r in results]
        by_rate = np.array(found, float).reshape(len(RATES), len(SEEDS), 2).mean(axis=1)
        yield name, float(by_rate[np.nanargmax(by_rate[:, 0]), 1])


def summary(lines: Sequence[dict[str, Any]]) -> None:
    """Print the mean difference of each recipe to the plain one over tables, with its interval."""
    tables = sorted({line["table"] for line in lines})
    means = {
        (table, name): np.mean([line["scores"][name] for line in lines if line["table"] == table])
        for table, name in product(tables, RECIPES)
    }
    print(f"{len(tables)} tables; plain: {np.mean([means[table, 'plain'] for table in tables]):.4f}")
    for name in RECIPES:
        gains = np.array([means[table, name] - means[table, "plain"] for table in tables])
        half = 1.96 * gains.std(ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else np.nan
        print(f"{name:48} {gains.mean():+.4f} +- {half:.4f}  better on {np.mean(gains > 0):.0%}")


def main() -> None:
    """Measure, and print a summary; a table and split whose line is there already is not measured again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=len(CLASSES), help="class tables, from the first")
    parser.add_argument("--splits", type=int, default=2)
    parser.add_argument("--lines", type=Path, default=Path("real_tables_levers.jsonl"))
    given = parser.parse_args()
    old = given.lines.read_text().splitlines() if given.lines.exists() else []
    lines = [json.loads(line) for line in old]
    done = {(line["table"], line["split"]) for line in lines}
    with tempfile.TemporaryDirectory() as folder, given.lines.open("a") as out:
        for split, table in product(range(given.splits), CLASSES[: given.tables]):
            if (table.key, split) in done:
                continue
            try:
                line = {
                    "table": table.key,
                    "split": split,
                    "scores": dict(scores(table, Path(folder), split)),
                }
            except DataError as error:
                print(f"{table.key}: left out: {error}", file=sys.stderr)
                continue
            lines.append(line)
            print(json.dumps(line), file=out, flush=True)
    summary(lines)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
