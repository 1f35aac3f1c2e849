"""The estimators under scikit-learn's own checks, in its tools, and against the engine."""

import inspect
import pickle
import subprocess
import sys
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_digits, load_iris
from sklearn.linear_model import LinearRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hpsearch.errors import DataError
from hpsearch.nn import MLPClassifier, MLPConfig, MLPRegressor, fit_stack
from tests.nn.estimators.rows import ESTIMATORS, rows


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_settings_are_those_of_the_network(kind):
    """Every field of MLPConfig is a constructor parameter with the same default; only a few are added."""
    parameters = inspect.signature(kind).parameters
    for field in fields(MLPConfig):
        assert parameters[field.name].default == field.default, field.name
    own = {"blocks": (), "random_state": None, "warm_start": False, "early_stopping": False}
    own |= {"validation_fraction": 0.1, "n_iter_no_change": 10, "tol": 1e-4}
    own |= {"class_weight": None} if kind is MLPClassifier else {}
    assert set(parameters) == {field.name for field in fields(MLPConfig)} | set(own)
    assert {name: parameters[name].default for name in own} == own


def test_importing_the_network_imports_no_scikit_learn():
    """Neither hpsearch.nn nor the worker imports scikit-learn; asking for an estimator does."""
    code = (
        "import sys, hpsearch.nn, hpsearch.worker; before = 'sklearn' in sys.modules; "
        "hpsearch.nn.MLPClassifier; print(before, 'sklearn' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_unknown_names_are_no_attributes():
    """The late imports answer only for what there is, and what there is can be listed."""
    import hpsearch.nn  # noqa: PLC0415 - the module itself is the subject

    with pytest.raises(AttributeError, match=r"module 'hpsearch\.nn' has no attribute 'MLPClasifier'"):
        _ = hpsearch.nn.MLPClasifier
    assert all(hasattr(hpsearch.nn, name) for name in hpsearch.nn.__all__)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**63), dropout=st.sampled_from([0.0, 0.3]), batch=st.integers(1, 50))
def test_a_classifier_is_a_lane(seed, dropout, batch):
    """On float32 rows the classifier ends with the bytes of fit_stack, its curve of accuracy included."""
    X, y = rows()
    config = MLPConfig(hidden=(6,), dropout=dropout, batch_size=batch, epochs=2)
    (lane,) = fit_stack([config], X[:80], y[:80], X[80:], y[80:], epochs=2, seed=seed)
    assume(lane.state == "complete")  # an estimator goes on as long as numbers are finite
    model = MLPClassifier(hidden=(6,), dropout=dropout, batch_size=batch, epochs=2, random_state=seed)
    model.fit(X[:80], y[:80], X_val=X[80:], y_val=y[80:])
    assert model.network_.parameters.tobytes() == lane.network.parameters.tobytes()
    assert model.validation_curve_.tobytes() == lane.curve.tobytes()
    assert model.network_.config == config


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_precision_is_that_of_the_rows(kind):
    """Float32 rows make a float32 network, all others a float64 one."""
    X, y = rows()
    assert kind(epochs=1).fit(X, y).network_.parameters.dtype == np.float32
    assert kind(epochs=1).fit(X.astype(np.float64), y).network_.parameters.dtype == np.float64
    assert kind(epochs=1).fit(X.round().astype(int), y).network_.parameters.dtype == np.float64


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_curves_have_an_entry_each_epoch(kind):
    """Losses fall; the validation curve is NaN without rows to judge by, and real with a held-out share."""
    X, y = rows()
    plain = kind(epochs=12, lr=0.01, random_state=0).fit(X, y)
    assert plain.loss_curve_.shape == plain.validation_curve_.shape == (12,)
    assert plain.loss_curve_[-1] < 0.7 * plain.loss_curve_[0]
    assert np.isnan(plain.validation_curve_).all()
    settings_ = {"early_stopping": True, "validation_fraction": 0.25}
    held = kind(epochs=12, lr=0.01, random_state=0, **settings_).fit(X, y)
    assert held.validation_curve_[-1] > held.validation_curve_[0]
    assert held.validation_curve_[-1] > 0.4


def test_the_last_validation_score_is_the_score():
    """The curve's last entry is what score says of the same rows."""
    X, y = rows()
    model = MLPClassifier(random_state=0).fit(X[:80], y[:80], X_val=X[80:], y_val=y[80:])
    assert model.validation_curve_[-1] == model.score(X[80:], y[80:])
    values = MLPRegressor(random_state=0).fit(X[:80], X[:80, :2], X_val=X[80:], y_val=X[80:, :2])
    assert values.validation_curve_[-1] == pytest.approx(values.score(X[80:], X[80:, :2]), abs=1e-5)


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["cat", "dog", "é"]),
        np.array(["cat", "dog", "é"], object),
        np.array([-1, 5, 9]),
        np.array([1.0, 2.0, 3.0]),
    ],
)
def test_labels_of_any_type_come_back(labels):
    """Predictions are labels of the type that was learned; classes are sorted."""
    X, codes = rows()
    model = MLPClassifier(lr=0.05, random_state=0).fit(X, labels[codes])
    assert model.classes_.tolist() == labels.tolist()
    assert model.predict(X).dtype == labels.dtype
    assert model.score(X, labels[codes]) > 0.9
    P = model.predict_proba(X)
    assert P.sum(axis=1) == pytest.approx(np.ones(len(X)))
    assert (model.classes_[P.argmax(axis=1)] == model.predict(X)).all()


