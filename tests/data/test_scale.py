"""Scaling and whitening: fitted on the training rows, and nothing learned from other rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.datasets import load_digits

from hpsearch.data.scale import (
    FIRST_SHRINKAGE,
    SHRINKAGE,
    Shrinkage,
    fit_inputs,
    fit_robust,
    fit_scaling,
    fit_whitening,
)
from hpsearch.errors import DataError
from hpsearch.space.checks import FieldError
from hpsearch.study_file import DataSpec
from hpsearch.study_file.data import SCALINGS

tables = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 30), st.integers(1, 5)),
    elements=st.floats(-1e100, 1e100) | st.sampled_from([0.1, 1e-300, 0.0]),
)


@given(tables)
def test_fault_38_training_rows_get_mean_0_and_deviation_1(X):
    """Each feature of the rows that were fitted is standardised; a constant one is 0."""
    with np.errstate(under="ignore"):
        scaled = fit_scaling(X).apply(X).astype(np.float64)
    constant = X.min(axis=0) == X.max(axis=0)
    assert (scaled[:, constant] == 0).all()
    spread = np.ptp(X, axis=0) > np.maximum(1e-9 * np.abs(X).max(axis=0), 1e-300)  # else digits are lost
    assert scaled.mean(axis=0)[spread] == pytest.approx(0, abs=1e-5)
    assert scaled.std(axis=0)[spread & ~constant] == pytest.approx(1, abs=1e-5)


def test_a_constant_that_rounds_badly_is_still_constant():
    """The mean of ten times 0.1 is not 0.1; the feature must not be blown up to noise for that."""
    X = np.full((10, 1), 0.1)
    scaling = fit_scaling(X)
    assert scaling.scale.tolist() == [1.0]
    assert scaling.apply(X).tolist() == [[0.0]] * 10


def test_the_smallest_numbers_there_are_are_not_blown_up():
    """A spread below float64's normal numbers counts as none, without a warning."""
    scaling = fit_scaling(np.array([[5e-324], [0.0], [0.0], [0.0], [0.0]]))
    assert scaling.scale.tolist() == [1.0]


def test_the_deviation_is_that_of_the_population():
    """The divisor is n, not n - 1."""
    scaling = fit_scaling(np.array([[1.0], [3.0]]))
    assert (scaling.mean.tolist(), scaling.scale.tolist()) == ([2.0], [1.0])


def test_images_are_divided_by_their_maximum_and_not_centered():
    """A pixel's scale does not depend on the rows."""
    scaling = fit_scaling(np.array([[0.0, 8.0], [0.0, 16.0]]), maximum=16.0)
    assert scaling.apply(np.array([[4.0, 16.0]])).tolist() == [[0.25, 1.0]]
    assert scaling.mean.tolist() == [0.0, 0.0]


def test_only_training_rows_are_fitted(load, archive):
    """The scaling of a data set is that of its training rows, applied to all three sets."""
    path = archive(X=np.arange(120.0).reshape(60, 2) ** 2, y=np.arange(60) % 2)
    data = load("a.npz")
    X = np.load(path)["X"]
    back = {name: getattr(data, f"X_{name}") * data.scale + data.mean for name in ("train", "val", "test")}
    assert data.X_train.mean(axis=0) == pytest.approx(0, abs=1e-5)
    assert data.X_train.std(axis=0) == pytest.approx(1, abs=1e-5)
    assert abs(data.X_test.mean()) > 1e-3
    rows = np.concatenate(list(back.values()))
    assert np.sort(rows[:, 0]) == pytest.approx(np.sort(X[:, 0]), abs=1e-2)


@given(tables)
def test_robust_rows_keep_their_order_and_stay_near(X):
    """Every feature keeps its order, lies within 3 of 0 and has its median there; a kept one is untouched."""
    with np.errstate(under="ignore"):
        scaled = fit_robust(X).apply(X).astype(np.float64)
        kept = fit_robust(X, kept=[0])
        first = np.clip(X[:, 0], -1e30, 1e30)
        same = kept.apply(np.column_stack([first, X[:, 1:]]))[:, 0]
    assert (np.abs(scaled) <= 3).all()
    for raw, feature in zip(X.T, scaled.T, strict=True):
        assert (np.diff(feature[np.argsort(raw, kind="stable")]) >= 0).all()
    assert (scaled[:, X.min(axis=0) == X.max(axis=0)] == 0).all()
    assert same.tolist() == first.astype(np.float32).tolist()


