"""Training that goes on with other rows."""

import numpy as np
import pytest

from hpsearch.nn import MLPClassifier
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
