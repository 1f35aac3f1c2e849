"""Weights of rows, and rows of values: losses, scores and refusals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.errors import DataError
from hpsearch.nn import (
    NORMALIZATIONS,
    MLPConfig,
    StackTrainer,
)
from hpsearch.nn.training.divergence import NEVER
from tests.nn.training.rows import make_data, run


@settings(max_examples=50, deadline=None)
@given(scale=st.sampled_from([1e-300, 1e-3, 1.0, 7.0, 1e300]), values=st.booleans())
def test_equal_weights_are_no_weights(scale, values):
    """Weights that are all the same change no byte, whatever they are."""
    plain = make_data(n=13, d=3, outputs=2, values=values)
    weighted = replace(plain, weights=np.full(13, scale))
    config = MLPConfig(hidden=(4,), batch_size=4)
    assert run(StackTrainer([config], data=plain, seeds=[0]), 2) == run(
        StackTrainer([config], data=weighted, seeds=[0]), 2
    )


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("values", [False, True])
@pytest.mark.parametrize("batch_size", [3, 13])
def test_a_row_of_weight_zero_is_a_row_left_out(normalization, values, batch_size):
    """Such rows change no byte, whatever is in them: not through batches, not through their statistics."""
    data = make_data(n=13, d=3, outputs=2, values=values, weighted=True)
    weights = np.where(np.arange(13) % 3 == 1, 0.0, data.weights + 0.1)
    left = weights > 0
    X = data.X.copy()
    X[~left] *= 1e9
    config = MLPConfig(hidden=(4, 3), batch_size=batch_size, normalization=normalization)
    with_them, without = (
        StackTrainer([config] * 2, data=rows, seeds=[0, 1])
        for rows in (
            replace(data, X=X, weights=weights),
            replace(data, X=X[left], y=data.y[left], weights=weights[left]),
        )
    )
    assert run(with_them, 3) == run(without, 3)
    found = [trainer.network(1).parameters.tobytes() for trainer in (with_them, without)]
    assert found[0] == found[1]


def test_weights_reach_the_statistics_of_batches():
    """Batch normalization of weighted rows learns their weighted mean, not the plain one."""
    data = make_data(n=40, d=3, outputs=2, weighted=True)
    X = data.X.copy()
    X[:20] += 100
    weights = np.where(np.arange(40) < 20, 1.0, 9.0)
    config = MLPConfig(hidden=(4,), batch_size=40, normalization="batch", lr=1e-30, epochs=1)
    trainer = StackTrainer([config], data=replace(data, X=X, weights=weights), seeds=[0], dtype=np.float64)
    trainer.run_epoch()
    network = trainer.network(0)
    (numbers,) = network.layout.hidden(network.parameters[None])
    sums = X.astype(np.float64) @ network.weights[0]
    mean = np.average(sums, axis=0, weights=weights)
    unbiased = np.cov(sums.T, fweights=weights.astype(int)).diagonal()
    assert numbers.normalization.mean[0, 0] == pytest.approx(0.1 * mean)
    assert numbers.normalization.variance[0, 0] == pytest.approx(0.9 + 0.1 * unbiased)


def test_the_loss_of_an_epoch_is_the_weighted_mean():
    """At a rate too small to move anything, an epoch's loss is the weighted mean of the rows' losses."""
    data = make_data(n=13, d=3, outputs=3, weighted=True)
    trainer = StackTrainer(
        [MLPConfig(hidden=(4,), batch_size=4, lr=1e-30)], data=data, seeds=[0], dtype=np.float64
    )
    P = trainer.network(0).predict_proba(data.X)
    losses = -np.log(P[np.arange(13), data.y])
    assert trainer.run_epoch().loss[0] == pytest.approx(np.average(losses, weights=data.weights))


def test_the_first_loss_is_the_weighted_mean_of_the_first_batch():
    """What later losses are measured against does not depend on how heavy the first batch happens to be."""
    data = make_data(n=13, d=3, outputs=3, weighted=True)
    data = replace(data, weights=data.weights + 0.01)
    config = MLPConfig(hidden=(4,), batch_size=4, lr=1e-30)
    trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
    P = trainer.network(0).predict_proba(data.X)
    trainer.run_epoch()
    checkpoint = trainer.checkpoint(0)
    first = checkpoint.order[:4]
    losses = -np.log(P[first, data.y[first]])
    assert checkpoint.first_loss == pytest.approx(np.average(losses, weights=data.weights[first]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(12), r"weights: expected real numbers \(13,\), found float64 \(12,\)"),
        (np.ones(13, np.int64), r"weights: expected real numbers \(13,\), found int64 \(13,\)"),
        (np.full(13, np.nan), r"weights: expected finite numbers, 0 or more"),
        (np.arange(13) - 1.0, r"weights: expected finite numbers, 0 or more, found a negative"),
        (np.zeros(13), r"weights: expected at least one above zero, found none"),
    ],
)
@pytest.mark.parametrize("values", [False, True])
def test_weights_that_cannot_be_are_refused(values, weights, message):
    """Each kind of wrong weights is named."""
    with pytest.raises(DataError, match=message):
        replace(make_data(n=13, d=3, outputs=2, values=values), weights=weights)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("y", np.zeros(13), r"y: expected real numbers \(13, outputs\), found float64 \(13,\)"),
        ("y", np.zeros((13, 0)), r"y: expected real numbers \(13, outputs\), found float64 \(13, 0\)"),
        ("y", np.zeros((13, 2), np.int64), r"y: expected real numbers \(13, outputs\), found int64"),
        ("y", np.full((13, 2), np.inf), r"y: expected finite numbers, found NaN or infinity"),
        ("y_val", np.zeros((5, 3)), r"y_val: expected real numbers \(5, 2\), found float64 \(5, 3\)"),
    ],
)
def test_values_that_do_not_fit_are_refused(field, value, message):
    """Values of the wrong shape or type are named."""
    with pytest.raises(DataError, match=message):
        replace(make_data(n=13, d=3, outputs=2, values=True), **{field: value})


def test_the_score_of_values_is_r_squared():
    """The validation score is the mean R^2 of the outputs; a constant output is 1 or 0."""
    data = make_data(n=13, d=3, outputs=2, values=True)
    trainer = StackTrainer([MLPConfig(hidden=(4,))] * 2, data=data, seeds=[0, 1], divergence=NEVER)
    scores = trainer.run_epoch().accuracy
    for lane in range(2):
        P = trainer.network(lane).predict(data.X_val)
        parts = 1 - ((data.y_val - P) ** 2).sum(0) / ((data.y_val - data.y_val.mean(0)) ** 2).sum(0)
        assert scores[lane] == pytest.approx(parts.mean())
    flat = replace(data, y_val=np.ones((5, 2)))
    assert StackTrainer([MLPConfig(hidden=())], data=flat, seeds=[0]).run_epoch().accuracy == [0.0]
    empty = replace(data, X_val=data.X_val[:0], y_val=data.y_val[:0])
    assert np.isnan(StackTrainer([MLPConfig(hidden=())], data=empty, seeds=[0]).run_epoch().accuracy).all()


def test_a_network_of_values_has_no_probabilities():
    """Values are predicted as they are, and probabilities are refused."""
    data = make_data(n=13, d=3, outputs=2, values=True)
    network = StackTrainer([MLPConfig(hidden=())], data=data, seeds=[0]).network(0)
    assert network.predict(data.X) == pytest.approx(data.X @ network.weights[0], abs=1e-6)
    with pytest.raises(DataError, match=r"expected a network that predicts classes, found one of values"):
        network.predict_proba(data.X)
