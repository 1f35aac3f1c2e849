"""Finished studies become a portfolio."""

import numpy as np
import pytest

from hpsearch.portfolio import DataSize, FinishedStudy, PortfolioError, distilled
from hpsearch.portfolio.distillation import UNKNOWN
from hpsearch.search import History, TrialState
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import DataSpec, ObjectiveSpec, StudySpec

LR = FloatParameter(name="lr", low=1e-4, high=1.0, log=True)
DROPOUT = FloatParameter(name="dropout", low=0.0, high=0.6)


def finished(name, best, *parameters, n=30, **changes):
    """Return a study whose value falls with the distance of lr from the best one, in decades."""
    space = Space(parameters or (LR,))
    units = np.random.default_rng(len(name)).random((n, len(space)))
    internal = np.array([space.from_unit(u) for u in units])
    values = np.exp(-(np.log10(internal[:, 0] / best) ** 2))
    spec = StudySpec(
        name=name,
        seed=0,
        trials=n,
        parallelism=1,
        space=space,
        **{"data": DataSpec(source="digits"), "model": {}, **changes},
    )
    states = np.full(n, TrialState.COMPLETE)
    history = History(internal=internal, states=states, values=values, curves=values[:, None])
    return FinishedStudy(spec=spec, history=history, size=DataSize(rows=10))


def test_settings_that_are_good_everywhere_come_first():
    """Three studies want 0.01, one wants 0.3: the first setting is near the three, the next near the one."""
    portfolio = distilled([*(finished("abc"[:k], 0.01) for k in (1, 2, 3)), finished("other", 0.3)])
    first, second = (setting["lr"] for setting in portfolio.settings[:2])
    assert 0.003 < first < 0.03
    assert 0.1 < second < 0.9
    assert [source.name for source in portfolio.sources] == ["a", "ab", "abc", "other"]
    assert portfolio.regrets.min() >= 0
    assert portfolio.regrets[:3, 0].max() < 0.1 < portfolio.regrets[3, 0]
    low, middle, high = portfolio.prior["lr"]
    assert low < middle < 0.03 < high


def test_what_a_study_cannot_judge_is_worth_a_result_in_the_middle():
    """A setting without dropout says nothing of a study that searches it; the reverse is known."""
    portfolio = distilled([finished("one", 0.01), finished("both", 0.01, LR, DROPOUT)])
    for place, setting in enumerate(portfolio.settings):
        one, both = portfolio.regrets[:, place]
        assert one < UNKNOWN
        assert (both == UNKNOWN) == ("dropout" not in setting)


def test_kinds_are_not_mixed_and_few_results_are_refused():
    """A network's settings are none of a function's; of three trials nothing can be learned."""
    with pytest.raises(PortfolioError, match="expected finished studies of one kind, found none"):
        distilled([])
    function = finished("f", 0.01, objective=ObjectiveSpec(call="a:b"))
    with pytest.raises(PortfolioError, match="of one kind, found call and mlp; name some"):
        distilled([finished("one", 0.01), function])
    trees = (
        ObjectiveSpec(estimator=f"sklearn.ensemble.{name}Classifier")
        for name in ("RandomForest", "ExtraTrees")
    )
    with pytest.raises(
        PortfolioError, match=r"found estimator sklearn\.ensemble\.ExtraTreesClassifier and est"
    ):
        distilled([finished("tree", 0.01, objective=objective) for objective in trees])
    with pytest.raises(PortfolioError, match="'few': expected at least 8 complete trials, found 3"):
        distilled([finished("few", 0.01, n=3)])
