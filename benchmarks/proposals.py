"""What a proposal costs: hpsearch's plan beside Optuna's TPESampler, in studies of many trials.

    python benchmarks/proposals.py [--json] [--trials 100 1000 5000] [--parallelism 1 16]

Both have a settled history of so many trials with three parameters, then propose the next ones, one after
another; the result of each is told as soon as later trials may see it, and telling it is in the time.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from itertools import product
from statistics import median
from typing import Any

import numpy as np
import optuna
from machine import machine_facts

from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import DataSpec, StudySpec

SCHEMA_VERSION = 1

SPACE = Space(
    (
        FloatParameter(name="lr", low=1e-5, high=1e-1, log=True),
        FloatParameter(name="weight_decay", low=1e-8, high=1e-2, log=True),
        FloatParameter(name="dropout", low=0.0, high=0.6),
    )
)
"""The space of ``studies/digits.toml``, not widened, so that both search the same."""

Source = Callable[[int, int], Callable[[], None]]
"""From settled trials and parallelism to a function that makes one more proposal and learns a result."""


def value(unit: np.ndarray, number: int) -> float:
    """Return a result between 0 and 1: a bowl in unit coordinates, and noise that belongs to the number."""
    noise = float(np.random.default_rng(number).normal(0, 0.01))
    return math.exp(-4 * float(((unit - 0.6) ** 2).sum())) + noise


def settled(n: int) -> History:
    """Return ``n`` complete trials: a quarter at random, the others around the best place."""
    rng = np.random.default_rng(0)
    near = np.clip(rng.normal(0.6, 0.1, (n, len(SPACE))), 0.0, 1.0)
    unit = np.where((rng.random(n) < 0.25)[:, None], rng.random((n, len(SPACE))), near)
    values = np.array([value(row, number) for number, row in enumerate(unit)])
    return History(
        internal=np.array([SPACE.from_unit(row) for row in unit]),
        states=np.full(n, int(TrialState.COMPLETE)),
        values=values,
        curves=values[:, None],
    )


def hpsearch(n: int, parallelism: int) -> Callable[[], None]:
    """Propose by the plan; a trial's result is hidden from the ``parallelism - 1`` after it."""
    spec = StudySpec(
        name="proposals",
        seed=0,
        trials=1_000_000,
        parallelism=parallelism,
        data=DataSpec(source="digits"),
        model={},
        space=SPACE,
    )
    plan, history = SearchPlan(spec), settled(n)

    def step() -> None:
        nonlocal history
        number = len(history)
        internal = plan.propose(history, number).internal
        result = value(SPACE.to_unit(np.array([internal]))[0], number)
        history = history.followed_by(
            History(
                internal=np.array([internal]),
                states=np.array([int(TrialState.COMPLETE)]),
                values=np.array([result]),
                curves=np.array([[result]]),
            )
        )

    return step


def optuna_tpe(n: int, parallelism: int) -> Callable[[], None]:
    """Ask Optuna's TPESampler and tell it, in memory, so many trials in flight."""
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=0))
    distributions = {p.name: optuna.distributions.FloatDistribution(p.low, p.high, log=p.log) for p in SPACE}
    known = settled(n)
    study.add_trials(
        [
            optuna.trial.create_trial(params=SPACE.external(tuple(row)), distributions=distributions, value=v)
            for row, v in zip(known.internal.tolist(), known.values.tolist(), strict=True)
        ]
    )
    flying: deque[optuna.Trial] = deque()

    def step() -> None:
        trial = study.ask(distributions)
        flying.append(trial)
        if len(flying) == parallelism:
            landed = flying.popleft()
            unit = SPACE.to_unit(np.array([SPACE.internal(landed.params)]))[0]
            study.tell(landed, value(unit, landed.number))

    return step


CONTENDERS: Mapping[str, Source] = {"hpsearch": hpsearch, "optuna-tpe": optuna_tpe}
"""The two sides by name; the second is what the first is compared with."""


def measured(n: int, parallelism: int, *, proposals: int) -> dict[str, Any]:
    """Return the milliseconds of both sides, which take turns proposal by proposal.

    ``first_ms`` is the first proposal, for which hpsearch reads the whole history once; then, unmeasured,
    as many as there are in flight.
    """
    steps = {name: make(n, parallelism) for name, make in CONTENDERS.items()}
    first = {name: _ms(step) for name, step in steps.items()}
    for _ in range(parallelism):
        for step in steps.values():
            step()
    times: dict[str, list[float]] = {name: [] for name in steps}
    for _ in range(proposals):
        for name, step in steps.items():
            times[name].append(_ms(step))
    ours, theirs = times.values()
    ratios = [b / a for a, b in zip(ours, theirs, strict=True)]
    return {
        "trials": n,
        "parallelism": parallelism,
        "ms": {name: median(found) for name, found in times.items()},
        "first_ms": first,
        "optuna_over_hpsearch": median(ratios),
    }


def _ms(step: Callable[[], None]) -> float:
    began = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - began)


def render(document: Mapping[str, Any]) -> str:
    """Return the table."""
    machine = document["machine"]
    lines = [
        f"{machine['cores']} cores, {machine['processor']}; load before: {machine['load']}",
        f"milliseconds a proposal, medians of {document['proposals']}; in brackets the first one",
        f"{'trials':>6} {'in flight':>10} {'hpsearch':>18} {'Optuna TPE':>18} {'ratio':>7}",
    ]
    for row in document["rows"]:
        cells = [f"{row['ms'][name]:.2f} ({row['first_ms'][name]:.0f})" for name in CONTENDERS]
        ratio = f"{row['optuna_over_hpsearch']:.1f}"
        lines.append(f"{row['trials']:>6} {row['parallelism']:>10} {cells[0]:>18} {cells[1]:>18} {ratio:>7}")
    return "\n".join(lines)


def main() -> None:
    """Measure; print a table or one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add = parser.add_argument
    add("--json", action="store_true", help="print one JSON document instead of a table")
    add("--trials", nargs="+", type=int, default=[100, 1000, 5000], help="settled trials (100 1000 5000)")
    add("--parallelism", nargs="+", type=int, default=[1, 16], help="trials in flight (1 16)")
    add("--proposals", type=int, default=50, help="proposals that are measured (50)")
    options = parser.parse_args()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine_facts(),
        "proposals": options.proposals,
        "rows": [
            measured(n, parallelism, proposals=options.proposals)
            for n, parallelism in product(options.trials, options.parallelism)
        ],
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


if __name__ == "__main__":
    main()
