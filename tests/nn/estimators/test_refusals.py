"""Settings and arrays that estimators refuse."""

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from hpsearch.errors import SettingWarning
from hpsearch.nn import DivergedError, MLPClassifier, MLPRegressor, SettingError
from tests.nn.estimators.rows import ESTIMATORS, rows


@pytest.mark.parametrize(
    ("kind", "settings_", "message"),
    [
        (MLPClassifier, {"lr": -1}, r"lr: expected a number above 0, found -1\.0"),
        (MLPRegressor, {"activation": "rely"}, r"activation: expected one of .* did you mean \"relu\""),
        (MLPClassifier, {"class_weight": "even"}, r"class_weight: expected None, \"balanced\" or a mapping"),
        (
            MLPClassifier,
            {"class_weight": {7: 1.0}},
            r"class_weight: expected labels among .*, found 7",
        ),
        (MLPClassifier, {"class_weight": {0: -1.0}}, r"class_weight: expected finite numbers, 0 or more"),
        (MLPRegressor, {"validation_fraction": 1.0}, r"validation_fraction: expected a number in \[0, 1\)"),
        (MLPClassifier, {"random_state": -1}, r"random_state: expected a whole number, 0 or more, found -1"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_fit(kind, settings_, message):
    """Each wrong setting is named when the estimator is fitted."""
    with pytest.raises(SettingError, match=message):
        kind(**settings_).fit(*rows())


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_arrays_that_cannot_be_are_refused(kind):
    """Wrong weights, one validation array, and prediction before fit are named."""
    X, y = rows()
    with pytest.raises(ValueError, match=r"sample_weight: expected 0 or more, found -1\.0"):
        kind().fit(X, y, sample_weight=-np.ones(len(X)))
    with pytest.raises(ValueError, match=r"sample_weight: expected shape \(120,\), one a row, found \(2,\)"):
        kind().fit(X, y, sample_weight=[1, 2])
    with pytest.raises(ValueError, match=r"X_val, y_val: expected both or neither, found one"):
        kind().fit(X, y, X_val=X)
    for answer in {"predict", "predict_proba"} & set(dir(kind)):
        with pytest.raises(NotFittedError, match="not fitted yet"):
            getattr(kind(), answer)(X)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_overflow_is_an_error(kind):
    """Training that ends in numbers that are not finite says so, and GridSearchCV can go on without it."""
    X, y = rows()
    with pytest.raises(DivergedError, match=r"lr: expected a rate .* finite, found 1e\+200"):
        kind(optimizer="sgd", lr=1e200).fit(X.astype(np.float64), y)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_fault_87_a_batch_of_one_row_is_warned_of(kind):
    """By fit and partial_fit, with batch normalization only; the network is trained all the same."""
    X, y = rows()
    n = len(X)
    for size in (1, n - 1):
        model = kind(hidden=(4,), normalization="batch", batch_size=size, epochs=1, random_state=0)
        message = f"^batch_size: {size} of {n} rows leaves a batch of one row, of which batch normalization"
        with pytest.warns(SettingWarning, match=message):
            model.fit(X, y)
        kind(hidden=(4,), batch_size=size, epochs=1, random_state=0).fit(X, y)
    kind(hidden=(4,), normalization="batch", batch_size=n, epochs=1, random_state=0).fit(X, y)
    model = kind(hidden=(4,), normalization="batch", random_state=0).partial_fit(X, y, **_classes(kind, y))
    with pytest.warns(SettingWarning, match="of 1 rows leaves a batch of one row"):
        model.partial_fit(X[:1], y[:1])
    assert np.isfinite(model.loss_curve_).all()


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize("key", ["dropout", "input_dropout"])
def test_a_rate_of_dropout_above_the_highest_is_warned_of(kind, key):
    """By fit and partial_fit, with the rate that is really used: the network is that of this rate."""
    X, y = rows()
    X = X.astype(np.float64)
    settings_ = {"hidden": (40,), "epochs": 1, "random_state": 0}
    message = f"^{key}: 0.999 is used as 0.99609375, the highest rate, which keeps one unit in 256$"
    with pytest.warns(SettingWarning, match=message) as caught:
        high = kind(**settings_, **{key: 0.999}).fit(X, y)
    with pytest.warns(SettingWarning, match=message) as again:
        kind(**settings_, **{key: 0.999}).partial_fit(X, y, **_classes(kind, y))
    assert [warning.filename for warning in (*caught, *again)] == [__file__] * 2
    highest = kind(**settings_, **{key: 0.99609375}).fit(X, y)
    assert high.network_.parameters.tobytes() == highest.network_.parameters.tobytes()
    kind(**{**settings_, "hidden": ()}, dropout=0.999).fit(X, y)


def test_a_regressor_has_no_labels_to_smooth():
    """Numbers have no labels: label smoothing is refused, not passed over."""
    X, y = rows()
    with pytest.raises(SettingError, match=r"^label_smoothing: expected 0 where numbers .* found 0\.1$"):
        MLPRegressor(label_smoothing=0.1).fit(X, y)


def _classes(kind, y):
    return {"classes": np.unique(y)} if kind is MLPClassifier else {}


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_fault_88_masked_rows_and_targets_are_refused(kind):
    """NumPy forgets a mask when it makes a plain array: what is hidden must not be learned."""
    X, y = rows()
    hidden, targets = np.ma.array(X, mask=False), np.ma.array(y, mask=False)
    fitted = kind(epochs=1).fit(hidden, targets)
    hidden[2, 1], targets[3] = np.ma.masked, np.ma.masked
    for refused in (lambda: kind(epochs=1).fit(hidden, y), lambda: fitted.predict(hidden)):
        with pytest.raises(ValueError, match=r"^X: expected a value in every cell, found masked ones"):
            refused()
    with pytest.raises(ValueError, match=r"^y: expected a value in every cell, found masked ones"):
        kind(epochs=1).fit(X, targets)
