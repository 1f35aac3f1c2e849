import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import ConfirmPlan, History, SearchPlan, TrialState, finalists, ranking, winner
from hpsearch.spec import ConfirmSpec

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


def test_ties_are_told_apart_by_the_end_of_the_curve_and_then_by_number(make_history):
    """Value first, then the mean of the last three epochs, then the lower number; only complete trials."""
    history = make_history(
        [0.8, 0.9, 0.9, 0.9, 0.95, None, 0.9, None],
        states=[C, C, C, C, P, F, C, R],
        curves=[
            [0.8, 0.8, 0.8, 0.8],
            [0.9, 0.5, 0.6, 0.9],
            [0.0, 0.7, 0.8, 0.9],
            [0.9, 0.5, 0.6, 0.9],
            [0.95],
            [],
            [0.9],
            [0.99],
        ],
    )
    # Tails: trial 6 has .9, trial 2 .8, trials 1 and 3 the same.
    assert ranking(history).tolist() == [6, 2, 1, 3, 0]


@given(data=st.data())
def test_the_ranking_holds_every_complete_trial_once_best_first(data, mixed_space, histories):
    """It is a permutation of the complete trials along which values never rise."""
    history = data.draw(histories(mixed_space, n=(0, 30)))
    order = ranking(history)
    assert sorted(order) == history.complete.tolist()
    assert (np.diff(history.values[order]) <= 0).all()


@given(data=st.data())
def test_finalists_have_parameters_of_their_own(data, make_history):
    """No two finalists have equal parameters; each is the best of its like."""
    values = data.draw(st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=0, max_size=12))
    kinds = data.draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    history = make_history(values, internal=np.array(kinds, float).reshape(-1, 1))
    top = data.draw(st.integers(0, 5))
    chosen = finalists(ConfirmSpec(top=top), history)
    assert len(chosen) == min(top, len(set(kinds)))
    assert len({kinds[n] for n in chosen}) == len(chosen)
    rank = {int(n): place for place, n in enumerate(ranking(history))}
    assert sorted(chosen, key=rank.__getitem__) == list(chosen)
    for number in chosen:
        assert rank[number] == min(rank[n] for n in rank if kinds[n] == kinds[number])


ROWS = 100


@pytest.fixture(scope="session")
def search(make_history):
    """Return a settled search whose best three are trials 2, 0 and 3."""
    return make_history([0.8, 0.5, 0.9, 0.7, None], states=[C, C, C, C, F])


def test_with_rows_without_end_the_interval_is_students(search, make_history):
    """Five runs: the mean and 2.7764 (Student, 4 degrees of freedom) standard errors on each side."""
    confirm = ConfirmSpec(top=2, seeds=5)
    runs = make_history([0.5, 0.6, 0.7, 0.6, 0.6, 0.70, 0.72, 0.74, 0.76, 0.78])
    best = winner(confirm, search, runs, rows=10**12)
    assert (best.number, best.value) == (0, 0.8)
    assert best.mean == pytest.approx(0.74)
    # s^2 = (.04^2 + .02^2 + 0 + .02^2 + .04^2) / 4 = .001; half = 2.7764451 * sqrt(.001 / 5).
    half = 2.7764451052 * (0.001 / 5) ** 0.5
    assert best.interval == pytest.approx((0.74 - half, 0.74 + half))


def test_few_rows_widen_the_interval(search, make_history):
    """By hand: Wilson's 0.731123 +- 0.084832 on 100 rows, and Student's 0.039265 in squares."""
    confirm = ConfirmSpec(top=1, seeds=5)
    best = winner(confirm, search, make_history([0.70, 0.72, 0.74, 0.76, 0.78]), rows=100)
    half = (0.084832**2 + 0.039265**2) ** 0.5
    assert best.interval == pytest.approx((0.731123 - half, 0.731123 + half), abs=1e-5)


def test_runs_without_a_mistake_are_no_certainty(search, make_history):
    """36 right answers of 36, five times: Wilson's lower end is n / (n + z^2)."""
    best = winner(ConfirmSpec(top=1, seeds=5), search, make_history([1.0] * 5), rows=36)
    assert best.interval == pytest.approx((36 / (36 + 1.959964**2), 1.0))


def test_the_interval_stays_between_zero_and_one(search, make_history):
    """An accuracy cannot leave 0..1."""
    best = winner(ConfirmSpec(top=1, seeds=2), search, make_history([0.2, 1.0]), rows=ROWS)
    assert best.mean == pytest.approx(0.6)
    assert best.interval == (0.0, 1.0)