def test_bools_and_tables_are_learned():
    """Bools stay bools; a table's column names are kept and checked."""
    X, codes = rows()
    assert MLPClassifier().fit(X, codes > 0).predict(X).dtype == np.bool_
    table = pd.DataFrame(X, columns=list("abcd"))
    model = MLPClassifier().fit(table, pd.Series(codes, dtype="category"))
    assert model.feature_names_in_.tolist() == list("abcd")
    assert model.n_features_in_ == 4
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(table[list("dcba")])


def test_seeds_decide():
    """One seed gives the same bytes, another others; a generator moves on from call to call."""
    X, y = rows()

    def bytes_of(state):
        return MLPClassifier(epochs=1, random_state=state).fit(X, y).network_.parameters.tobytes()

    assert bytes_of(5) == bytes_of(np.int64(5)) != bytes_of(6)
    state = np.random.RandomState(0)
    assert bytes_of(state) != bytes_of(state)
    assert bytes_of(np.random.RandomState(0)) == bytes_of(np.random.RandomState(0))


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_pickles_and_clones(kind):
    """A pickle predicts the same and goes on the same; a clone is unfitted, with the same settings."""
    X, y = rows()
    model = kind(hidden=[8, 4], random_state=0).fit(X, y)
    copy = pickle.loads(pickle.dumps(model))
    assert copy.predict(X).tobytes() == model.predict(X).tobytes()
    assert copy.partial_fit(X, y).predict(X).tobytes() == model.partial_fit(X, y).predict(X).tobytes()
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model), "network_")


def test_digits_in_a_pipeline_and_a_grid_search():
    """In a pipeline under grid search the better rate wins, and digits are read."""
    X, y = load_digits(return_X_y=True)
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(hidden=(32,), epochs=5, random_state=0))
    grid = {"mlpclassifier__lr": [1e-6, 1e-2]}
    search = GridSearchCV(pipeline, grid, cv=3).fit(X[:900], y[:900])
    assert search.best_params_ == {"mlpclassifier__lr": 1e-2}
    assert search.score(X[900:], y[900:]) > 0.88
    weighted = CalibratedClassifierCV(MLPClassifier(random_state=0), cv=2)
    assert weighted.fit(X[:300], y[:300], sample_weight=np.ones(300)).predict(X[:5]).shape == (5,)


def test_without_hidden_layers_it_is_linear_regression():
    """On the diabetes data, its target scaled, the score is that of linear regression."""
    X, y = load_diabetes(return_X_y=True)
    network = make_pipeline(StandardScaler(), MLPRegressor(hidden=(), lr=0.01, epochs=60, random_state=0))
    model = TransformedTargetRegressor(network, transformer=StandardScaler())
    expected = cross_val_score(LinearRegression(), X, y, cv=3).mean()
    assert cross_val_score(model, X, y, cv=3).mean() == pytest.approx(expected, abs=0.02)


def test_values_have_the_shape_that_was_learned():
    """One column flat, one column as a column, several columns as they are."""
    X, _ = rows()
    assert MLPRegressor().fit(X, X[:, 0]).predict(X).shape == (120,)
    assert MLPRegressor().fit(X, X[:, :1]).predict(X).shape == (120, 1)
    assert MLPRegressor().fit(X, X[:, :3]).predict(X).shape == (120, 3)


FRAME_LABELS = {
    "Int64": [2**53 + 1, 2**53],
    "UInt8": [1, 2],
    "boolean": [True, False],
    "int64[pyarrow]": [2**53 + 1, 2**53],
    "string": ["01", "1"],
    "str": ["01", "1"],
    "category": ["x", "y"],
    "float32": [0.0, 1.0],
    "datetime64[us]": ["2020-01-01", "2020-01-02"],
}


@pytest.mark.parametrize("kind", FRAME_LABELS)
def test_fault_88_labels_of_a_data_frame_are_predicted_as_they_are(kind):
    """Equal to the column whatever its type; fit_stack does as the estimator does."""
    X = np.array([[-2.0], [2.0]] * 8)
    y = pd.Series(FRAME_LABELS[kind] * 8, dtype=kind)
    found = MLPClassifier(hidden=(4,), lr=0.1, epochs=40, random_state=0).fit(X, y)
    (lane,) = fit_stack([MLPConfig(hidden=(4,), lr=0.1)], X, y, X, y, epochs=40, seed=0)
    for predicted in (found.predict(X), lane.network.predict(X)):
        assert (y == predicted).all()
        assert predicted.tolist() == np.asarray(y).tolist()


def test_fault_88_labels_that_do_not_sort_are_refused():
    """A missing label among texts, or two types, in one line."""
    for y in ([None, "a"], [1, "a"], ["a", float("nan")]):
        labels = np.array(y, object)
        with pytest.raises(DataError, match=r"^y: expected labels of one type that sorts, found others: "):
            fit_stack([MLPConfig()], [[0.0], [1.0]], labels, [[0.0]], labels[:1], epochs=1, seed=0)


def test_log_probabilities_are_finite():
    """They are the logarithms of the probabilities, and still true where one of those is rounded to 0."""
    X, y = load_iris(return_X_y=True)
    model = MLPClassifier(hidden=(8,), lr=0.05, epochs=30, random_state=0).fit(X, y)
    assert model.predict_log_proba(X) == pytest.approx(np.log(model.predict_proba(X)), abs=1e-12)
    far = 1e4 * X
    assert (model.predict_proba(far) == 0).any()
    Z = model.network_.outputs(far)
    assert model.predict_log_proba(far) == pytest.approx(Z - Z.max(axis=1, keepdims=True), abs=1e-9)
    assert log_loss(y, model.predict_proba(X)) == pytest.approx(
        -model.predict_log_proba(X)[np.arange(150), y].mean()
    )
