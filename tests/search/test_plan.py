import dataclasses

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.search import Candidate, ConfirmPlan, SearchPlan
from hpsearch.search.confirmation.finalists import finalists
from hpsearch.study_file import ConfirmSpec, SearchSpec
from tests.search.runs import N, propose, search, studies


def shaken(history, *, after, seed):
    """Return the history with other results, other states and other curves from number ``after`` on."""
    rng = np.random.default_rng(seed)
    n = len(history)
    states, values, curves = history.states.copy(), history.values.copy(), history.curves.copy()
    late = np.arange(n) >= after
    states[late] = rng.integers(0, 4, late.sum())
    values[late] = rng.uniform(0, 1, late.sum())
    curves[late] = rng.uniform(0, 1, (late.sum(), history.curves.shape[1]))
    return dataclasses.replace(history, states=states, values=values, curves=curves)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_proposal_depends_on_settled_results_alone(data, make_spec, mixed_space, histories):
    """Results numbered above ``n - P`` do not touch trial ``n``, nor do trials from ``n`` on."""
    spec = data.draw(studies(make_spec))
    history = data.draw(histories(mixed_space, n=(N, N), settled=True))
    number = data.draw(st.integers(0, N))
    first = propose(spec, history.up_to(number), number)
    seed = data.draw(st.integers(0, 99))
    other = shaken(history, after=max(0, number - spec.parallelism + 1), seed=seed)
    assert propose(spec, other, number) == first
    assert propose(spec, other.up_to(number), number) == first


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_the_memory_of_a_plan_never_shows(data, make_spec, mixed_space, histories):
    """Asked forwards, backwards, again or with gaps, a plan answers as a fresh one does."""
    spec = data.draw(studies(make_spec))
    history = data.draw(histories(mixed_space, n=(N, N), settled=True))
    plan = SearchPlan(spec)
    for number in data.draw(st.lists(st.integers(0, N), min_size=1, max_size=8)):
        assert plan.propose(history, number) == propose(spec, history, number)


def test_what_was_proposed_ahead_is_forgotten_when_a_trial_was_not_tried_as_proposed(make_spec):
    """A person's parameters take a number: what comes after it must not be what was remembered without."""
    spec = make_spec(trials=30, parallelism=5, search=SearchSpec(rounds=()))
    history = search(spec, order=1, batch=3, resume_every=1).up_to(20)
    expected = history.with_pending(propose(spec, history, 20).internal)
    wishes = [history.with_pending(history.point(n)) for n in range(20)]
    changed = 0
    for wished in wishes:
        plan = SearchPlan(spec)
        before = plan.propose(expected, 21)
        assert plan.propose(wished, 21) == propose(spec, wished, 21)
        assert plan.propose(expected, 21) == before == propose(spec, expected, 21)
        changed += propose(spec, wished, 21) != before
    assert changed > 0


@settings(deadline=None, max_examples=10)
@given(data=st.data())
def test_a_search_is_the_same_in_whatever_order_its_trials_finish(data, make_spec, same):
    """One worker or many, one at a time or in batches, interrupted or not: the same study, bit for bit."""
    spec = make_spec(
        seed=data.draw(st.integers(0, 2**32)),
        trials=36,
        parallelism=data.draw(st.integers(1, 8)),
        search=SearchSpec(rounds=data.draw(st.sampled_from([(), (3,), (14, 8)]))),
    )
    plain = search(spec, order=0, batch=1, resume_every=0)
    other = search(
        spec,
        order=data.draw(st.integers(1, 99)),
        batch=data.draw(st.integers(1, 8)),
        resume_every=data.draw(st.sampled_from([0, 1, 5])),
    )
    assert same(plain, other)


def make_default(spec, internal):
    """Return a study's declared default at internal values."""
    return spec.space.external(tuple(internal))


@given(data=st.data())
def test_finalists_and_the_default_race(data, make_spec, mixed_space, histories):
    """The default comes last, once; a finalist that has its parameters stands for it."""
    history = data.draw(histories(mixed_space, n=(1, 20), settled=True))
    top, seeds = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 4))
    spec = make_spec(confirm=ConfirmSpec(top=top, seeds=seeds), seed=data.draw(st.integers(0, 99)))
    numbers = finalists(spec.confirm, spec.space, history, by_values=True, judged=True)
    plan = ConfirmPlan.of(spec, history)
    assert plan.name == "study.confirm"
    assert plan.candidates == tuple(Candidate(internal=tuple(history.internal[n]), number=n) for n in numbers)
    point = tuple(mixed_space.from_unit(np.full(5, 0.25)))
    with_new = ConfirmPlan.of(make_spec(confirm=spec.confirm, defaults=make_default(spec, point)), history)
    new = (Candidate(internal=point, default=True),) if numbers else ()
    assert with_new.candidates == plan.candidates + new
    assert (with_new.finalists, with_new.trials) == (numbers, (len(numbers) + len(new)) * seeds)
    assert with_new.parallelism == max(1, 2 * (len(numbers) + len(new)))
    assert with_new.limits(history, 0) == {}
    if numbers:
        defaults = make_default(spec, history.internal[numbers[-1]])
        with_old = ConfirmPlan.of(make_spec(confirm=spec.confirm, defaults=defaults), history)
        assert [c.number for c in with_old.candidates] == list(numbers)
        assert [c.default for c in with_old.candidates] == [False] * (len(numbers) - 1) + [True]


@given(seed=st.integers(0, 2**53))
def test_fresh_seeds_are_fresh(make_spec, seed):
    """No confirming run has the seed of a trial or of another run, and no two trials share one."""
    spec = make_spec(seed=seed)
    search, confirm = (
        SearchPlan(spec),
        ConfirmPlan(spec, (Candidate(internal=(2.0,), number=2), Candidate(internal=(0.0,), number=0))),
    )
    seeds = [search.seed(n) for n in range(100)] + [confirm.seed(n) for n in range(100)]
    assert len(set(seeds)) == 200
    assert search.seed(3) == SearchPlan(spec).seed(3)


def test_a_confirming_run_trains_for_longer(make_spec, mixed_space):
    """The finalist's parameters are as the model sees them; epochs change only where the study says so."""
    internal = mixed_space.from_unit(np.full(5, 0.5))
    settings = mixed_space.external(internal)
    spec = make_spec(confirm=ConfirmSpec(epochs=30))
    assert ConfirmPlan(spec, ()).settings(internal) == {**settings, "epochs": 30}
    assert ConfirmPlan(make_spec(), ()).settings(internal) == settings
    assert SearchPlan(spec).settings(internal) == settings


def test_the_search_plan_is_the_study(make_spec):
    """Name, budget and parallelism are the study's own."""
    plan = SearchPlan(make_spec(name="mine", trials=7, parallelism=3))
    assert (plan.name, plan.trials, plan.parallelism) == ("mine", 7, 3)
