"""Weights of rows and of classes, and the rows held out."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from hpsearch.nn import NORMALIZATIONS, MLPClassifier, MLPRegressor
from hpsearch.nn.estimators.early_stopping import held_out
from hpsearch.nn.estimators.rows import WeightedRows
from hpsearch.nn.estimators.weights import class_factors
from tests.nn.estimators.rows import rows


@settings(max_examples=40, deadline=None)
@given(
    counts=st.lists(st.integers(0, 3), min_size=12, max_size=12),
    seed=st.integers(0, 99),
    normalization=st.sampled_from(sorted(NORMALIZATIONS)),
)
def test_a_weight_is_a_number_of_copies(counts, seed, normalization):
    """With all rows in one batch, whole weights are repetitions; a weight of zero is a row left out."""
    X, y = rows(12)
    X, counts = X.astype(np.float64), np.array(counts) + 2 * (np.arange(12) < 2)
    kwargs = {"random_state": seed, "normalization": normalization}
    for model, targets in ((MLPClassifier(**kwargs), y), (MLPRegressor(**kwargs), X[:, 2])):
        weighted = clone(model).fit(X, targets, sample_weight=counts).network_
        repeated = clone(model).fit(X.repeat(counts, axis=0), targets.repeat(counts)).network_
        assert weighted.outputs(X) == pytest.approx(repeated.outputs(X), abs=1e-7)
        left = counts > 0
        ones = clone(model).fit(X, targets, sample_weight=left.astype(float)).network_
        without = clone(model).fit(X[left], targets[left]).network_
        assert ones.parameters.tobytes() == without.parameters.tobytes()


@pytest.mark.parametrize("factor", [1e-200, 1e-3, 0.5, 1.0, 2.0, 7.0, 1e200])
def test_the_scale_of_weights_reaches_the_moving_variance_alone(factor):
    """On any scale the network learns the same; its moving statistics differ as those of fewer copies."""
    X, y = rows(12)
    X, weights = X.astype(np.float64), np.arange(1.0, 13.0)
    model = MLPClassifier(random_state=0, normalization="batch")
    known, scaled = (
        clone(model).fit(X, y, sample_weight=scale * weights).network_ for scale in (1.0, factor)
    )
    layout = known.layout
    assert scaled.parameters[: layout.n_learned] == pytest.approx(
        known.parameters[: layout.n_learned], rel=1e-6, abs=1e-9
    )
    assert np.isfinite(scaled.parameters).all()
    assert scaled.parameters[layout.n_learned :] == pytest.approx(
        known.parameters[layout.n_learned :], rel=0.1
    )


def test_a_class_of_weight_zero_is_left_out():
    """Rows of a class that weighs nothing are not trained on, as if their own weights were zero."""
    X, y = rows(120)
    settings_ = {"normalization": "batch", "batch_size": 20, "random_state": 0}
    by_class = MLPClassifier(**settings_, class_weight={0: 0.0}).fit(X, y)
    left = y != 0
    alone = MLPClassifier(**settings_).partial_fit(X[left], y[left], classes=np.unique(y))
    for _ in range(9):
        alone.partial_fit(X[left], y[left])
    assert by_class.network_.parameters.tobytes() == alone.network_.parameters.tobytes()
    assert by_class.classes_.tolist() == np.unique(y).tolist()
    nothing = dict.fromkeys(np.unique(y).tolist(), 0.0)
    with pytest.raises(ValueError, match=r"^class_weight: expected a factor above 0 for a class of these"):
        MLPClassifier(**settings_, class_weight=nothing).fit(X, y)


def test_class_weights_are_sample_weights():
    """Balanced weights, a mapping and the same weights row by row give the same bytes; none do not."""
    X, y = rows()
    counts = np.bincount(y)
    factors = dict(enumerate(len(y) / (3 * counts)))
    plain, balanced, mapped, by_row = (
        MLPClassifier(random_state=0, class_weight=weight).fit(X, y, sample_weight=sample)
        for weight, sample in (
            (None, None),
            ("balanced", None),
            (factors, None),
            (None, np.array([factors[label] for label in y])),
        )
    )
    same = {model.network_.parameters.tobytes() for model in (balanced, mapped, by_row)}
    assert len(same) == 1
    assert plain.network_.parameters.tobytes() not in same


def test_balanced_factors_by_hand():
    """Three rows of one label and one of another, of weight 2: all classes weigh the same together."""
    factors = class_factors(
        "balanced",
        classes=np.array(["a", "b", "c"]),
        codes=np.array([0, 0, 0, 1]),
        weights=np.array([1.0, 1.0, 1.0, 2.0]),
    )
    assert factors == pytest.approx([5 / (3 * 3), 5 / (3 * 2), 0.0])


def test_what_is_held_out_is_stratified_and_not_trained_on():
    """Every class gives its share, the parts are all the rows, and a seed decides which."""
    X = np.arange(40.0)[:, None]
    examples = WeightedRows(X=X, y=np.repeat([0, 1], [32, 8]), weights=np.ones(40))
    train, held = held_out(examples, fraction=0.25, seed=3, stratified=True)
    assert np.bincount(held.y).tolist() == [8, 2]
    assert sorted([*train.X[:, 0], *held.X[:, 0]]) == X[:, 0].tolist()
    other = held_out(examples, fraction=0.25, seed=4, stratified=True)[0]
    assert (train.X != other.X).any()


def test_balanced_weights_help_the_rare_class():
    """Where one label is rare, balanced weights find more of it."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((400, 2)) + 1.0 * (np.arange(400)[:, None] < 20)
    y = np.array(["rare", "usual"])[(np.arange(400) >= 20).astype(int)]
    found = [
        (
            MLPClassifier(epochs=20, class_weight=weight, random_state=0).fit(X, y).predict(X[:20]) == "rare"
        ).mean()
        for weight in (None, "balanced")
    ]
    assert found[1] > found[0] + 0.3
