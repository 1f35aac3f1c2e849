"""Training that goes on with other rows."""

import numpy as np
import pytest

from hpsearch.errors import DataError
from hpsearch.nn import MLPClassifier, MLPRegressor
from tests.nn.estimators.rows import ESTIMATORS, rows


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_partial_fit_goes_on_like_fit(kind):
    """So many calls of partial_fit as epochs end with the bytes of fit; fit starts afresh."""
    X, y = rows()
    options = {"classes": [0, 1, 2]} if kind is MLPClassifier else {}
    whole = kind(epochs=5, batch_size=32, dropout=0.2, random_state=3).fit(X, y)
    parts = kind(epochs=5, batch_size=32, dropout=0.2, random_state=3)
    for _ in range(5):
        parts.partial_fit(X, y, **options)
    assert parts.network_.parameters.tobytes() == whole.network_.parameters.tobytes()
    assert parts.loss_curve_.tobytes() == whole.loss_curve_.tobytes()
    again = parts.fit(X, y)
    assert again.network_.parameters.tobytes() == whole.network_.parameters.tobytes()
    assert again.loss_curve_.shape == (5,)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_partial_fit_counts_epochs_for_schedules(kind):
    """Each call is an epoch of the schedule, however many rows it brings."""
    X, y = rows()
    options = {"classes": [0, 1, 2]} if kind is MLPClassifier else {}
    model = kind(optimizer="sgd", hidden=(), batch_size=10, schedule="manual", schedule_rates=[(1, 0.0)])
    model.partial_fit(X[:20], y[:20], **options)
    before = model.network_.parameters.copy()
    for stop in (10, 120, 50):
        model.partial_fit(X[:stop], y[:stop])
    assert (model.network_.parameters == before).all()
    assert (before != 0).any()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_partial_fit_learns_from_a_stream(kind):
    """Batches of changing sizes, some with weights, are learned from one after the other, after fit too."""
    X, y = rows(400)
    targets = y if kind is MLPClassifier else X[:, 0]
    model = kind(hidden=(16,), lr=0.02, epochs=1, batch_size=16, random_state=0).fit(X[:30], targets[:30])
    before = model.score(X[300:], targets[300:])
    for start, stop in ((30, 90), (90, 91), (91, 200), (200, 300)):
        model.partial_fit(X[start:stop], targets[start:stop], sample_weight=np.arange(1, stop - start + 1))
    assert model.loss_curve_.shape == (5,)
    assert model.score(X[300:], targets[300:]) > max(before, 0.75)


def test_partial_fit_refuses_what_it_cannot_know():
    """Missing or changed classes, unseen labels and balanced weights are named."""
    X, y = rows()
    with pytest.raises(ValueError, match=r"classes: expected all labels in the first call"):
        MLPClassifier().partial_fit(X, y)
    with pytest.raises(ValueError, match=r"class_weight: expected None or a mapping for partial_fit"):
        MLPClassifier(class_weight="balanced").partial_fit(X, y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"y: expected labels among \[0, 1\], found 2"):
        MLPClassifier().partial_fit(X, y, classes=[0, 1])
    model = MLPClassifier().partial_fit(X, y, classes=[0, 1, 2])
    with pytest.raises(ValueError, match=r"classes: expected \[0, 1, 2\] as before, found \[0, 1\]"):
        model.partial_fit(X, y, classes=[0, 1])


@pytest.mark.parametrize(
    ("classes", "found"),
    [
        ([], r"the labels that y may have, in a list, found \[\]"),
        (3, r"the labels that y may have, in a list, found 3"),
        ([[0, 1], [2, 3]], r"the labels that y may have, in a list, found \[\[0, 1\], \[2, 3\]\]"),
        ([0, "a", None], r"labels of one type that sorts, found others: "),
        ([0, 1, 2, np.nan], r"finite numbers, found \[0\.0, 1\.0, 2\.0, nan\]"),
    ],
)
def test_classes_that_cannot_be_are_refused(classes, found):
    """Each is named, and the estimator stays unfitted."""
    model = MLPClassifier(epochs=1)
    with pytest.raises(ValueError, match=rf"^classes: expected {found}"):
        model.partial_fit(*rows(), classes=classes)
    assert not hasattr(model, "network_")


@pytest.mark.parametrize(
    ("labels", "unseen"),
    [(["0", "1", "2"], "'0'"), ([0, 1, 3], "3"), ([False, True, True], None), ([0.0, 1.0, 1.5], None)],
)
def test_a_label_is_among_the_classes_as_python_compares_them(labels, unseen):
    """A text is no number; the message names y, the classes and the label."""
    X, y = rows()
    labels = np.array(labels)[y]
    if unseen is None:
        labels = labels.astype(int)
        assert MLPClassifier().partial_fit(X, labels, classes=[0, 1]).predict(X).dtype == np.int64
        return
    for going_on in (MLPClassifier(), MLPClassifier(epochs=1).fit(X, y)):
        with pytest.raises(ValueError, match=rf"^y: expected labels among \[0, 1, 2\], found {unseen}$"):
            going_on.partial_fit(X, labels, classes=[0, 1, 2])


def test_dates_of_another_unit_are_the_dates_that_they_are():
    """Dates in seconds and in days are compared as dates."""
    X, y = rows()
    days = np.array(["2020-01-01", "2020-01-02", "2020-01-03"], "datetime64[D]")
    model = MLPClassifier().partial_fit(X, days[y], classes=days)
    model.partial_fit(X, days[y].astype("datetime64[s]"))
    with pytest.raises(ValueError, match=r"^y: expected labels among .* found datetime"):
        model.partial_fit(X, days[y] + 1)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_numbers_that_the_network_cannot_hold_are_refused(kind):
    """Rows past the range of a float32 network are named, by partial_fit and a warm start."""
    X, y = rows()
    model = kind(epochs=1, warm_start=True).fit(X, y)
    for going_on in (model.partial_fit, model.fit):
        with pytest.raises(
            DataError, match=r"^X: expected numbers that float32, the network's type, can hold"
        ):
            going_on(X.astype(np.float64) * 1e300, y)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_arrays_that_are_no_numbers_are_named(kind):
    """Weights of text, a target of text, and validation rows that do not fit."""
    X, y = rows()
    with pytest.raises(ValueError, match=r"^sample_weight: expected numbers, found others: "):
        kind().fit(X, y, sample_weight=["a"] * len(X))
    with pytest.raises(ValueError, match=r"^X_val, y_val: X has 2 features, but "):
        kind().fit(X, y, X_val=X[:, :2], y_val=y)
    with pytest.raises(ValueError, match=r"^X_val, y_val: Found input variables with inconsistent"):
        kind().fit(X, y, X_val=X, y_val=y[:3])
    with pytest.raises(ValueError, match=r"^random_state: expected a whole number, None or a RandomState"):
        kind(random_state="a").fit(X, y)
    if kind is MLPRegressor:
        with pytest.raises(ValueError, match=r"^y: expected numbers, found others: "):
            kind().fit(X, np.array(["a", "b", "c"])[y])
