"""Conditional parameters in the ledger: rows for those that are active, and for no others."""

import dataclasses
import math
import re

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.trial import TrialState as OptunaState

from hpsearch.errors import StudyFileError
from hpsearch.search import Proposal, TrialState, history_digests
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, Space
from hpsearch.store import Result
from hpsearch.store.trials.history import _changed
from tests.store.databases import long_on_postgresql

FORKED = Space(
    (
        FloatParameter(name="momentum", low=0.5, high=0.9),
        FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),
        ChoiceParameter(name="optimizer", choices=("sgd", "momentum")),
        IntParameter(name="warm", low=1, high=4),
    ),
    (
        Condition(name="momentum", on="optimizer", among=("momentum",)),
        Condition(name="warm", on="optimizer", among=("sgd",)),
    ),
)
SGD = {"lr": 0.01, "optimizer": "sgd", "warm": 2}
MOMENTUM = {"momentum": 0.75, "lr": 0.02, "optimizer": "momentum"}
SEED_OF_MOMENTUM = 0
"""Optuna's first draw of an optimizer with it is momentum."""
DISTRIBUTIONS = {
    "momentum": FloatDistribution(0.5, 0.9),
    "lr": FloatDistribution(1e-4, 1e-1, log=True),
    "optimizer": CategoricalDistribution(("sgd", "momentum")),
    "warm": optuna.distributions.IntDistribution(1, 4),
}


@pytest.fixture
def study(ledger, terms):
    """Return a study of 10 trials with conditional parameters, 4 at a time."""
    return ledger.open_study(terms(space=FORKED))


@pytest.fixture
def claim(ledger, study, worker):
    """Return a function that claims with a proposal for a number: without momentum where it is even."""

    def claim(*numbers):
        proposals = [
            Proposal(number=n, internal=FORKED.internal((SGD, MOMENTUM)[n % 2]), stage="round 0")
            for n in numbers
        ]
        options = {"worker_id": worker.worker_id, "proposals": proposals, "limit": 100}
        return ledger.claim(study, **options)

    return claim


