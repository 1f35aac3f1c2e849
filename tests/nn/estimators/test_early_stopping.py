"""Early stopping: the rows held out, the epoch that ends a training, and the weights that are kept."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.neural_network import MLPClassifier as TheirClassifier
from sklearn.neural_network import MLPRegressor as TheirRegressor

from hpsearch.nn import MLPClassifier, MLPRegressor, SettingError
from hpsearch.nn.estimators.early_stopping import held_out
from hpsearch.nn.estimators.rows import WeightedRows
from tests.nn.estimators.rows import ESTIMATORS, rows

THEIRS = {MLPClassifier: TheirClassifier, MLPRegressor: TheirRegressor}


def noisy(kind, n=200):
    """Return rows and targets that a network overfits."""
    X, y = rows(n)
    noise = np.random.default_rng(1).standard_normal(n)
    return X, np.where(noise > 0.8, 2 - y, y) if kind is MLPClassifier else X[:, 0] + noise


def stopping(kind, **changes):
    """Return an estimator that soon finds no better score."""
    return kind(**({"early_stopping": True, "lr": 0.02, "epochs": 200, "random_state": 0} | changes))


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_the_settings_are_those_of_scikit_learn(kind):
    """Names and defaults of early stopping and of a warm start are scikit-learn's."""
    theirs, ours = THEIRS[kind]().get_params(), kind().get_params()
    for name in ("early_stopping", "validation_fraction", "n_iter_no_change", "tol", "warm_start"):
        assert ours[name] == theirs[name], name


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("patience", [1, 4, 10])
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_a_training_ends_where_scikit_learn_would_end_it(kind, patience, weighted):
    """Past so many epochs in a row below the best score plus tol, no epoch before and none after."""
    X, y = noisy(kind)
    weights = np.random.default_rng(2).uniform(0.1, 3, len(X)) if weighted else None
    model = stopping(kind, n_iter_no_change=patience, tol=0.002).fit(X, y, sample_weight=weights)
    theirs = THEIRS[kind](early_stopping=True, tol=0.002)
    theirs.best_validation_score_, theirs._no_improvement_count, theirs.validation_scores_ = -np.inf, 0, []
    theirs.coefs_ = theirs.intercepts_ = []
    counts = []
    for score in model.validation_scores_:
        theirs._score = lambda *_, score=score, **__: score
        theirs._update_no_improvement_count(True, None, None, None)
        counts.append(theirs._no_improvement_count)
    assert model.n_iter_ == len(counts) < model.epochs
    assert [count > patience for count in counts] == [False] * (len(counts) - 1) + [True]
    assert model.best_validation_score_ == theirs.best_validation_score_ == max(model.validation_scores_)
    assert model.loss_curve_.shape == model.validation_curve_.shape == (model.n_iter_,)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_the_best_weights_are_kept(kind, weighted):
    """The network scores the best score on the rows held out, with their weights; others are trained on."""
    X, y = noisy(kind)
    weights = np.random.default_rng(2).uniform(0.1, 3, len(X)) if weighted else np.ones(len(X))
    model = stopping(kind).fit(X, y, sample_weight=weights)
    codes = WeightedRows(X=X, y=y, weights=weights)
    train, held = held_out(codes, fraction=0.1, seed=0, stratified=kind is MLPClassifier)
    assert len(held.X) == 20
    score = model.score(held.X, held.y, sample_weight=held.weights)
    assert score == pytest.approx(model.best_validation_score_, abs=1e-6)
    best = int(np.argmax(model.validation_scores_))
    assert best < model.n_iter_ - 1
    again = clone(model).set_params(early_stopping=False, epochs=best + 1)
    again.fit(train.X, train.y, sample_weight=train.weights)
    assert again.network_.parameters.tobytes() == model.network_.parameters.tobytes()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_given_rows_are_scored_in_place_of_a_share(kind):
    """With X_val and y_val all rows are trained on, and the scores are those of the given rows."""
    X, y = noisy(kind)
    model = stopping(kind).fit(X[:150], y[:150], X_val=X[150:], y_val=y[150:])
    assert model.score(X[150:], y[150:]) == pytest.approx(model.best_validation_score_, abs=1e-6)
    assert model.validation_scores_ == pytest.approx(model.validation_curve_, abs=1e-6)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_without_early_stopping_nothing_is_held_out(kind):
    """All epochs are trained on all rows, and there are no scores, as in scikit-learn."""
    X, y = rows()
    model = kind(epochs=3, random_state=0).fit(X, y)
    other = kind(epochs=3, random_state=0, validation_fraction=0.4, n_iter_no_change=1, tol=9).fit(X, y)
    assert model.network_.parameters.tobytes() == other.network_.parameters.tobytes()
    assert model.n_iter_ == 3
    assert model.validation_scores_ is model.best_validation_score_ is None


