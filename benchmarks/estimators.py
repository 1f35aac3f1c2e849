"""Tune histogram boosting on twenty real tables: hpsearch, Optuna, scikit-learn and FLAML on equal folds.

Needs the extra ``bench``: the tables come from packages, and nothing is downloaded. A contender that is not
installed is left out.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from estimators_contenders import CONTENDERS, Problem
from real_tables import run, with_budget
from real_tables_files import CLASSES, Table, write_table

TREES = 100
FOLDS = 3
FRESH = 10
"""Fresh splits of a table, on which the winner is fitted again: an interval should hold their mean."""
TEXT = """
[objective]
estimator = "sklearn.ensemble.HistGradientBoostingClassifier"

[model]
early_stopping = false
max_iter = {trees}

[space]
learning_rate = {{ low = 0.01, high = 0.3, log = true }}
max_leaf_nodes = {{ low = 4, high = 64, log = true }}
min_samples_leaf = {{ low = 2, high = 100, log = true }}
l2_regularization = {{ low = 1e-6, high = 10.0, log = true }}
max_features = {{ low = 0.2, high = 1.0 }}

[search]
widen = 0

[confirm]
ensemble = 0
"""


def main() -> None:
    """Measure what has no line yet, one JSON line a table and seed, and print the summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tables", type=int, default=20, help="tables, from the first")
    parser.add_argument("--trials", type=int, default=60)
    parser.add_argument("--seeds", type=int, default=1, help="splits, each with a study of its own")
    parser.add_argument("--lines", type=Path, default=Path("estimators.jsonl"))
    given = parser.parse_args()
    old = given.lines.read_text(encoding="utf-8").splitlines() if given.lines.exists() else []
    lines: list[dict[str, Any]] = [json.loads(line) for line in old]
    done = {(line["table"], line["seed"], line["trials"]) for line in lines}
    with given.lines.open("a", encoding="utf-8") as out:
        for seed, table in product(range(given.seeds), SMALL[: given.tables]):
            if (table.key, seed, given.trials) not in done:
                line = measured(table, seed=seed, trials=given.trials)
                lines.append({"table": table.key, "seed": seed, "trials": given.trials, **line})
                print(json.dumps(lines[-1]), file=out, flush=True)
                print(f"{table.key}, seed {seed}: {line['test']} {line['seconds']}", flush=True)
    print("\n".join(summary([line for line in lines if line["trials"] == given.trials])))


LARGE = {"phoneme", "spambase", "satimage", "segment", "Males", "Chile"}
SMALL = [table for table in CLASSES if table.name not in LARGE]
"""Tables of at most some thousand rows: sixty settings on three folds take a contender about a minute."""


def measured(table: Table, *, seed: int, trials: int) -> dict[str, Any]:
    """Return the test accuracy and the seconds of each contender on one split, and hpsearch's interval."""
    line: dict[str, Any] = {"test": {}, "seconds": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, study = write_table(table, folder), folder / "study.toml"
        run(
            "init",
            path,
            "--target",
            table.target,
            "--model",
            "histogram-boosting",
            "-o",
            study,
            folder=folder,
        )
        head = with_budget(study.read_text(), seed=seed, trials=trials).partition("\n[objective]")[0]
        rows = [row for row in head.splitlines() if not row.startswith("validation")]
        study.write_text("\n".join(rows) + f"\nfolds = {FOLDS}\n" + TEXT.format(trees=TREES))
        began = time.monotonic()
        run("start", study, "--workers", 2, folder=folder)
        line["seconds"]["hpsearch"] = time.monotonic() - began
        best = json.loads(run("best", "--json", folder=folder))
        line["test"]["hpsearch"] = best["test"]["accuracy"]
        problem = Problem.of(study, trees=TREES)
        for contender, search in CONTENDERS.items():
            began = time.monotonic()
            params = search(problem, trials)
            if params is not None:
                line["test"][contender] = problem.test(params)
                line["seconds"][contender] = time.monotonic() - began
        line["interval"] = best["test_interval"]
        line["fresh"] = problem.fresh(best["params"], splits=FRESH)
    return line


@dataclass(frozen=True)
class Paired:
    """A contender beside hpsearch, over tables.

    Attributes:
        gain: Mean of hpsearch's accuracy less the contender's.
        half: Half the 95 % interval of it.
        ratio: Median of hpsearch's seconds over the contender's.
    """

    gain: float
    half: float
    ratio: float


def paired(lines: Sequence[dict[str, Any]], contender: str) -> Paired:
    """Return hpsearch beside a contender, over the lines that have both."""
    both = [line for line in lines if contender in line["test"]]
    gains = np.array([line["test"]["hpsearch"] - line["test"][contender] for line in both])
    ratios = [line["seconds"]["hpsearch"] / line["seconds"][contender] for line in both]
    half = 1.96 * gains.std(ddof=1) / np.sqrt(len(gains)) if len(gains) > 1 else np.nan
    return Paired(float(gains.mean()), float(half), float(np.median(ratios)))


def summary(lines: Sequence[dict[str, Any]]) -> list[str]:
    """Return a row a table, the paired differences, and how often the interval holds the fresh mean."""
    names = ["hpsearch", *(name for name in CONTENDERS if any(name in line["test"] for line in lines))]
    found = [f"{'test accuracy':28}" + "".join(f"{name:>12}" for name in names)]
    for line in lines:
        cells = "".join(f"{line['test'].get(name, np.nan):12.4f}" for name in names)
        found.append(f"{line['table']:28}{cells}")
    for name in names[1:]:
        pair = paired(lines, name)
        found.append(
            f"hpsearch less {name}: {pair.gain:+.4f} +- {pair.half:.4f}; seconds over its: {pair.ratio:.2f}"
        )
    held = [low <= line["fresh"] <= high for line in lines for low, high in [line["interval"]]]
    found.append(f"the interval holds the mean of {FRESH} fresh splits on {np.mean(held):.0%} of {len(held)}")
    return found


if __name__ == "__main__":
    main()
