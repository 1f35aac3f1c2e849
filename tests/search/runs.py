"""Whole searches without a database: what a trial comes to follows from its parameters and number."""

import dataclasses

import numpy as np
from hypothesis import strategies as st

from hpsearch.search import History, SearchPlan, TrialState
from hpsearch.study_file import SearchSpec

N = 40

rounds = st.sampled_from([(), (1,), (6, 5), (10, 4, 6), (60,)])


@st.composite
def studies(draw, make_spec):
    """Return a study of few trials, its rounds and parallelism drawn."""
    return make_spec(
        seed=draw(st.integers(0, 2**53)),
        parallelism=draw(st.integers(1, 12)),
        search=SearchSpec(rounds=draw(rounds)),
    )


def propose(spec, history, number):
    """Return what a plan without a memory proposes."""
    return SearchPlan(spec).propose(history, number)


def world(internal, number):
    """Return what comes of a trial: a state, a value and a curve, from its parameters and number alone."""
    value = float(np.exp(-((np.log10(internal[0]) + 2.5) ** 2)) * (1 - internal[1] ** 2))
    state = (TrialState.COMPLETE, TrialState.COMPLETE, TrialState.PRUNED, TrialState.COMPLETE)[number % 4]
    if number % 11 == 7:
        return TrialState.FAILED, np.nan, [np.nan] * 3
    return state, value, [value / 3, value / 2, value if state is TrialState.COMPLETE else np.nan]


def settled(history, number):
    """Return the history with trial ``number`` settled."""
    state, value, curve = world(history.internal[number], number)
    states, values = history.states.copy(), history.values.copy()
    curves = np.full((len(history), 3), np.nan)
    curves[:, : history.curves.shape[1]] = history.curves
    states[number], values[number], curves[number] = state, value, curve
    return dataclasses.replace(history, states=states, values=values, curves=curves)


def search(spec, *, order, batch, resume_every):
    """Run a whole search, as workers would; return its history.

    Args:
        spec: The study.
        order: Seed of the order in which running trials finish.
        batch: Most trials that are proposed at a time.
        resume_every: After so many proposals the process starts anew.
    """
    rng = np.random.default_rng(order)
    history, plan = History.empty(len(spec.space)), SearchPlan(spec)
    while history.settled_prefix < spec.trials:
        horizon = min(spec.trials, history.settled_prefix + spec.parallelism, len(history) + batch)
        while len(history) < horizon:
            if resume_every and len(history) % resume_every == 0:
                plan = SearchPlan(spec)
            proposal = plan.propose(history, len(history))
            history = history.with_pending(proposal.internal)
        running = np.flatnonzero(history.states == TrialState.RUNNING)
        for number in rng.permutation(running)[: rng.integers(1, len(running) + 1)]:
            history = settled(history, int(number))
    return history