def test_one_fresh_seed_gives_no_interval(search, make_history):
    """One run says nothing of the spread."""
    best = winner(ConfirmSpec(top=2, seeds=1), search, make_history([0.6, 0.7]), rows=ROWS)
    assert (best.number, best.mean, best.interval) == (0, 0.7, None)


def test_a_confirming_run_that_failed_counts_as_zero(search, make_history):
    """A finalist that fails on one seed of two loses to one that is steady; equal means go to the better."""
    confirm = ConfirmSpec(top=2, seeds=2)
    runs = make_history([0.99, None, 0.5, 0.6], states=[C, F, C, C])
    best = winner(confirm, search, runs, rows=ROWS)
    assert (best.number, best.mean) == (0, pytest.approx(0.55))
    equal = make_history([0.5, 0.5, 0.5, 0.5])
    assert winner(confirm, search, equal, rows=ROWS).number == 2
    lost = make_history([None] * 4, states=[F] * 4)
    assert (
        winner(confirm, search, lost, rows=ROWS).number,
        winner(confirm, search, lost, rows=ROWS).mean,
    ) == (2, 0.0)


def test_without_confirmation_the_best_as_measured_wins(search, make_history):
    """It has no interval; a search without a complete trial has no winner."""
    best = winner(ConfirmSpec(top=0), search, None, rows=ROWS)
    assert (best.number, best.value, best.mean, best.interval) == (2, 0.9, 0.9, None)
    assert winner(ConfirmSpec(top=0), search, History.empty(1), rows=ROWS) == best
    failed = make_history([None, 0.9], states=[F, P])
    assert winner(ConfirmSpec(), failed, None, rows=ROWS) is None
    assert winner(ConfirmSpec(), failed, History.empty(1), rows=ROWS) is None


@given(data=st.data())
def test_confirming_runs_go_through_finalists_and_seeds(data, make_spec, mixed_space, histories):
    """Run ``k`` is finalist ``k // seeds``, whatever the history; the companion has every pair once."""
    history = data.draw(histories(mixed_space, n=(1, 20), settled=True))
    top, seeds = data.draw(st.integers(0, 4)), data.draw(st.integers(1, 4))
    spec = make_spec(confirm=ConfirmSpec(top=top, seeds=seeds), seed=data.draw(st.integers(0, 99)))
    plan = ConfirmPlan.of(spec, history)
    assert plan.name == "study.confirm"
    assert plan.finalists == finalists(spec.confirm, history)
    assert plan.trials == len(plan.finalists) * seeds
    assert plan.parallelism == max(1, plan.trials)
    for number in range(plan.trials):
        proposal = plan.propose(History.empty(len(mixed_space)), number)
        finalist = plan.finalists[number // seeds]
        assert proposal.internal == tuple(history.internal[finalist])
        assert (proposal.number, proposal.stage, proposal.opens) == (number, "confirm", None)
        assert plan.limits(history, number) == {}


@given(seed=st.integers(0, 2**53))
def test_fresh_seeds_are_fresh(make_spec, seed):
    """No confirming run has the seed of a trial or of another run, and no two trials share one."""
    spec = make_spec(seed=seed)
    search, confirm = SearchPlan(spec), ConfirmPlan(spec, (0,), ((0.0,),))
    seeds = [search.seed(n) for n in range(100)] + [confirm.seed(n) for n in range(100)]
    assert len(set(seeds)) == 200
    assert search.seed(3) == SearchPlan(spec).seed(3)


def test_a_confirming_run_trains_for_longer(make_spec, mixed_space):
    """The finalist's parameters are as the model sees them; epochs change only where the study says so."""
    internal = mixed_space.from_unit(np.full(5, 0.5))
    settings = mixed_space.external(internal)
    spec = make_spec(confirm=ConfirmSpec(epochs=30))
    assert ConfirmPlan(spec, (), ()).settings(internal) == {**settings, "epochs": 30}
    assert ConfirmPlan(make_spec(), (), ()).settings(internal) == settings
    assert SearchPlan(spec).settings(internal) == settings


def test_the_search_plan_is_the_study(make_spec):
    """Name, budget and parallelism are the study's own."""
    plan = SearchPlan(make_spec(name="mine", trials=7, parallelism=3))
    assert (plan.name, plan.trials, plan.parallelism) == ("mine", 7, 3)