@pytest.fixture
def theirs(study, storage):
    """Return the study as Optuna sees it."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna.load_study(study_name=study.name, storage=storage)


def complete(ledger, claims):
    """Complete claims; return those that were taken."""
    done = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.25, 0.5))
    return ledger.finish([(claim, done) for claim in claims])


def test_rows_are_written_for_active_parameters_alone(claim, ledger, study, theirs, query):
    """Optuna finds what it would have written itself; hpsearch reads NaN where there is no row."""
    claims = claim(0, 1)
    names = query(ledger, "SELECT trial_id, param_name FROM trial_params ORDER BY trial_id, param_name")
    assert [name for _, name in names] == ["lr", "optimizer", "warm", "lr", "momentum", "optimizer"]
    assert [trial.params for trial in theirs.trials] == [SGD, MOMENTUM]
    assert theirs.trials[0].distributions == {n: DISTRIBUTIONS[n] for n in SGD}
    assert complete(ledger, claims) == claims
    history = ledger.history(study).history
    assert [history.point(n) for n in range(2)] == [claim.internal for claim in claims]
    assert np.isnan(history.internal).tolist() == [[True, False, False, False], [False, False, False, True]]
    assert history.states.tolist() == [TrialState.COMPLETE] * 2
    assert ledger.digests(study) == history_digests(history)
    assert [ledger.trial(study, n).params for n in range(2)] == [SGD, MOMENTUM]
    assert [row.params for row in ledger.rows(study)] == [SGD, MOMENTUM]


def test_a_trial_without_all_parameters_is_taken_over_as_it_was(claim, ledger, expire):
    """A lost trial is the same claim again, equal though it holds NaN, and its result is taken."""
    (lost,) = claim(0)
    expire(ledger, lost)
    (again,) = claim()
    assert again == dataclasses.replace(lost, attempt=2, token=again.token)
    assert len({again, dataclasses.replace(lost, attempt=2, token=again.token)}) == 1
    assert complete(ledger, [again]) == [again]


def test_a_parameter_that_is_not_active_is_no_reason_to_read_again(claim, ledger, study):
    """Trials that run are read once, unless they lack what is due: NaN is there to stay."""
    claim(0, 1)
    history = ledger.history(study).history
    running = [TrialState.RUNNING] * 2
    assert _changed(history, FORKED, 0, running) == []
    assert _changed(history, FORKED, 0, [TrialState.RUNNING, TrialState.COMPLETE]) == [1]
    history.internal[0, 3] = math.nan
    assert _changed(history, FORKED, 0, [*running, TrialState.RUNNING]) == [0, 2]


def test_parameters_that_come_one_by_one_are_read_when_they_are_there(claim, ledger, study, theirs):
    """Somebody's own loop suggests as it runs: the history follows, and the trial counts when it is told."""
    theirs.sampler = optuna.samplers.RandomSampler(seed=SEED_OF_MOMENTUM)
    trial = theirs.ask()
    assert claim(0) == []
    known = ledger.history(study)
    for n, suggest in enumerate(
        (
            lambda: trial.suggest_categorical("optimizer", ("sgd", "momentum")),
            lambda: trial.suggest_float("lr", 1e-4, 1e-1, log=True),
            lambda: trial.suggest_float("momentum", 0.5, 0.9),
        ),
        start=1,
    ):
        suggest()
        known = ledger.history(study, known)
        assert np.isfinite(known.history.internal).sum() == n
    theirs.tell(trial, 0.5)
    claim(1)
    history = ledger.history(study, known).history
    assert history.states[0] == TrialState.COMPLETE
    assert trial.params["optimizer"] == "momentum"
    assert history.point(0) == FORKED.internal(trial.params)


def test_trials_of_others_count_where_they_are_points_of_the_space(claim, ledger, study, theirs):
    """Those that lack what is active, or have what is not, have failed; the books agree with the rows."""
    for params in (SGD, MOMENTUM, {"lr": 0.01, "optimizer": "momentum"}, {**SGD, "momentum": 0.75}):
        distributions = {name: DISTRIBUTIONS[name] for name in params}
        theirs.add_trial(optuna.create_trial(params=params, distributions=distributions, value=0.5))
    assert claim(0) == []
    history = ledger.history(study).history
    assert history.states.tolist() == [TrialState.COMPLETE] * 2 + [TrialState.FAILED] * 2
    assert ledger.digests(study) == history_digests(history)
    assert [row.params for row in ledger.rows(study)] == [trial.params for trial in theirs.trials]


@pytest.fixture(params=["the ledger", "optuna"])
def enqueue(request, ledger, study, theirs):
    """Return both ways to let the next number try some parameters."""
    if request.param == "optuna":
        return theirs.enqueue_trial
    return lambda wish: ledger.enqueue(study, wish)


@pytest.mark.parametrize(
    ("wish", "filler", "params"),
    [
        ({"lr": 0.05}, SGD, {**SGD, "lr": 0.05}),
        ({"optimizer": "sgd"}, SGD, SGD),
        ({"optimizer": "momentum"}, SGD, {"momentum": 0.7, "lr": 0.01, "optimizer": "momentum"}),
        ({"optimizer": "sgd", "warm": 4}, MOMENTUM, {"lr": 0.02, "optimizer": "sgd", "warm": 4}),
    ],
)
@long_on_postgresql
def test_an_enqueued_trial_is_filled_in_where_something_is_due(worker, enqueue, wish, filler, params):
    """The proposal fills in what the wish leaves open; where it has nothing, the middle of the range."""
    enqueue(wish)
    ledger, study = worker.ledger, worker.study
    proposal = Proposal(number=0, internal=FORKED.internal(filler), stage="round 0")
    options = {"worker_id": worker.worker_id, "proposals": [proposal], "limit": 1}
    (claim,) = ledger.claim(study, **options)
    assert FORKED.external(claim.internal) == params
    assert ledger.trial(study, 0).params == params
    assert complete(ledger, [claim]) == [claim]
    assert ledger.history(study).history.states.tolist() == [TrialState.COMPLETE]


