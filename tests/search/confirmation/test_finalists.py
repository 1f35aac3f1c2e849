import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import Candidate, History, TrialState, ranking, winner
from hpsearch.search.confirmation.finalists import finalists, near
from hpsearch.search.confirmation.shrinkage import shrunken
from hpsearch.search.confirmation.smoothing import smoothed
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import ConfirmSpec

C, P, F, R = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED, TrialState.RUNNING


SPACE = Space((FloatParameter(name="x", low=0.0, high=100.0),))


def test_equals_are_told_apart_by_number(make_history):
    """With few results the values rank, then the lower number; only complete trials."""
    history = make_history(
        [0.8, 0.9, 0.9, 0.95, None, 0.9, None],
        states=[C, C, C, P, F, C, R],
        curves=[[0.8], [0.9], [0.9], [0.95], [], [0.9], [0.99]],
    )
    assert ranking(SPACE, history).tolist() == [1, 2, 5, 0]


def test_equals_as_smoothed_are_told_apart_by_their_values(make_history):
    """Trials of one place have one estimate: the higher value comes first, then the lower number."""
    x = [10.0, 50.0, 90.0, 50.0, 50.0, 20.0, 80.0, 50.0]
    history = make_history([0.1, 0.7, 0.2, 0.9, 0.8, 0.3, 0.3, 0.9], internal=np.array(x)[:, None])
    assert len(set(smoothed(SPACE, history)[[1, 3, 4, 7]])) == 1
    assert ranking(SPACE, history).tolist()[:4] == [3, 7, 4, 1]


@given(data=st.data())
def test_the_ranking_holds_every_complete_trial_once_best_first(data, mixed_space, histories):
    """It is a permutation of the complete trials along which smoothed values never rise."""
    history = data.draw(histories(mixed_space, n=(0, 30)))
    order = ranking(mixed_space, history)
    assert sorted(order) == history.complete.tolist()
    assert (np.diff(smoothed(mixed_space, history)[order]) <= 0).all()


def test_a_lucky_value_among_poor_ones_is_no_finalist(make_history):
    """The highest value stands alone at 80; those around 30 are good again and again."""
    x = np.concatenate([np.linspace(25, 35, 9), np.linspace(50, 100, 11)])
    values = np.concatenate([0.8 + 0.02 * np.cos(np.arange(9)), 0.5 + 0.02 * np.cos(np.arange(11))])
    values[15] = 0.85
    history = make_history(values, internal=x[:, None])
    assert values.argmax() == 15
    assert 15 not in finalists(ConfirmSpec(top=5), SPACE, history)
    best = winner((), SPACE, history, None)
    assert (best.number, best.seeds) == (ranking(SPACE, history)[0], 0)
    assert best.value == best.mean == values[best.number]


def test_the_best_value_of_a_function_is_a_finalist_and_wins_without_a_race(make_history):
    """The best as measured and the best as smoothed take turns: a narrow top is not smoothed away."""
    x = np.linspace(2.5, 97.5, 20)
    values = -((x - 30.0) ** 2) / 1000
    values[16] = 0.5
    history = make_history(values, internal=x[:, None])
    assert 16 not in finalists(ConfirmSpec(top=4), SPACE, history)
    chosen = finalists(ConfirmSpec(top=4), SPACE, history, by_values=True)
    assert (chosen[0], len(set(chosen))) == (16, 4)
    assert ranking(SPACE, history)[0] in chosen
    assert winner((), SPACE, history, None, by_values=True).number == 16


@given(data=st.data())
def test_finalists_have_parameters_of_their_own(data, make_history):
    """No two finalists have equal parameters; each is the best of its like."""
    values = data.draw(st.lists(st.sampled_from([0.1, 0.2, 0.3]), min_size=0, max_size=12))
    kinds = data.draw(st.lists(st.integers(0, 3), min_size=len(values), max_size=len(values)))
    history = make_history(values, internal=np.array(kinds, float).reshape(-1, 1))
    top = data.draw(st.integers(0, 5))
    chosen = finalists(ConfirmSpec(top=top), SPACE, history)
    assert len(chosen) == min(top, len(set(kinds)))
    assert len({kinds[n] for n in chosen}) == len(chosen)
    rank = {int(n): place for place, n in enumerate(ranking(SPACE, history))}
    assert sorted(chosen, key=rank.__getitem__) == list(chosen)
    for number in chosen:
        assert rank[number] == min(rank[n] for n in rank if kinds[n] == kinds[number])


@pytest.fixture(scope="session")
def search(make_history):
    """Return a settled search whose best three are trials 2, 0 and 3; trial ``i`` has the parameter ``i``."""
    return make_history([0.8, 0.5, 0.9, 0.7, None], states=[C, C, C, C, F])


