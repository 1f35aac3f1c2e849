"""Normalization: statistics in training, in prediction, and at the edges."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.nn import MLPConfig, StackTrainer, TrainingData, fit_stack
from hpsearch.nn.functions.normalization import (
    EPS,
    BatchNormalization,
    BatchWeights,
    LayerNormalization,
    NormalizationParameters,
)


def make(kind, shape, *, gamma=1.0, beta=0.0):
    """Return a normalization in float64 with its parameters and gradients."""
    lanes, _, features = shape
    numbers = [
        NormalizationParameters(*(np.full((lanes, 1, features), value) for value in (gamma, beta, 0.0, 1.0)))
        for _ in range(2)
    ]
    return kind(*numbers, shape=shape, dtype=np.float64), *numbers


def test_batch_output_has_mean_0_and_variance_1():
    """In training each feature has mean 0 and variance 1 over the batch, before gamma and beta."""
    shape = (2, 50, 7)
    Z = np.random.default_rng(0).standard_normal(shape) * 5 + 3
    layer, _, _ = make(BatchNormalization, shape)
    Y = layer.forward(Z.copy(), training=True)
    assert np.abs(Y.mean(axis=1)).max() < 1e-12
    assert np.abs(Y.var(axis=1) - 1).max() < 1e-5


def test_gamma_and_beta_come_after():
    """The output is gamma times the normalized value plus beta."""
    shape = (1, 50, 3)
    Z = np.random.default_rng(0).standard_normal(shape)
    plain = make(BatchNormalization, shape)[0].forward(Z.copy(), training=True).copy()
    scaled = make(BatchNormalization, shape, gamma=2.0, beta=-1.0)[0].forward(Z.copy(), training=True)
    assert scaled == pytest.approx(2 * plain - 1)


def test_batch_normalization_by_hand():
    """Rows 1 and 3: mean 2, biased variance 1, unbiased 2; the moving ones take a tenth of each."""
    layer, numbers, _ = make(BatchNormalization, (1, 2, 1))
    Y = layer.forward(np.array([[[1.0], [3.0]]]), training=True)
    assert Y[0, :, 0] == pytest.approx([-1 / np.sqrt(1 + EPS), 1 / np.sqrt(1 + EPS)])
    assert numbers.mean.item() == pytest.approx(0.1 * 2)
    assert numbers.variance.item() == pytest.approx(0.9 * 1 + 0.1 * 2)
    Y = layer.forward(np.array([[[1.0], [3.0]]]), training=False)
    assert Y[0, :, 0] == pytest.approx((np.array([1.0, 3.0]) - 0.2) / np.sqrt(1.1 + EPS))


def test_moving_statistics_find_the_populations():
    """After many batches they are near the true mean and variance, and prediction leaves them alone."""
    layer, numbers, _ = make(BatchNormalization, (1, 20, 4))
    rng = np.random.default_rng(0)
    means, variances = [], []
    for _ in range(2000):
        layer.forward(rng.standard_normal((1, 20, 4)) * 3 + 5, training=True)
        means.append(numbers.mean.copy())
        variances.append(numbers.variance.copy())
    assert np.mean(means[100:]) == pytest.approx(5, rel=0.01)
    assert np.mean(variances[100:]) == pytest.approx(9, rel=0.01)
    layer.forward(rng.standard_normal((1, 20, 4)), training=False)
    assert (numbers.mean == means[-1]).all()


def test_one_row_gives_beta_and_passes_nothing_back():
    """A batch of one row is normalized to beta, has a zero gradient, and moves no statistics."""
    layer, numbers, _ = make(BatchNormalization, (1, 1, 3), beta=0.5)
    Y = layer.forward(np.array([[[1.0, -2.0, 30.0]]]), training=True)
    assert Y.tolist() == [[[0.5] * 3]]
    assert layer.backward(np.ones((1, 1, 3))).tolist() == [[[0.0] * 3]]
    assert (numbers.mean == 0).all()
    assert (numbers.variance == 1).all()


def weighted(weights, *, scale=1.0, features=1, beta=0.0):
    """Return a batch normalization of weighted rows ``(lanes, rows)``, and its parameters."""
    lanes, rows = weights.shape
    shares = BatchWeights((lanes, rows), scale=scale, dtype=np.float64)
    shares.refresh(weights)
    numbers = [
        NormalizationParameters(*(np.full((lanes, 1, features), value) for value in (1.0, beta, 0.0, 1.0)))
        for _ in range(2)
    ]
    layer = BatchNormalization(*numbers, shape=(lanes, rows, features), dtype=np.float64, shares=shares)
    return layer, numbers[0]


def test_weighted_batch_normalization_by_hand():
    """Rows 1, 3 and 100 of weights 3, 1 and 0: mean 1.5, biased variance 0.75, unbiased 1."""
    layer, numbers = weighted(np.array([[3.0, 1.0, 0.0]]))
    Y = layer.forward(np.array([[[1.0], [3.0], [100.0]]]), training=True)
    assert Y[0, :, 0] == pytest.approx(np.array([-0.5, 1.5, 98.5]) / np.sqrt(0.75 + EPS))
    assert numbers.mean.item() == pytest.approx(0.1 * 1.5)
    assert numbers.variance.item() == pytest.approx(0.9 + 0.1 * 1.0)


@settings(max_examples=50, deadline=None)
@given(counts=st.lists(st.integers(0, 4), min_size=6, max_size=6), seed=st.integers(0, 99))
def test_weights_of_a_batch_are_numbers_of_copies(counts, seed):
    """Values, gradients and moving statistics are those of repeated rows, on either scale of weights."""
    counts = np.array(counts) + (np.arange(6) < 2)
    rng, total = np.random.default_rng(seed), counts.sum()
    Z, dY = rng.standard_normal((1, 6, 3)) * 4 + 2, rng.standard_normal((1, 6, 3))
    plain, numbers, gradients = make(BatchNormalization, (1, total, 3), gamma=1.5, beta=0.5)
    expected = plain.forward(Z.repeat(counts, axis=1), training=True).copy()
    dZ = plain.backward(dY.repeat(counts, axis=1)).copy()
    scale = total / 6
    shares = BatchWeights((1, 6), scale=scale, dtype=np.float64)
    shares.refresh(counts[None] / scale)
    mine, own = (
        NormalizationParameters(*(np.full((1, 1, 3), v) for v in (1.5, 0.5, 0.0, 1.0))) for _ in range(2)
    )
    layer = BatchNormalization(mine, own, shape=(1, 6, 3), dtype=np.float64, shares=shares)
    found = layer.forward(Z.copy(), training=True).copy()
    back = layer.backward(dY * counts[None, :, None]).copy()
    assert found.repeat(counts, axis=1) == pytest.approx(expected)
    present = counts > 0
    per_copy = back[:, present] / counts[present][None, :, None]
    assert per_copy.repeat(counts[present], axis=1) == pytest.approx(dZ, abs=1e-9)
    assert (back[:, ~present] == 0).all()
    for part in ("mean", "variance"):
        assert getattr(mine, part) == pytest.approx(getattr(numbers, part))
    for part in ("gamma", "beta"):
        assert getattr(own, part) == pytest.approx(getattr(gradients, part))


@pytest.mark.parametrize("weights", [[0.0, 0.0, 0.0], [0.0, 0.7, 0.0], [0.0, 1.0, 0.0]])
def test_weights_without_a_second_row_move_no_statistics(weights):
    """Where at most one row has a weight nothing is learned of the statistics, beside a lane that does."""
    layer, numbers = weighted(np.array([weights, [1.0, 1.0, 1.0]]), beta=0.5)
    Y = layer.forward(np.array([[[1.0], [-2.0], [30.0]]] * 2), training=True)
    assert np.isfinite(Y).all()
    assert (numbers.mean[0], numbers.variance[0]) == (0, 1)
    assert (numbers.mean[1] != 0, numbers.variance[1] != 1) == (True, True)
    if any(weights):
        assert Y[0, 1] == 0.5
        dY = np.array([[[0.0], [1.0], [0.0]]] * 2)
        assert layer.backward(dY)[0].tolist() == [[0.0]] * 3


def test_layer_output_has_mean_0_and_variance_1_in_each_row():
    """Each row is normalized over its features, whatever the batch, in training and prediction."""
    shape = (2, 5, 60)
    Z = np.random.default_rng(0).standard_normal(shape) * 4 + 2
    layer, _, _ = make(LayerNormalization, shape)
    Y = layer.forward(Z.copy(), training=True).copy()
    assert np.abs(Y.mean(axis=2)).max() < 1e-12
    assert np.abs(Y.var(axis=2) - 1).max() < 1e-4
    assert (layer.forward(Z.copy(), training=False) == Y).all()


def test_layer_normalization_by_hand():
    """A row (1, 3) has mean 2 and variance 1, so it becomes (-1, 1) up to eps."""
    layer, _, _ = make(LayerNormalization, (1, 1, 2))
    Y = layer.forward(np.array([[[1.0, 3.0]]]), training=True)
    assert Y[0, 0] == pytest.approx(np.array([-1, 1]) / np.sqrt(1 + EPS))


def make_rows(n=90):
    """Return rows of two classes that a line separates."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((n, 5)).astype(np.float32)
    return X, (X[:, 0] > 0).astype(np.int64)


