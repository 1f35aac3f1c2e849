"""What a recipe changes after a short search, on the tables of real_tables.py.

A search draws 16 settings, races the best four on three seeds each, and trains the winner and the best three
again on training and validation rows together, as a study does.
"""

import argparse
import json
import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from real_tables_files import TABLES, Table, write_table

from hpsearch.data import Dataset, load_dataset
from hpsearch.errors import DataError
from hpsearch.nn import MLPConfig, Network, TrainingData
from hpsearch.nn.data import RegressionData
from hpsearch.nn.training.stacks import Training, run_stacks
from hpsearch.nn.unit import Unit
from hpsearch.objective.size import TemplateSettings, fit_size
from hpsearch.study_file import DataSpec
from hpsearch.types import Float64Array, FloatArray

SETTINGS, FINALISTS, RUNS, REFITS, LAST = 16, 4, 3, 6, 5
"""Settings of a search, of a race, its runs of each, networks that are judged, epochs of a value."""


@dataclass(frozen=True)
class Recipe:
    """A way to train.

    Attributes:
        fixed: Settings of the network that differ from the template's.
        data: Keys of ``[data]`` that differ from its defaults.
        steps: Steps of a trial, and of a confirming run.
    """

    fixed: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    steps: tuple[int, int] = (200, 1200)


COSINE = {"schedule": "cosine"}
RECIPES = {
    "constant rate, 600 steps": Recipe(steps=(200, 600)),
    "cosine": Recipe(COSINE),
    "cosine, bins = 8": Recipe(COSINE, {"bins": 8}),
    "cosine, bins = 16, 64-64": Recipe({**COSINE, "hidden": (64, 64)}, {"bins": 16}, (300, 1200)),
}
PLAIN = "cosine"


