"""A warm start: ``fit`` goes on from the network of the call before."""

import numpy as np
import pytest

from hpsearch.nn import MLPClassifier, MLPRegressor, SettingError
from tests.nn.estimators.rows import ESTIMATORS, rows


def targets(kind, X, y):
    """Return classes, or a value that is learned slowly."""
    return y if kind is MLPClassifier else 10 * X[:, 0]


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_curves_and_epochs_go_on(kind):
    """The loss goes on from where it was; without a warm start it begins again."""
    X, y = rows()
    y = targets(kind, X, y)
    model = kind(warm_start=True, epochs=10, lr=0.01, random_state=0).fit(X, y)
    first = model.loss_curve_
    assert model.n_iter_ == 10
    model.fit(X, y)
    assert model.n_iter_ == model.validation_curve_.size == 20
    assert model.loss_curve_[:10].tolist() == first.tolist()
    assert model.loss_curve_[10] < first[1]
    model.set_params(warm_start=False).fit(X, y)
    assert model.n_iter_ == 10
    assert model.loss_curve_.tolist() == first.tolist()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_only_the_weights_are_taken_over(kind):
    """As in scikit-learn: moments, schedule and stream start anew, so a rate of almost 0 changes nothing."""
    X, y = rows()
    model = kind(warm_start=True, epochs=3, schedule="cosine", random_state=0).fit(X, y)
    before = model.network_.parameters
    model.set_params(lr=1e-300).fit(X, y)
    assert model.network_.parameters.tobytes() == before.tobytes()
    model.set_params(lr=0.01, optimizer="sgd", batch_size=7).fit(X, y)
    assert (model.network_.parameters != before).any()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_a_warm_start_is_a_start_where_nothing_came_before(kind):
    """The first fit has the bytes of one without a warm start; after partial_fit there is a network."""
    X, y = rows()
    cold, warm = (kind(warm_start=flag, epochs=2, random_state=0).fit(X, y) for flag in (False, True))
    assert cold.network_.parameters.tobytes() == warm.network_.parameters.tobytes()
    options = {"classes": [0, 1, 2]} if kind is MLPClassifier else {}
    model = kind(warm_start=True, epochs=2, random_state=0).partial_fit(X, y, **options)
    assert model.fit(X, y).n_iter_ == 3


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_the_precision_stays_that_of_the_network(kind):
    """Rows of another type go on in the type of the first."""
    X, y = rows()
    model = kind(warm_start=True, epochs=1).fit(X, y)
    assert model.fit(X.astype(np.float64), y).network_.parameters.dtype == np.float32
    assert model.partial_fit(X.astype(np.float64), y).network_.parameters.dtype == np.float32


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_early_stopping_never_ends_worse_than_it_began(kind):
    """The network so far is a candidate: a second fit that finds no better score keeps its bytes."""
    X, y = rows(200)
    y = targets(kind, X, y)
    model = kind(
        warm_start=True, early_stopping=True, epochs=60, lr=0.01, n_iter_no_change=3, random_state=0
    ).fit(X, y)
    best, scores, epochs = model.best_validation_score_, model.validation_scores_, model.n_iter_
    before = model.network_.parameters.tobytes()
    model.set_params(lr=1.0, optimizer="sgd", epochs=3, hidden=100)
    model.set_params(lr=1e-300).fit(X, y)
    assert model.network_.parameters.tobytes() == before
    assert model.best_validation_score_ == pytest.approx(best, abs=1e-12)
    assert model.validation_scores_[: len(scores)] == scores
    assert len(model.validation_scores_) == model.n_iter_ > epochs


@pytest.mark.parametrize("found", [[0, 1], [0, 1, 2, 3], ["a", "b", "c"], [1.0, 2.0, 3.0]])
def test_other_classes_are_refused(found):
    """Fewer, more, or others: the message names both, and the network stays as it was."""
    X, y = rows()
    model = MLPClassifier(warm_start=True, epochs=1).fit(X, y)
    before = model.network_.parameters.tobytes()
    with pytest.raises(
        ValueError, match=r"^y: expected the classes \[0, 1, 2\] .* warm_start, found "
    ) as error:
        model.fit(X, np.array(found)[np.arange(len(X)) % len(found)])
    assert repr(np.array(found).tolist()) in str(error.value)
    assert model.classes_.tolist() == [0, 1, 2]
    assert model.network_.parameters.tobytes() == before


@pytest.mark.parametrize("kind", ESTIMATORS)
@pytest.mark.parametrize(
    "change",
    [{"hidden": (7,)}, {"hidden": (8, 8)}, {"normalization": "layer"}, {"activation": "prelu"}],
    ids=str,
)
def test_another_network_is_refused(kind, change):
    """What the weights do not fit is named with both values; with the setting set back training goes on."""
    X, y = rows()
    model = kind(hidden=8, warm_start=True, epochs=1).fit(X, y)
    (name, value), before = *change.items(), model.get_params()
    shown = rf"^{name}: expected .* of the network so far, found .*{str(value)[1:-1]}"
    for going_on in (model.fit, model.partial_fit):
        with pytest.raises(SettingError, match=shown.replace("(", r"\(").replace(")", r"\)")):
            model.set_params(**change) and going_on(X, y)
        model.set_params(**{name: before[name]})
        going_on(X, y)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_moments_of_another_optimizer_are_no_moments(kind):
    """partial_fit goes on with the optimizer; a warm start may choose another."""
    X, y = rows()
    model = kind(warm_start=True, epochs=1).fit(X, y).set_params(optimizer="adamw")
    with pytest.raises(
        SettingError, match=r"^optimizer: expected 'adam' of the network so far, found 'adamw'"
    ):
        model.partial_fit(X, y)
    model.fit(X, y)


def test_other_columns_are_refused():
    """Rows and values of another width are named, by fit and by partial_fit."""
    X, _ = rows()
    model = MLPRegressor(warm_start=True, epochs=1).fit(X, X[:, 0])
    for going_on in (model.fit, model.partial_fit):
        with pytest.raises(ValueError, match=r"^y: expected 1 column, .* found 2"):
            going_on(X, X[:, :2])
        with pytest.raises(ValueError, match=r"X has 3 features, but MLPRegressor is expecting 4 features"):
            going_on(X[:, :3], X[:, 0])


def test_a_warm_start_is_a_bool():
    """Other values are named."""
    with pytest.raises(SettingError, match=r"^warm_start: expected True or False, found 'no'"):
        MLPClassifier(warm_start="no").fit(*rows())
