"""Estimators that are fitted in the process of a trial."""

import os
import tempfile
from types import SimpleNamespace

import numpy as np

from hpsearch.estimators.fitting import fit

CODE = """
import os, time, warnings
from sklearn.tree import DecisionTreeClassifier


class Forks(DecisionTreeClassifier):
    def fit(self, X, y):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            forked = os.fork() == 0
        while forked and not os.path.exists("{answered}"):
            time.sleep(0.01)
        return super().fit(X, y)
"""


def test_a_fork_of_an_estimator_writes_no_answer(tmp_path):
    """It comes back from the fit as well, at any time: the file belongs to the process that was asked."""
    code, answered = tmp_path / "forks.py", tmp_path / "answered"
    code.write_text(CODE.replace("{answered}", str(answered)))
    X, y = np.arange(8.0).reshape(-1, 1), np.arange(8) // 4
    own = os.getpid()
    with tempfile.TemporaryFile() as rows, tempfile.TemporaryFile() as answers:
        np.savez(rows, X=X, y=y, X_val=X, X_test=X, n_folds=0)
        rows.flush()
        given = {
            "estimator": "Forks",
            "file": str(code),
            "model": {},
            "classes": 2,
            "categorical": [],
            "rows": rows.fileno(),
            "answers": answers.fileno(),
            "native": False,
            "whole": False,
            "test": False,
            "keep": False,
        }
        try:
            fit(given, SimpleNamespace(params={}, seed=1))
        finally:
            if os.getpid() != own:
                os._exit(0)
        answers.seek(0)
        with np.load(answers) as found:
            assert found["held0_labels"].tolist() == y.tolist()
        os.ftruncate(answers.fileno(), 0)
        answered.touch()
        os.wait()
        assert os.fstat(answers.fileno()).st_size == 0
