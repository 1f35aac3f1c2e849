"""The contender hpsearch on a table: its plan as pure functions over a history, without a database.

What it names at a checkpoint stands in ``named``, and nowhere else.
"""

import numpy as np
from hpobench import LEVELS, Cell, Configuration, Table, checkpoints, sampler_seed

from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.search.confirmation.smoothing import smoothed
from hpsearch.space import IntParameter, Space
from hpsearch.study_file import DataSpec, SearchSpec, StudySpec
from hpsearch.study_file.build import default_rounds


def run(table: Table, cell_seed: int, *, n_trials: int, parallelism: int) -> dict[int, Configuration]:
    """Search one cell; return checkpoint -> the configuration named there.

    A trial sees the results of the numbers up to ``parallelism`` before its own and no others: the plan
    hides what it may not see by itself (``History.seen_by``).
    """
    spec = study_spec(sampler_seed(table, cell_seed), n_trials=n_trials, parallelism=parallelism)
    plan, cell = SearchPlan(spec), Cell(table, cell_seed, n_trials)
    history = History.empty(len(spec.space))
    for number in range(n_trials):
        internal = plan.propose(history, number).internal
        value = cell.look(_configuration(internal))
        history = history.followed_by(_settled(internal, value))
    return {c: named(spec, history.up_to(c)) for c in checkpoints(n_trials)}


def named(spec: StudySpec, history: History) -> Configuration:
    """Return the configuration that a search names: the best one as smoothed.

    That is the first finalist; no trial is spent on confirming it.
    """
    return _configuration(tuple(history.internal[int(np.nanargmax(smoothed(spec.space, history)))]))


def study_spec(seed: int, *, n_trials: int, parallelism: int) -> StudySpec:
    """Return the study of one cell; its data and model are never looked at."""
    return StudySpec(
        name="table",
        seed=seed,
        trials=n_trials,
        parallelism=parallelism,
        data=DataSpec(source="digits"),
        model={},
        space=Space(tuple(IntParameter(name=name, low=0, high=n - 1) for name, n in LEVELS.items())),
        search=SearchSpec(rounds=default_rounds(n_trials, parallelism)),
    )


def _configuration(internal: tuple[float, ...]) -> Configuration:
    return tuple(int(index) for index in internal)


def _settled(internal: tuple[float, ...], value: float) -> History:
    """Return the history of one complete trial with a curve of one epoch."""
    return History(
        internal=np.array([internal]),
        states=np.array([TrialState.COMPLETE]),
        values=np.array([value]),
        curves=np.array([[value]]),
    )
