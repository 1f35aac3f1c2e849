"""Functions of a user's own, called by a real evaluator."""

import pytest

from hpsearch.objective import OBJECTIVES, Task, find_code
from hpsearch.study_file import read_study
from tests.objective.processes import children

STUDY = """
name = "called"
[objective]
call = "train.py:score"
{more}
[space]
x = {{ low = 0.0, high = 10.0 }}
"""


class Inputs:
    """The code of a study, in its own folder."""

    def __init__(self, spec):
        self._spec = spec

    def code(self):
        """Return it."""
        return find_code(self._spec.objective, self._spec.base)


@pytest.fixture
def bind(tmp_path):
    """Return a function that makes an evaluator of a function's text; it is closed at the end."""
    made = []

    def bind(code, more=""):
        (tmp_path / "train.py").write_text(code)
        (tmp_path / "called.toml").write_text(STUDY.format(more=more))
        spec = read_study(tmp_path / "called.toml")
        objective = OBJECTIVES[spec.objective.kind]
        spec = objective.check(spec)
        made.append(objective.bind(spec, Inputs(spec)))
        return made[-1]

    yield bind
    for evaluator in made:
        evaluator.close()
    assert children() == []


@pytest.fixture
def task(tmp_path):
    """Return a function that makes the task of a trial."""

    def task(number=0, x=1.0, **more):
        folder = tmp_path / "folders" / str(number)
        return Task(settings={"x": x}, seed=(number + 1) << 40, number=number, folder=folder, **more)

    return task
