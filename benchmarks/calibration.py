"""What the verdict says, against what is true: simulated studies through the project's own functions.

    python benchmarks/calibration.py [--json] [--repeats N] [--processes N] [--trainings N] [--searches N]
        [--importance N]

A line of the table is a share of the simulated studies. With ``--trainings`` one more line holds races of so
many networks that are trained on the digits. ``calibration_studies.py`` says what is simulated.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any

import calibration_claims
import numpy as np
from calibration_studies import (
    ACCURACIES,
    FIELDS,
    HARDNESS,
    ROWS,
    SEEDS,
    SPREADS,
    Design,
    Judged,
    designs,
    judged,
)

Study = tuple[Design, Judged]
HEADINGS = (
    "studies",
    "n",
    "covered",
    "width",
    "mean bias",
    "estimate bias",
    "different",
    "best missing",
    "better claimed",
    "of these true",
    "of equals",
)
PROPERTIES: Mapping[str, Iterable[object]] = {
    "field": FIELDS,
    "accuracy": ACCURACIES,
    "rows": ROWS,
    "seeds": SEEDS,
    "spread": SPREADS,
    "hardness": HARDNESS,
}
"""A property of a design -> its values, each a line of the table."""
IMPORTANCE = "calibration_importance"
"""The module that holds the lines of importance; its imports take seconds."""


def one(task: tuple[Design, int, int]) -> Study:
    """Simulate one study."""
    design, place, repeat = task
    return design, judged(design, (place, repeat))


def simulated(*, repeats: int, processes: int) -> list[Study]:
    """Simulate every design so often."""
    tasks = [(design, place, n) for place, design in enumerate(designs()) for n in range(repeats)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        return list(pool.map(one, tasks, chunksize=16))


def lines(studies: Sequence[Study]) -> list[dict[str, Any]]:
    """Return the lines of the table: all studies, then the studies that share one property."""
    found = [line("all", studies)]
    for name, values in PROPERTIES.items():
        for value in values:
            title = str(value) if name == "field" else f"{name} {value}"
            found.append(line(title, [one for one in studies if getattr(one[0], name) == value]))
    return found


def line(title: str, studies: Sequence[Study]) -> dict[str, Any]:
    """Return one line: shares and means over studies; ``None`` where no study says anything of it."""
    said = [found for _, found in studies]
    equals = [found.different for design, found in studies if design.field == "six equals"]
    unequal = [found.missing for design, found in studies if design.field != "six equals"]
    claims = [found.truly for design, found in studies if found.better and design.field != "six equals"]
    values = (
        title,
        len(said),
        _mean([found.covered for found in said]),
        _mean([found.width for found in said]),
        _mean([found.mean_bias for found in said]),
        _mean([found.estimate_bias for found in said]),
        _mean(equals),
        _mean(unequal),
        len(claims) / len(unequal) if unequal else None,
        _mean(claims),
        _mean([found.better for design, found in studies if design.field == "six equals"]),
    )
    return dict(zip(HEADINGS, values, strict=True))


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def table(found: Sequence[dict[str, Any]]) -> str:
    """Return the lines as Markdown."""
    rows = [HEADINGS, ["---"] * len(HEADINGS)]
    rows += [[_cell(name, value) for name, value in one_line.items()] for one_line in found]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cell(name: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str | int):
        return str(value)
    return f"{value:+.4f}" if "bias" in name else f"{value:.4f}" if name == "width" else f"{value:.3f}"


def main() -> None:
    """Simulate, and print a table or one document."""
    parser = argparse.ArgumentParser(description="What the verdict says, against what is true.")
    parser.add_argument("--json", action="store_true", help="one document in place of the table")
    parser.add_argument("--repeats", type=int, default=2, help="studies of each design (2)")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="processes (one a core)")
    parser.add_argument("--trainings", type=int, default=0, help="networks to train on the digits (0)")
    parser.add_argument("--importance", type=int, default=0, help="studies a line of importance (0)")
    parser.add_argument("--searches", type=int, default=1800, help="searches that claim a gain (1800)")
    options = parser.parse_args()
    began = time.perf_counter()
    found = lines(simulated(repeats=options.repeats, processes=options.processes))
    seconds = time.perf_counter() - began
    if options.trainings:
        trained = import_module("calibration_trainings").studies(options.trainings)
        found.append(line(f"{options.trainings} trainings", trained))
    n_studies = options.importance
    importance = list(import_module(IMPORTANCE).lines(n_studies=n_studies)) if n_studies else []
    claims = calibration_claims.lines(calibration_claims.claims(options.searches), "simulated")
    if options.trainings:
        trained_claims = import_module("calibration_trainings").claims(options.trainings)
        claims += calibration_claims.lines(trained_claims, f"{options.trainings} trained on small tables")
    if options.json:
        parts = {"verdict": found, "claims": claims, "importance": importance, "seconds": seconds}
        print(json.dumps(parts, indent=1))
        return
    print(f"the verdict, {seconds:.0f} s\n\n{table(found)}")
    print(f"\nclaims of a gain over the default\n\n{calibration_claims.table(claims)}")
    if importance:
        print("\nimportance\n", *importance, sep="\n")


if __name__ == "__main__":
    main()
