"""Regret on the eight HPOBench MLP tables: hpsearch, Optuna's samplers, random search.

    python benchmarks/tables.py --json                     # development seeds, 30 a task
    python benchmarks/tables.py --scored --cells FILE      # the declared seeds; FILE keeps what is done

Every contender has the same space, meets the same luck, and is scored on training seeds that no search saw.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from cells import Key, computed
from hpobench import NAMES, WHEEL, checkpoints, floors, load_table, missing
from machine import machine_facts
from numpy.typing import NDArray
from paired import compared, interval_95
from table_contenders import BASELINE, CONTENDERS, quiet

SCHEMA_VERSION = 1

SCORED_FROM = 1000
"""The first of the seeds that are scored; whoever changes a search looks at seeds below this alone."""

Cells = Mapping[Key, Mapping[str, Any]]
"""``(contender, parallelism, trials, task, seed)`` -> ``regret`` (checkpoint -> regret) and ``seconds``."""


def compute(key: Key) -> dict[str, Any]:
    """Return the regret at each checkpoint of one cell, and the seconds that its search took."""
    quiet()
    contender, parallelism, n_trials, task, seed = key
    table = load_table(str(task))
    began = time.perf_counter()
    named = CONTENDERS[str(contender)].run(table, int(seed), n_trials=n_trials, parallelism=parallelism)
    seconds = time.perf_counter() - began
    regrets = {str(checkpoint): table.regret(configuration) for checkpoint, configuration in named.items()}
    return {"regret": regrets, "seconds": round(seconds, 3)}


def regrets(
    cells: Cells, contender: str, parallelism: int, *, checkpoint: int, options: argparse.Namespace
) -> NDArray[np.float64]:
    """Return the regrets of one contender at a checkpoint, ``(tasks, seeds)``."""
    rows = [
        [
            cells[contender, parallelism, options.trials, task, seed]["regret"][str(checkpoint)]
            for seed in options.seeds
        ]
        for task in options.tasks
    ]
    return np.array(rows)


def summarized(cells: Cells, names: Sequence[str], options: argparse.Namespace) -> list[dict[str, Any]]:
    """Return one row a contender, parallelism and checkpoint."""
    first = options.parallelism[0]
    rows = []
    for name, parallelism, checkpoint in product(names, options.parallelism, checkpoints(options.trials)):
        own = regrets(cells, name, parallelism, checkpoint=checkpoint, options=options)
        row: dict[str, Any] = {
            "contender": name,
            "parallelism": parallelism,
            "trials": checkpoint,
            "regret": float(own.mean()),
            "interval_95": interval_95(own),
            "by_task": dict(zip(options.tasks, own.mean(axis=1).tolist(), strict=True)),
            "to_baseline": None,
            f"to_parallelism_{first}": None,
        }
        if name != BASELINE and BASELINE in names:
            base = regrets(cells, BASELINE, parallelism, checkpoint=checkpoint, options=options)
            row["to_baseline"] = compared(own, base, lower_is_better=True)
        if parallelism != first:
            alone = regrets(cells, name, first, checkpoint=checkpoint, options=options)
            row[f"to_parallelism_{first}"] = compared(own, alone, lower_is_better=True)
        rows.append(row)
    return rows


def render(document: Mapping[str, Any]) -> str:
    """Return the machine, a table a parallelism, differences at the last checkpoints, and who was absent."""
    machine, limits = document["machine"], document["floors"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items() if version)
    lines = [
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        versions,
        f"{len(document['tasks'])} tasks x {len(document['seeds'])} seeds from {document['seeds'][0]}",
        f"floors: exhaustive {limits['exhaustive']:.3f}, top 1 % {limits['top_1_percent']:.3f}",
    ]
    for parallelism in document["parallelism"]:
        lines += _means(document, parallelism)
    lines += [f"{CONTENDERS[name].title}: absent, {why}" for name, why in document["absent"].items()]
    return "\n".join(lines)


def _means(document: Mapping[str, Any], parallelism: int) -> list[str]:
    """Return the tables of one parallelism: regret at each checkpoint, then differences at a few."""
    rows = [row for row in document["rows"] if row["parallelism"] == parallelism]
    points = list(dict.fromkeys(row["trials"] for row in rows))
    lines = ["", f"mean regret, parallelism {parallelism}", _line("after so many trials", points)]
    for name in dict.fromkeys(row["contender"] for row in rows):
        own = [f"{row['regret']:.3f}" for row in rows if row["contender"] == name]
        lines.append(_line(CONTENDERS[name].title, own))
    told = [row for row in rows if row["trials"] in {30, points[-1]}]
    differences = [line for row in told for line in _differences(row)]
    heading = f"parallelism {parallelism}: difference, 95 % interval; with tasks resampled; share better"
    return [*lines, "", heading, *differences] if differences else lines


def _line(title: str, columns: Sequence[Any]) -> str:
    return f"{title:<30}" + "".join(f"{column:>8}" for column in columns)


def _differences(row: Mapping[str, Any]) -> list[str]:
    """Return a line for each comparison of a row."""
    lines = []
    for key in [key for key in row if key.startswith("to_") and row[key]]:
        found = row[key]
        title = f"{CONTENDERS[row['contender']].title}, {row['trials']} trials"
        other = BASELINE if key == "to_baseline" else key[3:].replace("_", " ")
        text = f"{title:<42} less {other:<13} {found['difference']:+.3f} {_shown(found['interval_95'])}; "
        text += (
            f"{_shown(found['interval_95_tasks'])}; {found['p_better']:.2f} {_shown(found['p_better_95'])}"
        )
        lines.append(text)
    return lines


def _shown(interval: Sequence[float] | None) -> str:
    return "[-]" if interval is None else f"[{interval[0]:+.3f}, {interval[1]:+.3f}]"


def main() -> None:
    """Compute every cell; print tables or one JSON document."""
    options = _options()
    if why := missing():
        sys.exit(f"tables.py: {why}")
    absent = {name: why for name in options.contenders if (why := CONTENDERS[name].missing)}
    names = [name for name in CONTENDERS if name in options.contenders and name not in absent]
    machine = machine_facts()
    keys = [
        (name, parallelism, options.trials, task, seed)
        for seed, task in product(options.seeds, options.tasks)
        for name, parallelism in product(names, options.parallelism)
    ]
    found = computed(compute, keys, processes=options.processes, file=options.cells)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine,
        "wheel": WHEEL,
        "tasks": options.tasks,
        "seeds": list(options.seeds),
        "parallelism": options.parallelism,
        "trials": options.trials,
        "baseline": BASELINE,
        "floors": floors(),
        "absent": absent,
        "rows": summarized(found, names, options),
        "cells": [[*key, value] for key, value in found.items()],
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON document, every cell in it, instead of tables")
    add("--seeds", type=_count, default=30, help="seeds a task (30)")
    add("--first-seed", type=int, default=0, help=f"the first seed, below {SCORED_FROM} (0)")
    add("--scored", action="store_true", help=f"use the declared seeds, from {SCORED_FROM}")
    add("--tasks", nargs="+", choices=NAMES, default=list(NAMES), help="which tables (all)")
    add("--trials", type=_count, default=100, help="trials of a search (100)")
    add("--parallelism", nargs="+", type=_count, default=[1, 16], help="trials in flight (1 16)")
    add("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS), help="who takes part (all)")
    add("--processes", type=_count, default=2, help="processes that search at once (2)")
    add("--cells", type=Path, metavar="FILE", help="keep each cell in FILE; what it has is not done again")
    add("--quick", action="store_true", help="one task, 2 seeds, 20 trials, one process: does it run?")
    options = parser.parse_args()
    if options.quick:
        options.tasks, options.seeds, options.trials, options.processes = options.tasks[:1], 2, 20, 1
    first = SCORED_FROM if options.scored else options.first_seed
    options.seeds = range(first, first + options.seeds)
    if not options.scored and options.seeds[-1] >= SCORED_FROM:
        parser.error(
            f"--first-seed: expected seeds below {SCORED_FROM}, found {options.seeds[-1]}; see --scored"
        )
    return options


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number, 1 or more, found {text!r}")
    return int(text)


if __name__ == "__main__":
    main()
