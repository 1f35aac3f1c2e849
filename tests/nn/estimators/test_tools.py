"""The estimators in scikit-learn's tools: routed metadata, several targets, ensembles, curves."""

import numpy as np
import pandas as pd
import pytest
from sklearn import config_context
from sklearn.ensemble import BaggingClassifier, VotingClassifier
from sklearn.exceptions import UnsetMetadataPassedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_validate, learning_curve
from sklearn.multioutput import MultiOutputClassifier, MultiOutputRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from hpsearch.nn import MLPClassifier, MLPRegressor
from tests.nn.estimators.rows import rows

QUICK = {"hidden": 8, "lr": 0.05, "epochs": 20, "random_state": 0}


def test_weights_and_validation_rows_are_routed():
    """Where metadata routing is on, they reach fit through a pipeline and a search, when asked for."""
    X, y = rows()
    with config_context(enable_metadata_routing=True):
        model = MLPClassifier(**QUICK).set_fit_request(sample_weight=True, X_val=True, y_val=True)
        model.set_score_request(sample_weight=True)
        pipeline = make_pipeline(StandardScaler().set_fit_request(sample_weight=False), model)
        search = GridSearchCV(pipeline, {"mlpclassifier__early_stopping": [True]}, cv=2)
        search.fit(X, y, sample_weight=np.arange(120) % 2, X_val=X, y_val=y)
        best = search.best_estimator_[-1]
        odd = np.arange(120) % 2 == 1
        by_hand = MLPClassifier(early_stopping=True, **QUICK)
        scaled = search.best_estimator_[0].transform(X)
        by_hand.fit(scaled[odd], y[odd], X_val=X, y_val=y)
        assert best.network_.parameters.tobytes() == by_hand.network_.parameters.tobytes()
        with pytest.raises(UnsetMetadataPassedError, match="sample_weight"):
            cross_validate(MLPClassifier(**QUICK), X, y, params={"sample_weight": np.ones(120)})


def test_tables_go_through_a_pipeline_with_their_names():
    """Transformers that return tables hand their names on, and a table in another order is refused."""
    X, _ = rows()
    table = pd.DataFrame(X, columns=list("abcd"))
    pipeline = make_pipeline(StandardScaler(), MLPRegressor(**QUICK)).set_output(transform="pandas")
    pipeline.fit(table, table[["a", "b"]])
    assert pipeline[-1].feature_names_in_.tolist() == list("abcd")
    assert pipeline.predict(table).shape == (120, 2)
    with pytest.raises(ValueError, match="feature names should match"):
        pipeline[-1].predict(table[list("dcba")])


def test_several_targets_have_a_network_each_or_one_for_all():
    """Several values a row are learned by one network; several labels a row by one network each."""
    X, y = rows()
    Y = np.c_[y, y > 0]
    with pytest.raises(
        ValueError, match=r"^y should be a 1d array, got an array of shape \(120, 2\) instead"
    ):
        MLPClassifier(**QUICK).fit(X, Y)
    assert MultiOutputClassifier(MLPClassifier(**QUICK)).fit(X, Y).score(X, Y) > 0.8
    parts = MultiOutputClassifier(MLPClassifier(**QUICK)).partial_fit(X, Y, classes=[[0, 1, 2], [0, 1]])
    assert parts.predict(X).shape == (120, 2)
    assert MultiOutputRegressor(MLPRegressor(**QUICK)).fit(X, X[:, :2]).score(X, X[:, :2]) > 0.8
    assert MLPRegressor(**QUICK).fit(X, X[:, :2]).score(X, X[:, :2]) > 0.8


def test_ensembles_and_curves_take_the_estimators():
    """Bagging with weights, soft votes, held-out log-probabilities, and learning that goes on."""
    X, y = rows()
    model = MLPClassifier(**QUICK)
    assert BaggingClassifier(model, n_estimators=2, random_state=0).fit(X, y).score(X, y) > 0.8
    votes = VotingClassifier([("net", model), ("line", LogisticRegression())], voting="soft")
    assert votes.fit(X, y).score(X, y) > 0.8
    L = cross_val_predict(model, X, y, cv=3, method="predict_log_proba")
    assert np.exp(L).sum(axis=1) == pytest.approx(np.ones(120))
    sizes, _, scores = learning_curve(model, X, y, cv=2, exploit_incremental_learning=True)
    assert scores.shape == (len(sizes), 2)