def test_several_outputs_are_scored_by_their_mean():
    """The score of several values a row is the mean R^2."""
    X, _ = rows()
    Y = np.c_[X[:, 0] + X[:, 1], X[:, 2] ** 2]
    model = stopping(MLPRegressor).fit(X, Y)
    assert 0 < model.best_validation_score_ <= 1
    assert model.predict(X).shape == Y.shape


@pytest.mark.parametrize("epochs", [np.inf, float("inf"), 10**9])
def test_endless_patience_trains_all_epochs_and_keeps_the_best(epochs):
    """An infinite number of epochs without a change is allowed, as in scikit-learn."""
    X, y = noisy(MLPClassifier)
    model = stopping(MLPClassifier, epochs=30, n_iter_no_change=epochs).fit(X, y)
    assert model.n_iter_ == 30
    assert model.best_validation_score_ == max(model.validation_scores_)


@pytest.mark.parametrize(
    ("settings_", "message"),
    [
        ({"early_stopping": "yes"}, r"^early_stopping: expected True or False, found 'yes'"),
        ({"early_stopping": 1}, r"^early_stopping: expected True or False, found 1"),
        (
            {"validation_fraction": 0.0},
            r"^validation_fraction: expected a number above 0 and below 1, found 0",
        ),
        ({"validation_fraction": 1}, r"^validation_fraction: expected a number in \[0, 1\), found 1"),
        ({"validation_fraction": "0.1"}, r"^validation_fraction: expected a number in .*, found '0\.1'"),
        ({"n_iter_no_change": 0}, r"^n_iter_no_change: expected a whole number, 1 or more, found 0"),
        ({"n_iter_no_change": 2.5}, r"^n_iter_no_change: expected a whole number, 1 or more, found 2\.5"),
        ({"tol": -1e-4}, r"^tol: expected a finite number, 0 or more, found -0\.0001"),
        ({"tol": float("nan")}, r"^tol: expected a finite number, 0 or more, found nan"),
        ({"tol": True}, r"^tol: expected a finite number, 0 or more, found True"),
    ],
)
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_wrong_settings_are_refused(kind, settings_, message):
    """Each is named before a row is looked at."""
    with pytest.raises(SettingError, match=message):
        stopping(kind, **settings_).fit(*rows())


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_rows_that_are_too_few_to_hold_out_are_refused(kind):
    """One validation row, a class of one row, and weights of zero are named with the setting."""
    X, y = rows(12)
    with pytest.raises(SettingError, match=r"^validation_fraction: expected .*found (1|0\.05)"):
        stopping(kind, validation_fraction=0.05).fit(X, y)
    with pytest.raises(SettingError, match=r"^validation_fraction: expected 2 validation rows or more"):
        stopping(kind).fit(X, y, X_val=X[:1], y_val=y[:1])


def test_a_class_of_one_row_is_refused_by_name():
    """It cannot be in both parts."""
    X, _ = rows(40)
    message = r"^validation_fraction: expected a share that splits 40 rows, with every class in both parts"
    with pytest.raises(SettingError, match=message):
        stopping(MLPClassifier).fit(X, np.arange(40) == 3)


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_partial_fit_has_no_early_stopping(kind):
    """One epoch is too few to find out, as in scikit-learn."""
    X, y = rows()
    with pytest.raises(SettingError, match=r"^early_stopping: expected False for partial_fit"):
        stopping(kind).partial_fit(X, y, **({"classes": [0, 1, 2]} if kind is MLPClassifier else {}))


def test_class_weights_count_in_the_score():
    """A mapping and the same weights row by row end with the same bytes."""
    X, y = noisy(MLPClassifier)
    factors = {0: 1.0, 1: 2.0, 2: 0.5}
    mapped = stopping(MLPClassifier, class_weight=factors).fit(X, y)
    by_row = stopping(MLPClassifier).fit(X, y, sample_weight=[factors[label] for label in y])
    assert mapped.validation_scores_ == by_row.validation_scores_
    assert mapped.network_.parameters.tobytes() == by_row.network_.parameters.tobytes()