def trial(number):
    """Return a finalist of that search."""
    return Candidate(internal=(float(number),), number=number)


TWO = (trial(2), trial(0))
NEW = Candidate(internal=(9.0,), default=True)
"""A declared default that no trial had."""


@pytest.fixture(scope="session")
def raced(make_history):
    """Return a function from the accuracies of each candidate, by its parameter, to a history of runs."""

    def raced(**runs):
        pairs = [(float(name[1:]), value) for name, values in runs.items() for value in values]
        return make_history(
            [value for _, value in pairs],
            states=[F if value is None else C for _, value in pairs],
            internal=[[internal] for internal, _ in pairs],
        )

    return raced


def test_the_mean_is_the_measured_one_and_the_estimate_the_shrunken_one(search, raced):
    """By hand: y = .80, .70, .72 of two runs each, v = .001: the estimates of the example below."""
    d = 0.001**0.5
    runs = raced(**{f"p{n}": [y - d, y + d] for n, y in ((2, 0.80), (0, 0.70), (3, 0.72))})
    best = winner((*TWO, trial(3)), SPACE, search, runs)
    assert (best.number, best.seeds, best.interval) == (2, 2, None)
    assert (best.mean, best.estimate) == (pytest.approx(0.80), pytest.approx(0.74 + 0.06 * 9 / 14))


def test_one_fresh_seed_gives_no_interval(search, raced):
    """One run says nothing of the spread: nothing is shrunken, and only equals are tied."""
    best = winner(TWO, SPACE, search, raced(p2=[0.6], p0=[0.7]))
    assert (best.number, best.mean, best.interval, best.tied) == (0, 0.7, None, ())
    assert winner(TWO, SPACE, search, raced(p2=[0.6], p0=[0.6])).tied == (TWO[1].label,)


def test_a_confirming_run_that_failed_counts_as_zero(search, raced):
    """A finalist that fails on one seed of two loses to one that is steady; equals go to the better."""
    best = winner(TWO, SPACE, search, raced(p2=[0.99, None], p0=[0.5, 0.6]))
    assert best.number == 0
    assert winner(TWO, SPACE, search, raced(p2=[0.5, 0.5], p0=[0.5, 0.5])).number == 2
    lost = winner(TWO, SPACE, search, raced(p2=[None, None], p0=[None, None]))
    assert (lost.number, lost.mean) == (2, 0.0)


def test_without_confirmation_the_best_as_measured_wins(search):
    """It has no interval; a search without a complete trial has no winner."""
    best = winner((), SPACE, search, None)
    assert (best.number, best.value, best.seeds, best.mean, best.interval) == (2, 0.9, 0, 0.9, None)
    assert winner(TWO, SPACE, search, History.empty(1)) == best


def test_a_search_without_a_complete_trial_has_no_winner(make_history):
    """A stopped trial is none, with a race or without."""
    failed = make_history([None, 0.9], states=[F, P])
    assert winner((), SPACE, failed, None) is None
    assert winner((), SPACE, failed, History.empty(1)) is None


def test_means_are_drawn_together_as_their_noise_says():
    """By hand: y = .80, .70, .72 and v = .001 give Q = 5.6, tau^2 = 3.6 / 2000, a factor of 9 / 14."""
    found = shrunken(np.array([0.80, 0.70, 0.72]), np.full(3, 0.001))
    assert found == pytest.approx([0.74 + 0.06 * 9 / 14, 0.74 - 0.04 * 9 / 14, 0.74 - 0.02 * 9 / 14])


def test_few_runs_are_drawn_further_than_many():
    """By hand: y = .9, .6 and v = .01, .0025 give tau^2 = 6.2 / 160, m = .7375, factors .7949 and .9394."""
    found = shrunken(np.array([0.9, 0.6]), np.array([0.01, 0.0025]))
    assert found == pytest.approx([0.866667, 0.608333], abs=1e-6)


def test_differences_that_noise_explains_are_none():
    """Q below its expectation: tau is 0, and all are the mean weighted by their runs."""
    found = shrunken(np.array([0.9, 0.8]), np.array([0.01, 0.0025]))
    assert found.tolist() == pytest.approx([0.82, 0.82])
    assert found[0] == found[1]


