import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hpsearch.data import fit_scaling
from hpsearch.errors import DataError

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
