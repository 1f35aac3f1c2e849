"""Studies of an estimator that only fails."""

import pytest

STUDY = """
name = "unlucky"
trials = 4
parallelism = 2
attempts = 1
[data]
source = "iris"
[objective]
estimator = "models.py:Unlucky"
[space]
max_depth = { low = 1, high = 8 }
"""
MODEL = """
from sklearn.tree import DecisionTreeClassifier


class Unlucky(DecisionTreeClassifier):
    def fit(self, X, y):
        raise ValueError("no luck")
"""


@pytest.mark.long
def test_a_study_of_an_estimator_that_only_fails_shows_the_first_error(program):
    """Exit 5 and the reason below it, as for a function."""
    program.write("models.py", MODEL)
    program.write("unlucky.toml", STUDY)
    run = program.run("start", "unlucky.toml", "--workers", 1, "--quiet")
    assert (run.code, run.out) == (5, "")
    assert "none of its 4 trials was completed\ntrial 0: " in run.err
    assert "ValueError: no luck (models.py, line 7)\nhpsearch show 0 --study unlucky has the rest" in run.err
