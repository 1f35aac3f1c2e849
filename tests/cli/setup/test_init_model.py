"""``init --model``: a study of a well-known estimator."""

import tomllib

import pytest

from hpsearch.objective import draft_study
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.space.checks import FieldError
from hpsearch.study_file import DataSpec


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("model", NAMED_ESTIMATORS)
@pytest.mark.sampled(every=5)
def test_every_model_has_a_study_that_its_library_takes(tmp_path, model, task):
    """The estimator's own check accepts the settings and both ends of every range."""
    pytest.importorskip(NAMED_ESTIMATORS[model].path(task).partition(".")[0])
    source = "iris" if task == "classification" else "diabetes"
    draft = draft_study(DataSpec(source=source), file=tmp_path / "s.toml", model=model)
    study = tomllib.loads(draft.text)
    assert study["objective"] == {"estimator": NAMED_ESTIMATORS[model].path(task)}
    assert study["search"] == {"widen": 0}
    assert "hidden" not in study.get("model", {})


def test_a_model_that_is_not_there_is_refused(tmp_path):
    """The nearest name is offered."""
    with pytest.raises(FieldError, match=r'--model: expected one of .*did you mean "random-forest"'):
        draft_study(DataSpec(source="iris"), file=tmp_path / "s.toml", model="random-forrest")
