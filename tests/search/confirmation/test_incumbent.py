"""The first setting of a portfolio leads the ranking unless another trial is clearly better."""

import numpy as np
import pytest

from hpsearch.search import TrialState, ranking
from hpsearch.search.confirmation.finalists import finalists
from hpsearch.search.confirmation.incumbent import CERTAIN, with_incumbent
from hpsearch.search.confirmation.smoothing import predicted, smoothed, surer
from hpsearch.search.plan import ConfirmPlan
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import ConfirmSpec, LearnedStart

SPACE = Space((FloatParameter(name="x", low=0.0, high=100.0),))
LEARNED = LearnedStart(hash="abc", settings=({"x": 40.0}, {"x": 70.0}))
X = np.array([40.0, 70.0, *np.linspace(2, 98, 14)])[:, None]


def led(history):
    """Return the ranking of a history with the first setting of ``LEARNED``."""
    return with_incumbent(ranking(SPACE, history), SPACE, history, LEARNED)


def test_the_first_setting_leads_where_noise_decides(make_history):
    """Values without any order rank the first setting low, and it leads all the same."""
    values = np.random.default_rng(3).normal(0.8, 0.02, len(X))
    values[0] = values[1:].min()
    history = make_history(values, internal=X)
    assert ranking(SPACE, history)[0] != 0
    assert led(history)[0] == 0
    assert sorted(led(history)) == list(range(len(X)))
    for by_values in (False, True):
        one = ConfirmSpec(top=1)
        assert finalists(one, SPACE, history, learned=LEARNED, by_values=by_values) == (0,)


def test_a_clearly_better_trial_leads_and_the_first_setting_is_next(make_history):
    """A smooth slope leaves no doubt that the other end is better: the first setting still races."""
    history = make_history(X[:, 0] / 100, internal=X)
    order = led(history)
    assert X[order[0], 0] == 98
    assert order[1] == 0
    assert 0 in finalists(ConfirmSpec(top=2), SPACE, history, learned=LEARNED)


def test_without_a_portfolio_the_ranking_stays(make_history):
    """No study that has none is ranked in another way, and so with a first setting that failed."""
    values = np.random.default_rng(4).normal(0.8, 0.02, len(X))
    history = make_history(values, internal=X)
    order = ranking(SPACE, history)
    for none in (None, LearnedStart(hash="abc"), LearnedStart(hash="abc", settings=({"x": 41.0},))):
        assert with_incumbent(order, SPACE, history, none).tolist() == order.tolist()
    states = [TrialState.FAILED, *[TrialState.COMPLETE] * (len(X) - 1)]
    failed = make_history([None, *values[1:]], internal=X, states=states)
    assert led(failed).tolist() == ranking(SPACE, failed).tolist()


def test_no_trial_at_all_is_no_error(make_history):
    """An empty history has an empty ranking."""
    assert led(make_history([], internal=np.empty((0, 1)))).tolist() == []


def test_the_declared_default_races_beside_the_first_setting(make_spec, make_history):
    """The candidates of a learned search hold both: neither is lost to noise."""
    spec = make_spec(space=SPACE, defaults={"x": 55.0}, learned=LEARNED, confirm=ConfirmSpec(top=2))
    values = np.random.default_rng(3).normal(0.8, 0.02, len(X))
    plan = ConfirmPlan.of(spec, make_history(values, internal=X))
    assert (40.0,) in [candidate.internal for candidate in plan.candidates]
    assert plan.candidates[-1].default
    assert plan.candidates[-1].internal == (55.0,)


@pytest.mark.parametrize("n", [0, 7])
def test_few_results_are_no_evidence(make_history, n):
    """Of fewer than eight results none is surely better."""
    history = make_history(np.arange(n, dtype=float), internal=X[:n])
    assert (surer(SPACE, history, than=0) == 0).all()


def test_the_probability_of_being_better_is_half_at_a_twin_and_none_at_itself(make_history):
    """A second trial of the same parameters is better or worse with equal right."""
    x = np.concatenate([X, X[:1]])
    history = make_history(np.sin(x[:, 0] / 20), internal=x)
    found = surer(SPACE, history, than=0)
    assert found[0] == 0
    assert found[-1] == pytest.approx(0.5)
    assert ((found >= 0) & (found <= 1)).all()
    assert (found > CERTAIN).any()


def test_the_process_predicts_at_its_own_trials_what_it_smooths(make_history):
    """At the points of trials the prediction is the smoothed estimate."""
    history = make_history(np.sin(X[:, 0] / 20), internal=X)
    assert predicted(SPACE, history, X) == pytest.approx(smoothed(SPACE, history), abs=1e-8)
