"""What an estimator predicts: a wrong number of rows, an unknown class or no number is refused."""

import numpy as np
import pytest

from hpsearch.estimators.estimator import EstimatorError
from hpsearch.estimators.predictions import labels_of, probabilities, values_of


def test_labels_and_values_may_be_columns():
    """Some libraries predict a column; numbers without a fraction are classes."""
    assert labels_of([[2.0], [0.0]], 2, 3).tolist() == [2, 0]
    assert values_of([[1.5], [2]], 2).tolist() == [[1.5], [2.0]]


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([0, 1], r"expected the class of each of 3 rows, found predictions of shape \(2,\)"),
        ([0, 1, 3], "expected a class from 0 to 2, found 3"),
        ([0, 1, -1], "expected a class from 0 to 2, found -1"),
        ([0, 1, 0.5], r"expected a class from 0 to 2, found 0\.5"),
        ([0, 1, np.nan], "expected a class from 0 to 2, found nan"),
        (["a", "b", "c"], "expected a class from 0 to 2, found 'a'"),
        (None, r"expected the class of each of 3 rows, found predictions of shape \(\)"),
    ],
)
def test_what_is_no_class_is_refused(found, message):
    """Before it is counted: the trial fails, and the worker goes on."""
    with pytest.raises(EstimatorError, match=message):
        labels_of(found, 3, 3)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        ([[1.0, 2.0]], r"expected a value for each of 2 rows, found predictions of shape \(1, 2\)"),
        ([1.0, np.inf], "expected finite values, found inf"),
        (["x", "1"], "expected finite values, found 'x'"),
    ],
)
def test_what_is_no_value_is_refused(found, message):
    """One finite number a row."""
    with pytest.raises(EstimatorError, match=message):
        values_of(found, 2)


@pytest.mark.parametrize(
    ("whole", "message"),
    [
        ([[0.5, 0.5]], r"expected probabilities of shape \(2, 2\), found \(1, 2\)"),
        ([[0.5, 0.5], [np.nan, 1]], "expected finite probabilities, found nan"),
    ],
)
def test_what_are_no_probabilities_is_refused(whole, message):
    """A row for each row, a column for each class that it has learned."""

    class Odd:
        classes_ = np.array([0, 2])

        def predict_proba(self, _rows):
            return whole

    with pytest.raises(EstimatorError, match=message):
        probabilities(Odd(), np.zeros((2, 1)), np.array([0, 0]), 3)
