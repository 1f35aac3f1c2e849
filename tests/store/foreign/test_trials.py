"""The trials of a study that Optuna alone has made, as columns, one by one, and as rows to export."""

import math

import numpy as np
import pytest

from hpsearch.errors import ForeignStudyError, NotFoundError
from hpsearch.search import TrialState
from hpsearch.store import curve_steps
from hpsearch.store.foreign.trials import STEPS_MOST
from tests.machine.foreign_studies import make_theirs, optuna_storage, params_of, score_of

C, P, F = TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED
STATES = [C] * 24 + [P, P, F, F, F, TrialState.RUNNING, TrialState.WAITING]


def test_its_history(theirs):
    """Values and steps as reported; a trial of an infinite value counts as failed; a gap is a gap."""
    study = theirs.find_study("theirs")
    history = theirs.history(study).history
    assert history.states.tolist() == STATES
    assert history.measured[:25].tolist() == [*map(score_of, range(24)), 0.25]
    assert np.isnan(history.measured[25:]).all()
    assert history.curves.shape == (31, 3)
    assert history.curves[5].tolist() == [score_of(5) * (i + 1) / 3 for i in range(3)]
    assert theirs.epochs(study) == [0, 2, 4]
    column = study.space.names.index("C")
    assert np.isnan(history.internal[1, column])
    assert history.internal[2, column] == 2.5


def test_less_is_better_where_optuna_minimizes(theirs_url, theirs):
    """Scores are turned round, as in a study of hpsearch's."""
    with optuna_storage(theirs_url) as storage:
        make_theirs(storage, name="less", direction="minimize", n_trials=3)
    study = theirs.find_study("less")
    history = theirs.history(study).history
    assert history.values[:3].tolist() == [-score_of(n) for n in range(3)]
    # The pruned trial with 0.25 does not take part: it did not run to the end.
    assert theirs.snapshot(study).best.value == min(map(score_of, range(3)))


def test_one_trial(theirs):
    """Its values are those that the objective had, of their own types, and its user attributes are there."""
    study = theirs.find_study("theirs")
    trial = theirs.trial(study, 0)
    assert trial.params == params_of(0)
    assert (trial.value, trial.attempts, trial.stage, trial.reason) == (score_of(0), None, "", None)
    assert trial.attributes["stage"] == "mine"
    assert trial.attributes["folds"][0] == 0.5
    failed = theirs.trial(study, 26)
    assert (failed.state, failed.value, failed.params) == (F, None, {"lr": 0.01})
    assert math.isnan(failed.curve[0])
    assert failed.curve[1] == math.inf
    with pytest.raises(NotFoundError, match="study 'theirs' has no trial 31: expected 0 to 30"):
        theirs.trial(study, 31)


def test_its_rows(theirs):
    """A column has one type: mixed choices are texts there; what only hpsearch records is not there."""
    rows = list(theirs.rows(theirs.find_study("theirs")))
    assert [row.number for row in rows] == list(range(31))
    assert rows[0].params["depth"] == "None"
    assert rows[0].params["units"] == 8
    assert (rows[0].stage, rows[0].attempts, rows[0].reason) == (None, 0, None)
    assert rows[28].value == math.inf
    assert dict(rows[3].curve).keys() == {0, 2, 4}


def test_several_objectives_are_refused_with_what_shows_them(theirs):
    """There is no best trial; how many trials there are can be read."""
    study = theirs.find_study("pareto")
    for read in (theirs.history, lambda study: theirs.trial(study, 0)):
        with pytest.raises(ForeignStudyError, match=r"expected one objective, found 2.*dashboard shows"):
            read(study)
    status = theirs.status(study)
    assert (status.budget, status.best_value, status.objectives) == (2, None, 2)


def test_of_many_steps_some_have_a_column():
    """A study may report at every step of a long training; the first and the last step are there."""
    few, many = list(range(0, 50, 5)), list(range(10_000))
    assert curve_steps(few) == few
    found = curve_steps(many)
    assert (len(found), found[0], found[-1]) == (STEPS_MOST, 0, 9_999)