def scores(table: Table, folder: Path, split: int, recipe: Recipe) -> dict[str, float]:
    """Return the mean score of the winner's networks on the test rows, and the score of the ensemble."""
    data, fit = load(table, folder, split, recipe.data)
    n_train, rng = len(data.X_train), np.random.default_rng([split, 7])
    fixed = {"hidden": fit.hidden, "batch_size": fit.batch_size, **recipe.fixed}
    trial, confirm = (max(1, round(n / math.ceil(n_train / fit.batch_size))) for n in recipe.steps)
    drawn = [
        {
            **fixed,
            "lr": float(np.exp(rng.uniform(np.log(3e-4), np.log(3e-2)))),
            "weight_decay": float(10 ** rng.uniform(-7, -2)),
            "dropout": float(rng.uniform(0, 0.5)),
        }
        for _ in range(SETTINGS)
    ]
    searched = rows_of(data, [data.X_train, data.y_train], [data.X_val, data.y_val])
    values, _ = train(searched, [MLPConfig(**one, epochs=trial) for one in drawn], seed=0)
    best = np.argsort(values)[::-1][:FINALISTS]
    finalists = [MLPConfig(**drawn[i], epochs=confirm) for i in best for _ in range(RUNS)]
    means = np.reshape(train(searched, finalists, seed=100)[0], (FINALISTS, RUNS)).mean(axis=1)
    order = best[np.argsort(-means, kind="stable")]
    X, y = np.concatenate([data.X_train, data.X_val]), np.concatenate([data.y_train, data.y_val])
    steps, batches = recipe.steps[1], math.ceil(len(X) / fit.batch_size)
    longest = max(1, round(steps / batches * len(X) / n_train))
    chosen = [*[order[0]] * REFITS, *(i for i in order[:3] for _ in range(REFITS // 3))]
    again = [MLPConfig(**drawn[i], epochs=longest) for i in chosen]
    _, networks = train(rows_of(data, [X, y], [X[:0], y[:0]]), again, seed=200)
    found = [None if one is None else predicted(data, one) for one in networks]
    single = [score(data, one) for one in found[:REFITS] if one is not None]
    together = np.mean([one for one in found if one is not None], axis=0)
    return {"winner": float(np.mean(single)), "ensemble": score(data, together)}


def load(table: Table, folder: Path, split: int, keys: dict[str, Any]) -> tuple[Dataset, TemplateSettings]:
    """Return a table's rows, divided as ``hpsearch init`` proposes, and the settings that it proposes."""
    path = write_table(table, folder)
    task = "regression" if table.numbers else "classification"
    spec = DataSpec(source=path.name, target=table.target, task=task, **keys)
    whole = load_dataset(spec, seed=split, base=folder, cache=folder)
    n = len(whole.X_train) + len(whole.X_val) + len(whole.X_test)
    fit = fit_size(n, whole.X_train.shape[1], len(whole.classes))
    spec = replace(spec, validation=fit.share, test=fit.share)
    return load_dataset(spec, seed=split, base=folder, cache=folder), fit


def rows_of(data: Dataset, train: Sequence[Any], validation: Sequence[Any]) -> TrainingData | RegressionData:
    """Return rows to train on and to score by."""
    rows = dict(zip(("X", "y", "X_val", "y_val"), [*train, *validation], strict=True))
    if data.classes:
        return TrainingData(**rows, n_classes=len(data.classes))
    return RegressionData(**rows, unit=Unit.of(rows["y"]))


def train(
    data: TrainingData | RegressionData, configs: Sequence[MLPConfig], *, seed: int
) -> tuple[list[float], list[Network | None]]:
    """Return the value of each training and its network; minus infinity and ``None`` where it diverged."""
    lanes = {place: Training(config=config, seed=seed + place) for place, config in enumerate(configs)}
    values, networks = [-math.inf] * len(lanes), [None] * len(lanes)
    for stack in run_stacks(lanes, data=data):
        ended = set()
        for place, curve in stack.curves.items():
            if place not in stack.diverged and len(curve) >= configs[place].epochs:
                values[place], networks[place] = float(np.mean(curve[-LAST:])), stack.networks(place)[0]
                ended.add(place)
        stack.drop(ended)
    return values, networks


def predicted(data: Dataset, network: Network) -> FloatArray:
    """Return what a network says of the test rows."""
    return network.predict_proba(data.X_test) if data.classes else network.predict(data.X_test)


def score(data: Dataset, found: FloatArray) -> float:
    """Return the accuracy on the test rows, or R2."""
    truth = data.y_test
    if data.classes:
        return float(np.mean(found.argmax(axis=1) == truth))
    return float(1 - np.sum((truth - found) ** 2) / np.sum((truth - truth.mean()) ** 2))


def summary(lines: Sequence[dict[str, Any]], *, rows: int) -> None:
    """Print the mean difference of each recipe to the plain one over tables, with its interval."""
    for numbers, (name, kind) in product((False, True), product(RECIPES, ("winner", "ensemble"))):
        cells = {
            (line["table"], line["split"]): line["scores"]
            for line in lines
            if line["numbers"] is numbers and line["rows"] >= rows and {name, PLAIN} <= {*line["scores"]}
        }
        by_table: dict[str, list[float]] = {}
        for (table, _), found in cells.items():
            by_table.setdefault(table, []).append(found[name][kind] - found[PLAIN][kind])
        gains: Float64Array = np.array([np.mean(found) for found in by_table.values()])
        if name != PLAIN and len(gains) > 1:
            half = 1.96 * gains.std(ddof=1) / np.sqrt(len(gains))
            what = f"{'R2' if numbers else 'accuracy'} of {kind} on {len(gains)} tables"
            print(
                f"{name:28} {what:36} {gains.mean():+.4f} +- {half:.4f}  better on {np.mean(gains > 0):.0%}"
            )


def main() -> None:
    """Measure what has no line yet, one JSON line a table and split, and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--splits", type=int, default=1)
    parser.add_argument("--rows", type=int, default=0, help="leave out tables with fewer rows")
    parser.add_argument("--lines", type=Path, default=Path("real_tables_recipes.jsonl"))
    given = parser.parse_args()
    old = given.lines.read_text().splitlines() if given.lines.exists() else []
    lines = [json.loads(line) for line in old]
    done = {(line["table"], line["split"]) for line in lines}
    with tempfile.TemporaryDirectory() as folder, given.lines.open("a") as out:
        for split, table in product(range(given.splits), TABLES):
            try:
                data, _ = load(table, Path(folder), split, {})
            except DataError as error:
                print(f"{table.key}: left out: {error}")
                continue
            n = len(data.X_train) + len(data.X_val) + len(data.X_test)
            if n < given.rows or (table.key, split) in done:
                continue
            found = {name: scores(table, Path(folder), split, recipe) for name, recipe in RECIPES.items()}
            lines.append(
                {"table": table.key, "split": split, "numbers": table.numbers, "rows": n, "scores": found}
            )
            print(json.dumps(lines[-1]), file=out, flush=True)
    summary(lines, rows=given.rows)


if __name__ == "__main__":
    main()