def test_robust_scaling_by_hand():
    """Quartiles 1 and 3 round the median 2; one far row moves none of them and stays below 3."""
    X = np.array([[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [1e6, 7.0]])
    scaling = fit_inputs(X, scaling="robust", maximum=16.0)
    assert (scaling.mean.tolist(), scaling.scale.tolist()) == ([2.0, 5.0], [2.0, 1.0])
    z = np.array([-1.0, -0.5, 0.0, 0.5, (1e6 - 2) / 2])
    assert scaling.apply(X)[:, 0] == pytest.approx(z / np.sqrt(1 + (z / 3) ** 2))
    # The quartiles of the second meet: half its range, 1, stands in for their distance.
    assert scaling.apply(X)[:, 1] == pytest.approx([0, 0, 0, 0, 2 / np.sqrt(1 + (2 / 3) ** 2)])


def test_a_range_that_float64_cannot_hold_is_refused_not_flattened(load, archive):
    """A distance of quartiles that overflows would make 0 of every number."""
    archive(X=np.repeat([[-1.7e308], [1.7e308]], 30, axis=0), y=np.arange(60) % 2)
    with pytest.raises(DataError, match=r"column .x0.: expected numbers that float32 can hold when scaled"):
        load("a.npz", scaling="robust")


def outcome(load, seed):
    """Return the data set, or the words of its refusal."""
    try:
        return load("a.npz", seed=seed)
    except DataError as error:
        return str(error)


@pytest.mark.parametrize(
    "column",
    [
        np.where(np.arange(60) % 2, 1e308, -1e308),
        np.linspace(1e307, 1.7e308, 60),
    ],
)
def test_fault_39_a_feature_whose_sum_overflows_is_refused(load, archive, column):
    """No infinity and no NaN reaches the training."""
    archive(X=np.stack([np.arange(60.0), column], axis=1))
    with pytest.raises(
        DataError, match=r"a\.npz: column 'x1': expected numbers that float32 can hold when scaled"
    ):
        load("a.npz")


def test_a_feature_that_is_enormous_outside_of_the_training_rows_is_refused(load, archive):
    """One enormous row is scaled down where it is learned from, and refused where it is not."""
    archive(X=np.stack([np.arange(60.0), np.where(np.arange(60) == 7, 1e300, 0.0)], axis=1))
    outcomes = [outcome(load, seed) for seed in range(12)]
    refused = [text for text in outcomes if isinstance(text, str)]
    assert 0 < len(refused) < 12
    assert all("column 'x1': expected numbers that float32 can hold" in text for text in refused)
    for data in outcomes:
        assert isinstance(data, str) or data.X_train[:, 1].max() == pytest.approx(np.sqrt(35))


def correlated(seed, n=300, d=4):
    """Return rows of correlated features off the origin."""
    rng = np.random.default_rng(seed)
    return rng.standard_normal((n, d)) @ rng.standard_normal((d, d)) + rng.standard_normal(d)


@pytest.mark.parametrize("kind", ["pca", "zca"])
@given(seed=st.integers(0, 2**32))
def test_whitened_rows_have_the_identity_for_covariance(kind, seed):
    """Mean 0 and covariance I, up to the shrinkage: smaller directions lose a little more."""
    X = correlated(seed)
    Z = fit_whitening(X, kind=kind, shrinkage=Shrinkage(cut=0.0, added=1e-9)).apply(X).astype(np.float64)
    condition = np.linalg.cond(np.cov(X.T))
    assert Z.mean(axis=0) == pytest.approx(np.zeros(4), abs=1e-4 * np.sqrt(condition))
    assert Z.T @ Z / len(Z) == pytest.approx(np.eye(4), abs=1e-5 * condition)


NONE = Shrinkage(cut=0.0, added=0.0)


def test_two_features_by_hand():
    """Along (1, 1) the variance is 1, along (1, -1) it is 4: PCA divides by 2 and 1, largest first."""
    X = np.array([[1.0, 1.0], [-1.0, -1.0], [2.0, -2.0], [-2.0, 2.0]])
    root = np.sqrt(0.5)
    pca = fit_whitening(X, kind="pca", shrinkage=NONE)
    assert np.abs(pca.rotation) == pytest.approx(np.array([[root / 2, root], [root / 2, root]]))
    zca = fit_whitening(X, kind="zca", shrinkage=NONE)
    assert zca.rotation == pytest.approx(np.array([[0.75, 0.25], [0.25, 0.75]]))
    assert (np.abs(pca.rotation).max(axis=0) == pca.rotation.max(axis=0)).all()


def test_zca_changes_the_rows_least():
    """ZCA is symmetric and nearer to the rows than PCA, the same whitening turned."""
    X = correlated(0) * 0.5
    pca, zca = (fit_whitening(X, kind=kind) for kind in ("pca", "zca"))
    assert zca.rotation == pytest.approx(zca.rotation.T)
    assert np.square(zca.apply(X) - X).sum() < np.square(pca.apply(X) - X).sum()


def test_directions_without_variance_stay_small():
    """A constant feature and a doubled one do not blow up what deviates from them elsewhere."""
    X = correlated(1)
    X = np.hstack([X, np.full((len(X), 1), 3.0), X[:, :1]])
    whitening = fit_whitening(X, kind="zca")
    other = X[:1].copy()
    other[0, 4] += 0.01
    moved = whitening.apply(other) - whitening.apply(X[:1])
    assert np.isfinite(whitening.apply(X)).all()
    assert np.abs(moved).max() < 5


@pytest.mark.parametrize("kind", ["pca", "zca"])
@pytest.mark.parametrize("rows", [50, 1078])
def test_rows_that_were_not_fitted_on_stay_small(kind, rows):
    """Fresh digits deviate like fitted ones; the first shrinkage blew up what 50 rows had not shown."""
    X = load_digits(return_X_y=True)[0][np.random.default_rng(0).permutation(1797)] / 16
    fresh = {
        shrinkage: fit_whitening(X[:rows], kind=kind, shrinkage=shrinkage).apply(X[rows:]).std(axis=0).max()
        for shrinkage in (FIRST_SHRINKAGE, SHRINKAGE)
    }
    assert fresh[SHRINKAGE] < 1.5
    assert rows > 50 or fresh[FIRST_SHRINKAGE] > 10


@pytest.mark.parametrize("scaling", ["standard", "none", "pca", "zca"])
def test_a_data_set_is_scaled_as_asked(scaling, load):
    """Digits are standardised, left alone or whitened, by the training rows only; the cache keeps it."""
    data, again = (load("digits", scaling=scaling) for _ in range(2))
    assert again.content_hash == data.content_hash
    assert (again.rotation == data.rotation).all()
    X = data.X_train.astype(np.float64)
    if scaling == "none":
        assert X.max() == 16
        return
    assert np.abs(X.mean(axis=0)).max() < 1e-4
    variances = X.var(axis=0)
    if scaling == "standard":
        assert data.rotation.shape == (0, 0)
        assert ((variances < 1e-6) | (np.abs(variances - 1) < 1e-3)).all()
        return
    assert data.rotation.shape == (64, 64)
    assert variances.max() < 1.001 / (1 + SHRINKAGE.added)
    assert np.abs(data.X_val.mean(axis=0)).max() > 0.01
    if scaling == "pca":  # directions of a tenth of the largest variance keep a half, the last ones nothing
        assert variances[0] == pytest.approx(1 / (1 + SHRINKAGE.added), rel=1e-3)
        live = variances > 0
        assert 20 < live.sum() < 60
        assert np.abs(np.corrcoef(X[:, live].T) - np.eye(live.sum())).max() < 1e-3


def test_study_files_and_data_name_the_same_scalings():
    """What a study file may say is what the data can do."""
    X = np.random.default_rng(0).normal(3.0, 2.0, size=(20, 3))
    assert {DataSpec(source="digits", scaling=scaling).scaling for scaling in SCALINGS} == set(SCALINGS)
    found = [fit_inputs(X, scaling=scaling, maximum=16.0).apply(X) for scaling in SCALINGS]
    assert len({rows.tobytes() for rows in found}) == len(SCALINGS)


def test_another_word_is_refused():
    """A scaling that there is not names those that there are."""
    known = "auto, standard, robust, none, pca, zca"
    with pytest.raises(FieldError, match=f'^scaling: expected one of {known}, found "zka"$'):
        DataSpec(source="digits", scaling="zka")
