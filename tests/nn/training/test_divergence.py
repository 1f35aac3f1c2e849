"""The rule by which a training is called diverged."""

import numpy as np
import pytest
from numpy.testing import assert_equal
from sklearn.datasets import load_digits

from hpsearch.metrics import METRICS
from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.training.divergence import LOSS_ALONE, PRESENT_RULE, constant_score


def test_a_lane_whose_loss_has_grown_goes_on_while_it_predicts():
    """At high rates of AdaGrad the first epochs' loss is many times the first batch's, and most lanes learn.

    The loss alone, the rule of version 1, would end three of four of those that reach 0.8.
    """
    X, y = load_digits(return_X_y=True)
    rows = (X / 16).astype(np.float32)
    data = TrainingData(X=rows[:1200], y=y[:1200], X_val=rows[1200:], y_val=y[1200:], n_classes=10)
    configs = [MLPConfig(hidden=(64, 64), optimizer="adagrad", lr=float(r)) for r in np.logspace(-1, 1, 16)]
    alone, both = (
        StackTrainer(configs, data=data, seeds=range(16), divergence=rule)
        for rule in (LOSS_ALONE, PRESENT_RULE)
    )
    for _ in range(15):
        alone.run_epoch()
        result = both.run_epoch()
    good = [lane for lane, share in zip(result.lanes, result.score, strict=True) if share >= 0.8]
    assert len(good) >= 4
    assert len(set(good) - set(alone.lanes)) >= len(good) / 2


@pytest.mark.parametrize(
    ("metric", "y", "constant"),
    [
        ("accuracy", np.array([0, 1, 1, 2]), 0.5),
        ("log_loss", np.array([0, 1, 0, 1]), np.log(0.5)),
        ("r2", np.array([[1.0], [2.0]]), 0.0),
        ("mae", np.array([[1.0], [2.0]]), -0.5),
        ("accuracy", np.empty(0, np.int64), np.nan),
    ],
)
def test_the_score_of_a_constant(metric, y, constant):
    """The best constant prediction is the shares of the classes, or the mean; less is better turned round."""
    assert_equal(constant_score(y, METRICS[metric], n_classes=3 if metric == "accuracy" else 2), constant)