def test_a_whole_point_that_is_enqueued_waits_for_no_proposal(worker, ledger, study):
    """Nothing is left open where all that is active is given."""
    ledger.enqueue(study, SGD)
    (claim,) = ledger.claim(study, worker_id=worker.worker_id, proposals=[], limit=1)
    assert claim.internal == FORKED.internal(SGD)
    assert math.isnan(claim.internal[0])


def test_a_parameter_enqueued_without_its_condition_is_refused(worker, ledger, study, theirs):
    """By the ledger at once; through Optuna, whose door is not ours, the trial fails and says why."""
    with pytest.raises(
        StudyFileError, match=r'^momentum: expected optimizer = "momentum" beside it, found noth'
    ):
        ledger.enqueue(study, {"momentum": 0.75})
    theirs.enqueue_trial({"momentum": 0.75, "optimizer": "sgd"})
    assert ledger.claim(study, worker_id=worker.worker_id, proposals=[], limit=1) == []
    assert theirs.trials[0].state is OptunaState.FAIL
    reason = 'enqueued parameters: momentum: expected optimizer = "momentum" beside it, found "sgd"'
    assert theirs.trials[0].user_attrs["reason"] == reason


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ({"lr": float("nan")}, "lr: expected a number from 0.0001 to 0.1, found nan"),
        ({"lr": float("inf")}, "lr: expected a number from 0.0001 to 0.1, found inf"),
        ({"lr": True}, "lr: expected a number from 0.0001 to 0.1, found true"),
        ({"lr": "0.01"}, 'lr: expected a number from 0.0001 to 0.1, found "0.01"'),
        ({"lr": 0.2}, "lr: expected a number from 0.0001 to 0.1, found 0.2"),
        ({"optimizer": "sgd", "warm": 1.5}, "warm: expected a whole number from 1 to 4, found 1.5"),
        ({"optimizer": "SGD"}, 'optimizer: expected one of sgd, momentum, found "SGD"'),
        ({"rate": 0.1}, 'rate: expected a parameter of the space, found "rate"'),
    ],
)
@long_on_postgresql
def test_fault_85_a_wish_that_cannot_be_is_refused_at_both_doors(worker, study, theirs, wish, message):
    """By the ledger at once, and nothing is written; through Optuna the trial fails with the same words."""
    with pytest.raises(StudyFileError, match=f"^{re.escape(message)}$"):
        worker.ledger.enqueue(study, wish)
    assert theirs.trials == []
    theirs.enqueue_trial(wish)
    assert worker.ledger.claim(study, worker_id=worker.worker_id, proposals=[], limit=1) == []
    assert theirs.trials[0].user_attrs["reason"] == f"enqueued parameters: {message}"


def test_fault_85_no_parameter_is_no_wish(ledger, study, theirs):
    """An empty wish would only move the search on by one."""
    expected = "^expected at least one parameter of the space .momentum, lr, optimizer, warm., found none$"
    with pytest.raises(StudyFileError, match=expected):
        ledger.enqueue(study, {})
    assert theirs.trials == []


def test_fault_85_numbers_of_numpy_are_stored_as_what_they_mean(ledger, study, theirs):
    """Optuna reads Python's own types, a whole number as one."""
    ledger.enqueue(study, {"optimizer": "sgd", "warm": 2.0, "lr": np.float64(0.05)})
    found = theirs.trials[0].system_attrs["fixed_params"]
    assert found == {"lr": 0.05, "optimizer": "sgd", "warm": 2}
    assert [type(value) for value in found.values()] == [str, int, float]
