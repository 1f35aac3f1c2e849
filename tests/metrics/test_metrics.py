"""Every metric against scikit-learn's, alone and over lanes."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from hpsearch.metrics import METRICS, PredictionKind

SKLEARN = {
    "accuracy": sk.accuracy_score,
    "balanced_accuracy": sk.balanced_accuracy_score,
    "f1": lambda y, p: sk.f1_score(y, p, average="macro", zero_division=0),
    "log_loss": lambda y, p: sk.log_loss(y, p, labels=np.arange(p.shape[1])),
    "roc_auc": lambda y, p: (
        sk.roc_auc_score(y, p[:, 1]) if p.shape[1] == 2 else sk.roc_auc_score(y, p, multi_class="ovr")
    ),
    "r2": sk.r2_score,
    "rmse": sk.root_mean_squared_error,
    "mae": sk.mean_absolute_error,
}


def cases(metric, seed, *, n=60, lanes=3, n_classes=3):
    """Return the truth of rows, and what some lanes predict of them; every class occurs."""
    rng = np.random.default_rng(seed)
    if metric.takes is PredictionKind.VALUES:
        truth = rng.normal(3, 2, (n, 1 + seed % 2))
        return truth, truth + rng.normal(0, 1, (lanes, *truth.shape))
    truth = rng.permutation(np.concatenate([np.arange(n_classes), rng.integers(0, n_classes, n - n_classes)]))
    if metric.takes is PredictionKind.LABELS:
        return truth, np.where(rng.random((lanes, n)) < 0.6, truth, rng.integers(0, n_classes, (lanes, n)))
    # Rounded numbers tie now and then.
    logits = rng.normal(0, 1, (lanes, n, n_classes)).round(1) + (np.arange(n_classes) == truth[:, None])
    P = np.exp(logits)
    return truth, P / P.sum(axis=2, keepdims=True)


@pytest.mark.parametrize("name", METRICS)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**6), n_classes=st.integers(2, 6))
def test_a_metric_is_scikit_learn_s(name, seed, n_classes):
    """The difference is below 1e-12, for two and more classes, one and two outputs."""
    truth, predicted = cases(METRICS[name], seed, n_classes=n_classes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = [SKLEARN[name](truth, lane) for lane in predicted]
    found = METRICS[name].over_lanes(truth, predicted)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", METRICS)
def test_a_lane_has_the_bits_that_it_has_alone(name):
    """A value does not depend on the other lanes."""
    truth, predicted = cases(METRICS[name], 1, n=1000, lanes=16)
    together = METRICS[name].over_lanes(truth, predicted)
    alone = [METRICS[name].over_lanes(truth, predicted[lane : lane + 1])[0] for lane in range(16)]
    assert together.tolist() == alone


@pytest.mark.parametrize("name", METRICS)
@pytest.mark.parametrize("seed", [0, 1])
def test_the_parts_of_the_rows(name, seed):
    """Their mean is the value, and a row that counts twice moves the value by its part to first order."""
    metric = METRICS[name]
    truth, (predicted,) = cases(metric, seed, n=400, lanes=1)
    parts = metric.parts(truth, predicted)
    value = metric.of(truth, predicted)
    assert parts.shape == (400,)
    assert parts.mean() == pytest.approx(value, abs=1e-12)
    rows = [0, 5, 10, 50, 399]
    moved = [
        metric.of(np.append(truth, truth[[r]], axis=0), np.append(predicted, predicted[[r]], axis=0))
        for r in rows
    ]
    np.testing.assert_allclose((np.array(moved) - value) * 401, parts[rows] - value, atol=0.1)


@pytest.mark.parametrize("name", METRICS)
def test_direction_and_bounds(name):
    """A perfect prediction has the best value, and no value lies outside the bounds."""
    metric = METRICS[name]
    truth, predicted = cases(metric, 3)
    perfect = {
        PredictionKind.LABELS: lambda: truth,
        PredictionKind.PROBABILITIES: lambda: np.eye(3)[truth],
        PredictionKind.VALUES: lambda: truth,
    }[metric.takes]()
    best = metric.bounds[1] if metric.maximize else metric.bounds[0]
    assert metric.of(truth, perfect) == pytest.approx(best, abs=1e-9)
    found = metric.over_lanes(truth, predicted)
    assert (metric.sign * found < metric.sign * best).all()
    assert (metric.bounds[0] <= found).all()
    assert (found <= metric.bounds[1]).all()
    assert metric.sign * metric.worst == pytest.approx(min(metric.sign * b for b in metric.bounds))


@pytest.mark.parametrize("name", METRICS)
def test_without_rows_there_is_no_value(name):
    """Every lane's value is NaN."""
    truth, predicted = cases(METRICS[name], 0)
    assert np.isnan(METRICS[name].over_lanes(truth[:0], predicted[:, :0])).tolist() == [True] * 3


@pytest.mark.parametrize(
    ("name", "constant"),
    [
        ("accuracy", 0.5),
        ("balanced_accuracy", 1 / 3),
        ("f1", 2 / 9),
        ("log_loss", -(0.5 * math.log(0.5) + 0.5 * math.log(0.25))),
        ("roc_auc", 0.5),
        ("r2", 0.0),
        ("rmse", math.sqrt(0.6875)),
        ("mae", 0.75),
    ],
)
def test_the_value_of_a_constant(name, constant):
    """The prediction is the commonest class, the shares of the classes, or the mean."""
    truth = np.array([0, 1, 1, 2])
    if METRICS[name].takes is PredictionKind.VALUES:
        truth = np.array([[0.0], [0.5], [1.5], [2.0]])
        constant = {"rmse": math.sqrt(0.625)}.get(name, constant)
    assert METRICS[name].constant(truth, truth, 3) == pytest.approx(constant)


def test_a_class_that_never_occurs():
    """Recall and AUC leave it out; macro F1 counts it as 0 where it is predicted."""
    truth, predicted = np.array([0, 0, 1, 1]), np.array([0, 2, 1, 1])
    assert METRICS["balanced_accuracy"].of(truth, predicted) == 0.75
    assert METRICS["f1"].of(truth, predicted) == pytest.approx((2 / 3 + 1 + 0) / 3)
    P = np.array([[0.6, 0.1, 0.3], [0.5, 0.3, 0.2], [0.2, 0.7, 0.1], [0.1, 0.8, 0.1]])
    assert METRICS["roc_auc"].of(truth, P) == 1.0
    assert math.isnan(METRICS["roc_auc"].of(np.zeros(4, np.int64), P))


def test_a_constant_target():
    """R2 is 1 where every prediction is exact, else 0; the parts are finite."""
    y = np.ones((4, 1))
    assert [METRICS["r2"].of(y, y), METRICS["r2"].of(y, y + 1)] == [1.0, 0.0]
    assert np.isfinite(METRICS["r2"].parts(y, y + 1)).all()
    assert METRICS["rmse"].parts(y, y).tolist() == [0.0] * 4
