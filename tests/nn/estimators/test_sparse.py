"""Sparse rows: every format, every method, with the bits of dense rows."""

import pickle

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from hpsearch.errors import DataError
from hpsearch.memory import VARIABLE
from hpsearch.nn import MLPClassifier, MLPRegressor
from tests.nn.estimators.rows import ESTIMATORS, rows

FORMATS = [
    getattr(sparse, f"{kind}_{array}")
    for kind in ("csr", "csc", "coo", "lil")
    for array in ("matrix", "array")
]
ANSWERS = ("predict", "predict_proba", "predict_log_proba")


def scarce(n=120, dtype=np.float64):
    """Return rows of which most numbers are 0, and classes."""
    X, y = rows(n)
    return np.where(abs(X) > 0.7, X, 0).astype(dtype), y


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sparse_format", FORMATS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("kind", ESTIMATORS)
def test_sparse_rows_have_the_bits_of_dense_rows(kind, sparse_format, dtype):
    """fit, partial_fit, score and every prediction, in the precision of the rows."""
    X, y = scarce(dtype=dtype)
    S, weights = sparse_format(X), np.arange(len(X)) % 3
    options = {"early_stopping": True, "validation_fraction": 0.2, "epochs": 4, "random_state": 0}
    dense, found = (kind(**options).fit(A, y, sample_weight=weights, X_val=A, y_val=y) for A in (X, S))
    for model, A in ((dense, X), (found, S)):
        model.set_params(early_stopping=False).partial_fit(A, y)
    assert found.network_.parameters.dtype == dtype
    assert found.network_.parameters.tobytes() == dense.network_.parameters.tobytes()
    assert found.score(S, y) == dense.score(X, y)
    for answer in set(ANSWERS) & set(dir(kind)):
        assert getattr(found, answer)(S).tobytes() == getattr(dense, answer)(X).tobytes()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_many_sparse_rows_are_predicted_in_pieces(kind):
    """Predictions of more rows than a piece have the bits of dense rows."""
    X, y = scarce(5000)
    model = kind(epochs=1, random_state=0).fit(X, y)
    assert model.predict(sparse.csr_array(X)).tobytes() == model.predict(X).tobytes()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_whole_numbers_and_bools_of_a_sparse_array_are_numbers(kind):
    """Counts and flags train in float64, as dense ones do."""
    X, y = scarce()
    for A in (X.round().astype(int), X > 0.7):
        dense, found = (kind(epochs=1, random_state=0).fit(B, y) for B in (A, sparse.csr_matrix(A)))
        assert found.network_.parameters.tobytes() == dense.network_.parameters.tobytes()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_sparse_columns_of_a_data_frame_are_learned(kind):
    """Names of the columns are kept."""
    X, y = scarce()
    frame = pd.DataFrame.sparse.from_spmatrix(sparse.csr_matrix(X), columns=list("abcd"))
    model = kind(epochs=1, random_state=0).fit(frame, y)
    assert model.feature_names_in_.tolist() == list("abcd")
    assert model.predict(frame).tobytes() == kind(epochs=1, random_state=0).fit(X, y).predict(X).tobytes()


@pytest.mark.parametrize("kind", ESTIMATORS)
def test_sparse_rows_that_cannot_be_are_refused(kind, monkeypatch):
    """Infinity, another width, and more than the memory may hold, in one line."""
    X, y = scarce()
    model = kind(epochs=1).fit(sparse.csr_array(X), y)
    with pytest.raises(ValueError, match=r"X has 3 features, but .* is expecting 4 features"):
        model.predict(sparse.csr_array(X[:, :3]))
    hole = X.copy()
    hole[3, 2] = np.inf
    with pytest.raises(ValueError, match=r"Input X contains infinity"):
        kind().fit(sparse.csr_array(hole), y)
    monkeypatch.setenv(VARIABLE, "0.001")
    vast = sparse.csr_array((120, 10**7))
    with pytest.raises(
        DataError, match=r"^X: expected at most 0\.001 GiB .* 120 sparse rows x 10,000,000 feat"
    ):
        kind().fit(vast, y)


def test_sparse_rows_come_out_of_text_and_of_categories():
    """A vectorizer's rows under a grid search, and an encoder's rows with embedded blocks."""
    texts = ["a cat", "the cat sat", "a dog", "the dog ran"] * 10
    pipeline = make_pipeline(TfidfVectorizer(), MLPClassifier(hidden=8, lr=0.05, random_state=0))
    grid = {"mlpclassifier__hidden": [4, (8,), [8, 4]]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(texts, ["cat", "cat", "dog", "dog"] * 10)
    assert search.score(["cat", "dog"], ["cat", "dog"]) == 1
    codes = np.arange(60)[:, None] % 3
    network = MLPRegressor(embedding=2, blocks=[(0, 3)], epochs=50, lr=0.05, random_state=0)
    model = make_pipeline(OneHotEncoder(), network).fit(codes, codes[:, 0] * 1.0)
    assert pickle.loads(pickle.dumps(model)).score(codes, codes[:, 0]) > 0.9