@pytest.mark.parametrize("normalization", ["batch", "layer"])
def test_a_prediction_does_not_depend_on_the_batch(normalization):
    """A row is predicted alike alone and among others, after training that ends in a short batch."""
    X, y = make_rows()
    config = MLPConfig(hidden=(16, 8), normalization=normalization, lr=0.01, batch_size=20)
    (result,) = fit_stack([config], X, y, X, y, epochs=15, seed=0)
    whole = result.network.predict_proba(X)
    alone = np.concatenate([result.network.predict_proba(row[None]) for row in X[:10]])
    assert alone == pytest.approx(whole[:10], abs=1e-6)
    assert result.curve[-1] > 0.9


def test_normalized_layers_have_no_bias_of_their_own():
    """Each hidden layer has gamma and beta and no bias besides; moving statistics come last."""
    X, y = make_rows()
    data = TrainingData(X=X, y=y, X_val=X[:0], y_val=y[:0], n_classes=2)
    counts = {}
    for normalization in ("none", "batch", "layer"):
        config = MLPConfig(hidden=(4, 3), normalization=normalization)
        trainer = StackTrainer([config], data=data, seeds=[0])
        layout = trainer.network(0).layout
        counts[normalization] = (layout.n_weights, layout.n_learned, layout.n_parameters)
    assert counts["none"] == (38, 38 + 9, 47)
    assert counts["layer"] == (38, 47 + 7, 54)
    assert counts["batch"] == (38, 54, 54 + 14)


def test_penalties_leave_gamma_and_beta_alone():
    """Under an enormous penalty the weights move, gamma and beta do not."""
    X, y = make_rows()
    data = TrainingData(X=X, y=y, X_val=X[:0], y_val=y[:0], n_classes=2)
    config = MLPConfig(
        hidden=(4,), normalization="batch", optimizer="sgd", lr=1e-30, weight_decay=1e29, l1=1e29, linf=1e29
    )
    trainer = StackTrainer([config], data=data, seeds=[0])
    before = trainer.network(0)
    trainer.run_epoch()
    after = trainer.network(0)
    assert (after.weights[0] != before.weights[0]).all()
    learned = slice(after.layout.n_weights, after.layout.n_learned)
    assert after.parameters[learned] == pytest.approx(before.parameters[learned], abs=1e-25)
    assert (after.parameters[after.layout.n_learned :] != before.parameters[after.layout.n_learned :]).any()
