"""A declared range that holds the best learning rate, or lies below or above it: what is found, and junk.

    python benchmarks/ranges.py               # digits, 10 seeds, 100 trials of 10 epochs, 16 in flight
    python benchmarks/ranges.py --json

A trial of TPE is junk where it validates under 0.5. Every search sees the same splits.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
from collections import deque
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from cells import Key, computed
from machine import machine_facts
from numpy.typing import NDArray

from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import DataSpec, SearchSpec, StudySpec
from hpsearch.study_file.build import default_rounds

SCHEMA_VERSION = 1
EPOCHS, IN_FLIGHT = 10, 16
JUNK = 0.5
"""A trial that validates below this found nothing."""

RANGES: Mapping[str, tuple[float, float]] = {
    "holds the best": (1e-5, 1e-1),
    "lies below it": (1e-6, 1e-4),
    "lies above it": (5e-2, 5.0),
}
"""What a declared range of the learning rate does -> its ends."""

WIDEN = {"hpsearch": 2, "hpsearch, widen = 0": 0}
CONTENDERS = (*WIDEN, "Optuna TPE")

Outcome = tuple[float, list[float], bool]
"""The value of a trial, its curve, and whether it ran to its end."""


@cache
def split(seed: int) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
    """Return scaled training rows, their labels, validation rows and their labels; a fifth is left out."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    order = np.random.default_rng(seed).permutation(len(digits.target))
    train, valid = order[:1077], order[1077:1437]
    X, y = digits.data.astype(np.float32), digits.target
    X = (X - X[train].mean(axis=0)) / (X[train].std(axis=0) + 1e-3)
    return X[train], y[train], X[valid], y[valid]


def trained(points: list[dict[str, float]], *, seed: int, first: int) -> list[Outcome]:
    """Return what trials come to; they train as the lanes of one stack."""
    configs = [MLPConfig(hidden=(64, 64), **point) for point in points]
    runs = fit_stack(configs, *split(seed), epochs=EPOCHS, seed=1000 * seed + first)
    found = []
    for run in runs:
        curve, whole = [float(value) for value in run.curve], run.state == "complete"
        value = float(np.mean(curve[-2:])) if whole else (curve or [0.1])[-1]
        found.append((value, curve, whole))
    return found


def run_hpsearch(low: float, high: float, *, seed: int, trials: int, widen: int) -> list[tuple[str, float]]:
    """Return the stage and the value of each trial of a search by the plan."""
    space = Space(
        (
            FloatParameter(name="lr", low=low, high=high, log=True, widen=widen),
            FloatParameter(name="weight_decay", low=1e-8, high=1e-2, log=True, widen=widen),
            FloatParameter(name="dropout", low=0.0, high=0.6),
        )
    )
    rounds = default_rounds(trials, IN_FLIGHT)
    spec = StudySpec(
        name="ranges",
        seed=seed,
        trials=trials,
        parallelism=IN_FLIGHT,
        data=DataSpec(source="digits"),
        model={},
        space=space,
        search=SearchSpec(rounds=rounds),
    )
    plan, history, found = SearchPlan(spec), History.empty(len(space)), []
    # A trial sees the results of the numbers up to 16 before its own, so eight may train at a time.
    for first in range(0, trials, IN_FLIGHT // 2):
        pending, proposals = history, []
        for number in range(first, min(first + IN_FLIGHT // 2, trials)):
            proposals.append(plan.propose(pending, number))
            pending = pending.with_pending(proposals[-1].internal)
        points = [dict(zip(space.names, p.internal, strict=True)) for p in proposals]
        for proposal, outcome in zip(proposals, trained(points, seed=seed, first=first), strict=True):
            history = history.followed_by(_row(proposal.internal, outcome))
            found.append((str(proposal.stage), outcome[0]))
    return found


def _row(internal: tuple[float, ...], outcome: Outcome) -> History:
    value, curve, whole = outcome
    return History(
        internal=np.array([internal]),
        states=np.array([TrialState.COMPLETE if whole else TrialState.PRUNED]),
        values=np.array([value]),
        curves=np.array([curve + [np.nan] * (EPOCHS - len(curve))]),
    )


def run_optuna(low: float, high: float, *, seed: int, trials: int) -> list[tuple[str, float]]:
    """Return the stage and the value of each trial of Optuna's TPE, in the declared range."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    sampler = optuna.samplers.TPESampler(seed=seed)
    study, flying, found = optuna.create_study(direction="maximize", sampler=sampler), deque(), []
    for number in range(trials + IN_FLIGHT):
        if len(flying) == IN_FLIGHT or (number >= trials and flying):
            trial, point = flying.popleft()
            ((value, _, _),) = trained([point], seed=seed, first=trial.number)
            study.tell(trial, value)
            found.append(("tpe" if trial.number >= sampler._n_startup_trials else "random", value))  # noqa: SLF001
        if number < trials:
            trial = study.ask()
            point = {"lr": trial.suggest_float("lr", low, high, log=True)}
            point["weight_decay"] = trial.suggest_float("weight_decay", 1e-8, 1e-2, log=True)
            point["dropout"] = trial.suggest_float("dropout", 0.0, 0.6)
            flying.append((trial, point))
    return found


def compute(key: Key) -> dict[str, float]:
    """Return the share of junk among the trials of TPE, the best value after 30 trials, and that of all."""
    contender, where, seed, trials = str(key[0]), str(key[1]), int(key[2]), int(key[3])
    low, high = RANGES[where]
    run: Callable[..., list[tuple[str, float]]] = run_optuna
    options: dict[str, Any] = {}
    if contender in WIDEN:
        run, options = run_hpsearch, {"widen": WIDEN[contender]}
    found = run(low, high, seed=seed, trials=trials, **options)
    values = np.array([value for _, value in found])
    by_tpe = values[[stage == "tpe" for stage, _ in found]]
    return {
        "junk": float(np.mean(by_tpe < JUNK)) if len(by_tpe) else 0.0,
        "best_30": float(values[:30].max()),
        "best": float(values.max()),
    }


def main() -> None:
    """Compute every cell; print a table or one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--seeds", type=int, default=10, help="searches of each kind (10)")
    parser.add_argument("--trials", type=int, default=100, help="trials of a search (100)")
    parser.add_argument("--processes", type=int, default=2, help="processes that search at once (2)")
    parser.add_argument("--cells", type=Path, metavar="FILE", help="keep each cell in FILE")
    options = parser.parse_args()
    machine = machine_facts()
    keys = [(c, w, s, options.trials) for c, w, s in product(CONTENDERS, RANGES, range(options.seeds))]
    cells = computed(compute, keys, processes=options.processes, file=options.cells)
    rows = []
    for contender, where in product(CONTENDERS, RANGES):
        own = [cells[contender, where, seed, options.trials] for seed in range(options.seeds)]
        means = {name: float(np.mean([cell[name] for cell in own])) for name in own[0]}
        rows.append({"contender": contender, "range": where, **means})
    if options.json:
        document = {"schema_version": SCHEMA_VERSION, "machine": machine, "rows": rows}
        print(json.dumps(document, indent=2, allow_nan=False))
        return
    print(f"{'':<22}{'the range':<16}{'junk':>8}{'best of 30':>12}{'best':>8}")
    for row in rows:
        numbers = f"{row['junk']:>8.1%}{row['best_30']:>12.3f}{row['best']:>8.3f}"
        print(f"{row['contender']:<22}{row['range']:<16}{numbers}")


if __name__ == "__main__":
    main()