@given(data=st.data())
def test_shrinking_keeps_means_between_the_extremes(data):
    """No mean leaves the range of all means; equal numbers of runs keep their order."""
    n = data.draw(st.integers(1, 8))
    means = np.array(data.draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    variances = np.array(data.draw(st.lists(st.floats(1e-6, 0.1), min_size=n, max_size=n)))
    found = shrunken(means, variances)
    assert (found >= means.min() - 1e-12).all()
    assert (found <= means.max() + 1e-12).all()
    same = shrunken(means, np.full(n, variances[0]))
    order = np.argsort(means, kind="stable")
    assert (np.diff(same[order]) >= -1e-12).all()
    assert shrunken(means, np.zeros(n)) is means


def test_luck_on_few_runs_does_not_win(search, raced):
    """The highest mean stands on two runs; one nearly as high on ten runs is more likely to be the best."""
    many = [0.86, 0.90, 0.87, 0.89, 0.88, 0.88, 0.91, 0.85, 0.89, 0.87]
    runs = raced(p2=[0.8605, 0.9005], p0=many, p3=[value - 0.04 for value in many])
    best = winner((*TWO, trial(3)), SPACE, search, runs)
    assert best.number == 0
    assert np.mean([0.8605, 0.9005]) > best.mean == pytest.approx(np.mean(many))
    assert best.estimate < best.mean
    assert best.tied == (TWO[0].label,)


def test_where_nothing_tells_them_apart_evidence_wins(search, raced):
    """All shrunken means are equal: the one that lies the most above them in standard errors wins."""
    best = winner(TWO, SPACE, search, raced(p2=[0.6, 0.8], p0=[0.7, 0.9]))
    assert (best.number, best.tied) == (0, (TWO[0].label,))
    assert (best.mean, best.estimate) == (pytest.approx(0.8), pytest.approx(0.75))


def test_who_is_tied_by_hand(search, raced):
    """s^2 = 2e-4, two degrees of freedom, t = 4.3027: two means of two runs may differ by .0608."""

    def tied(mean):
        runs = raced(p2=[0.79, 0.81], p0=[mean - 0.01, mean + 0.01])
        return winner(TWO, SPACE, search, runs).tied

    assert tied(0.7393) == (TWO[1].label,)
    assert tied(0.7391) == ()


def test_a_default_that_is_plainly_worse_says_nothing_of_the_others(search, raced):
    """It is out: it neither keeps the others apart nor is drawn towards them, and its mean is reported."""
    runs = {"p2": [0.80, 0.82, 0.81], "p0": [0.81, 0.79, 0.82]}
    alone = winner(TWO, SPACE, search, raced(**runs))
    best = winner((*TWO, NEW), SPACE, search, raced(**runs, p9=[0.20, 0.22, 0.18]))
    assert best.number == alone.number
    assert (best.mean, best.estimate) == (alone.mean, pytest.approx(alone.estimate))
    assert (best.tied, best.default_mean) == ((TWO[1].label,), pytest.approx(0.20))


def test_the_default_may_win(search, raced):
    """It has no number and no value in the search; the candidates tied with it are reported."""
    best = winner((*TWO, NEW), SPACE, search, raced(p2=[0.5, 0.51], p0=[0.70, 0.71], p9=[0.71, 0.72]))
    assert (best.number, best.default, best.value, best.tied) == (NEW.number, True, None, (TWO[1].label,))
    assert best.default_mean == best.mean


def test_many_candidates_are_tied_in_a_wider_margin_than_two(search, raced):
    """By hand: six of two runs, s^2 = 2e-4, six degrees of freedom, q = 5.6284: means may differ by .0563."""

    def tied(mean):
        runs = {f"p{n}": [0.79, 0.81] for n in (2, 3, 4, 5, 6)}
        field = [trial(n) for n in (2, 3, 4, 5, 6, 7)]
        return winner(field, SPACE, search, raced(**runs, p7=[mean - 0.01, mean + 0.01])).tied

    assert tied(0.7438)[-1] == 7
    assert tied(0.7436) == (3, 4, 5, 6)


def test_a_noisy_candidate_is_tied_in_a_margin_of_its_own(search, raced):
    """The pooled deviation is .0144, the noisy one's own .0283: with that the difference may be .0965."""
    runs = raced(p2=[0.798, 0.802], p0=[0.70, 0.74], p3=[0.796, 0.80])
    assert winner((*TWO, trial(3)), SPACE, search, runs).tied == (0, 3)


def test_the_candidates_near_the_winner_are_chosen_by_students_t(search, raced):
    """Their runs join the ensemble; fewer candidates are near it than are tied with it."""
    runs = {f"p{n}": [0.79, 0.81] for n in (2, 3, 4, 5, 6)}
    field = [trial(n) for n in (2, 3, 4, 5, 6, 7)]
    history = raced(**runs, p7=[0.75, 0.77])
    assert winner(field, SPACE, search, history).tied == (3, 4, 5, 6, 7)
    assert near(field, history) == (2, 3, 4, 5, 6)
    assert near(field, History.empty(1)) == ()
