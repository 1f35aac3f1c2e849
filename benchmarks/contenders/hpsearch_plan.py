"""The contender hpsearch on a table: its plan as pure functions over a history, without a database.

What it names at a checkpoint stands in ``named``, and nowhere else.
"""

from dataclasses import replace
from functools import cache

import numpy as np
from hpobench import LEVELS, NAMES, Cell, Configuration, Table, checkpoints, load_table, sampler_seed

from hpsearch.portfolio.cover import greedy_cover
from hpsearch.portfolio.start import SIZE
from hpsearch.search import History, SearchPlan, TrialState, ranking
from hpsearch.search.confirmation.incumbent import with_incumbent
from hpsearch.search.confirmation.smoothing import smoothed
from hpsearch.space import IntParameter, Space
from hpsearch.study_file import DataSpec, LearnedStart, SearchSpec, StudySpec
from hpsearch.study_file.build import default_rounds

WORST = 2.0
"""Regrets above it count as this in a portfolio: how badly a configuration fails does not matter."""


def run(
    table: Table, cell_seed: int, *, n_trials: int, parallelism: int, learned: bool = False
) -> dict[int, Configuration]:
    """Search one cell; return checkpoint -> the configuration named there.

    A trial sees the results of the numbers up to ``parallelism`` before its own and no others: the plan
    hides what it may not see by itself (``History.seen_by``).

    Args:
        table: The task.
        cell_seed: The cell's seed.
        n_trials: Trials.
        parallelism: Trials in flight.
        learned: Whether the portfolio of the other tasks' tables comes first.
    """
    spec = study_spec(sampler_seed(table, cell_seed), n_trials=n_trials, parallelism=parallelism)
    if learned:
        spec = replace(spec, search=replace(spec.search, start="learned"), learned=portfolio(table.name))
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
    if spec.learned is not None:
        order = with_incumbent(ranking(spec.space, history), spec.space, history, spec.learned)
        return _configuration(tuple(history.internal[int(order[0])]))
    return _configuration(tuple(history.internal[int(np.nanargmax(smoothed(spec.space, history)))]))


def first_setting(
    table: Table,
    cell_seed: int,  # noqa: ARG001 - no luck is met: nothing is searched
    *,
    n_trials: int,
    parallelism: int,  # noqa: ARG001
) -> dict[int, Configuration]:
    """Name the first setting of the portfolio of the other tasks, without a search."""
    setting = portfolio(table.name).settings[0]
    return dict.fromkeys(checkpoints(n_trials), tuple(int(setting[name]) for name in LEVELS))


@cache
def portfolio(left_out: str) -> LearnedStart:
    """Return the greedy cover of the tables of all tasks except one."""
    tables = [load_table(name) for name in NAMES if name != left_out]
    means = np.stack([table.accuracy.mean(axis=-1).ravel() for table in tables])
    best, middle = means.max(axis=1, keepdims=True), np.median(means, axis=1, keepdims=True)
    order = greedy_cover(np.minimum((best - means) / (best - middle), WORST), size=SIZE)
    places = [np.unravel_index(place, tuple(LEVELS.values())) for place in order]
    settings = tuple(dict(zip(LEVELS, map(int, place), strict=True)) for place in places)
    return LearnedStart(hash="tables", settings=settings)


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
