"""What the ledger writes, Optuna reads; what Optuna writes, the ledger leaves alone."""

import dataclasses
from datetime import datetime, timedelta

import numpy as np
import optuna
import pytest
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.study import StudyDirection
from optuna.trial import TrialState as OptunaState

from hpsearch.errors import ContractError, NotFoundError
from hpsearch.search import EnsembleScore, TrialState, Verdict, history_digests
from hpsearch.store import RefusedError, Result

DISTRIBUTIONS = {
    "lr": FloatDistribution(1e-4 / 10**2, 1e-1 * 10**2, log=True),
    "width": IntDistribution(4, 64, log=True),
    "activation": CategoricalDistribution(("relu", "tanh")),
}


@pytest.fixture(autouse=True)
def quiet():
    """Keep Optuna's log lines out of the tests' output."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)


@pytest.fixture
def settled(worker, ledger, storage):
    """Return what Optuna reads of a study with a trial in each state: 0 failed, 1 pruned, 2 best, 3 runs."""
    failed, pruned, complete, running = worker.claim(0, 1, 2, 3)
    ledger.finish(
        [
            (failed, Result(state=TrialState.FAILED, value=None, reason="it broke")),
            (pruned, Result(state=TrialState.PRUNED, value=0.1, curve=(0.1,), reason="stopped")),
            (complete, Result(state=TrialState.COMPLETE, value=0.75, curve=(0.25, 0.5, 0.75))),
        ]
    )
    worker.report(running, curve=(0.9, 0.95))
    return optuna.load_study(study_name="study", storage=storage)


def test_optuna_reads_the_study(settled, ledger, study):
    """Direction, metric name and the result stand where Optuna looks for them."""
    verdict = Verdict(
        number=2,
        value=0.75,
        params={"lr": 0.1},
        seeds=5,
        mean=0.7,
        interval=(0.6, 0.8),
        test={"accuracy": 0.7},
        ensemble=EnsembleScore(size=3, test={"accuracy": 0.72}),
    )
    ledger.set_verdict(study, verdict)
    assert settled.direction is StudyDirection.MAXIMIZE
    assert settled.metric_names == ["validation accuracy"]
    assert settled.user_attrs == {"result": {**verdict.to_json(), "interval": [0.6, 0.8]}}


def test_optuna_reads_every_trial(settled, propose, space):
    """Numbers, states, values, curves and reasons; parameters as the model sees them, in their own types."""
    trials = settled.trials
    assert [t.number for t in trials] == [0, 1, 2, 3]
    states = [OptunaState.FAIL, OptunaState.PRUNED, OptunaState.COMPLETE, OptunaState.RUNNING]
    assert [t.state for t in trials] == states
    assert [t.values for t in trials] == [None, [0.1], [0.75], None]
    curves = [{}, {1: 0.1}, {1: 0.25, 2: 0.5, 3: 0.75}, {1: 0.9, 2: 0.95}]
    assert [t.intermediate_values for t in trials] == curves
    for trial, proposal in zip(trials, propose(0, 1, 2, 3), strict=True):
        assert trial.params == space.external(proposal.internal)
        assert [type(trial.params[name]) for name in space.names] == [float, int, str]
        assert trial.distributions == DISTRIBUTIONS
    notes = [t.user_attrs for t in trials]
    assert [note["stage"] for note in notes] == ["round 0"] * 4
    assert [note.get("reason") for note in notes] == ["it broke", "stopped", None, None]
    assert settled.best_trial.number == 2
    assert settled.best_value == 0.75


def test_optuna_shows_times_in_local_time(settled):
    """Start and end are now, on the clock on the wall; what runs has no end."""
    for trial in settled.trials:
        assert abs(datetime.now() - trial.datetime_start) < timedelta(minutes=1)  # noqa: DTZ005 - Optuna's way
        assert (trial.datetime_complete is None) == (trial.number == 3)
    assert all(t.duration >= timedelta(0) for t in settled.trials[:3])


def test_optunas_own_tools_work_on_a_running_study(settled):
    """A data frame's worth of columns, a sampler's next question and the importances need nothing more."""
    assert settled.get_trials(states=[OptunaState.COMPLETE])[0].number == 2
    trial = optuna.study.create_study(sampler=optuna.samplers.TPESampler(seed=0))
    trial.add_trials([t for t in settled.trials if t.state.is_finished()])
    assert set(trial.ask(DISTRIBUTIONS).params) == set(DISTRIBUTIONS)


def test_reading_by_optuna_does_not_disturb_the_workers(settled, worker, ledger, storage):
    """Optuna reads while a writing transaction is open, and the next claim goes on."""

    def write_and_read(connection):
        connection.exec_driver_sql("UPDATE hpsearch_studies SET base = base")
        again = optuna.load_study(study_name="study", storage=storage)
        return len(again.trials)

    assert ledger.database.write(write_and_read) == len(settled.trials)
    assert [c.number for c in worker.claim(4, 5)] == [4, 5]


def test_a_study_of_optunas_is_not_ours(ledger, storage, terms):
    """A name that an Optuna study has is refused to create and not found to attach."""
    optuna.create_study(study_name="theirs", storage=storage)
    message = "study 'theirs' is in this database but was not made by hpsearch; give yours another name"
    with pytest.raises(ContractError, match=message):
        ledger.open_study(terms("theirs"))
    with pytest.raises(NotFoundError, match="found 'theirs', which Optuna alone has made"):
        ledger.find_study("theirs")
    assert ledger.study_names() == []


def test_other_studies_in_the_file_are_left_alone(ledger, storage, terms, hire):
    """Theirs before, ours between, theirs after: each has its own dense numbers, and theirs do not change."""
    theirs = optuna.create_study(study_name="theirs", storage=storage)
    theirs.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=3)
    worker = hire(ledger, ledger.open_study(terms("ours")))
    claims = worker.claim(0, 1)
    theirs.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    claims += worker.claim(2)
    before = theirs.trials
    worker.finish(*claims)
    known = ledger.history(worker.study)
    assert [c.number for c in claims] == [0, 1, 2]
    assert [t.number for t in theirs.trials] == [0, 1, 2, 3, 4]
    assert theirs.trials == before
    assert known.history.settled_prefix == len(known.history) == 3
    assert ledger.study_names() == ["ours"]


def test_a_study_deleted_through_optuna_can_be_made_again(ledger, storage, terms, hire, query):
    """SQLite gives its keys again; nothing of the old study is in the new one's way."""
    gone = hire(ledger, ledger.open_study(terms("gone")))
    ledger.release(gone.claim(0, 1, 2))
    optuna.delete_study(study_name="gone", storage=storage)
    assert ledger.study_names() == []
    again = hire(ledger, ledger.open_study(terms("gone", budget=5)))
    assert (again.study.study_id == gone.study.study_id) == (ledger.database.path is not None)
    assert [c.attempt for c in again.claim(0, 1)] == [1, 1]
    assert ledger.snapshot(again.study).search.counts == {TrialState.RUNNING: 2}
    assert query(ledger, "SELECT count(*) FROM hpsearch_workers") == [(1,)]


def test_a_trial_failed_by_hand_can_be_tried_again_at_once(worker, ledger, storage, study, query):
    """Also before any claim has looked at it; one that was completed by hand cannot."""
    claims = worker.claim(0, 1)
    ours = optuna.load_study(study_name="study", storage=storage)
    ours.tell(0, state=OptunaState.FAIL)
    ours.tell(1, 0.5)
    ledger.retry(study, 0)
    with pytest.raises(RefusedError, match="trial 1 of study 'study' has not failed: it is complete"):
        ledger.retry(study, 1)
    assert query(ledger, "SELECT count(*) FROM hpsearch_attempts WHERE ended_at IS NULL") == [(1,)]
    assert worker.finish(*claims) == []
    assert [(c.number, c.attempt) for c in worker.claim()] == [(0, 2)]


def test_forgetting_a_deleted_study_spares_the_others(ledger, storage, terms, hire):
    """A claim of another study is still held after the leftovers are dropped."""
    kept, gone = (hire(ledger, ledger.open_study(terms(name))) for name in ("kept", "gone"))
    held = kept.claim(0, 1)
    gone.claim(0)
    optuna.delete_study(study_name="gone", storage=storage)
    ledger.open_study(terms("new"))
    assert kept.finish(*held) == held
    assert ledger.find_study("kept") == kept.study


def test_parameters_are_stored_in_optunas_internal_form(worker, ledger, query):
    """A category is stored as its index, everything else as the number, bit for bit."""
    (claim,) = worker.claim(0)
    rows = dict(query(ledger, "SELECT param_name, param_value FROM trial_params"))
    assert rows == dict(zip(("lr", "width", "activation"), claim.internal, strict=True))
    assert dataclasses.asdict(claim)["internal"] == tuple(rows.values())


def test_trials_of_others_that_make_no_sense_have_failed(ledger, study, worker, storage):
    """Parameters of another space, out of range or missing, and values that are none, harm nobody."""
    ranges = {
        "lr": FloatDistribution(1e-9, 100.0, log=True),
        "width": IntDistribution(1, 512, log=True),
        "activation": CategoricalDistribution(("relu", "tanh")),
        "other": FloatDistribution(0.0, 1.0),
    }
    good = {"lr": 0.01, "width": 8, "activation": "relu", "other": 0.5}
    wrongs = [{"lr": 99.0}, {"width": 500}]
    theirs = optuna.load_study(study_name=study.name, storage=storage)
    for params in [good, *(good | wrong for wrong in wrongs)]:
        theirs.add_trial(
            optuna.create_trial(params=params, distributions=ranges, value=0.5, intermediate_values={7: 0.1})
        )
    theirs.add_trial(optuna.create_trial(value=float("inf")))
    assert worker.claim(0) == []  # the numbers 0 to 3 are theirs
    history = ledger.history(study).history
    assert history.states.tolist() == [TrialState.COMPLETE] + [TrialState.FAILED] * 3
    assert np.isnan(history.curves).all()
    assert [claim.number for claim in worker.claim(4)] == [4]
    assert ledger.digests(study) == [d for d in history_digests(history) if d]


def test_a_trial_that_was_asked_for_and_never_told_fails_after_a_lease(ledger, study, worker, storage):
    """Nobody knows its parameters, so nobody can train it; the books and the rows agree on it."""
    optuna.load_study(study_name=study.name, storage=storage).ask()
    assert worker.claim(0) == []
    assert ledger.row(study).unsettled == 1
    ledger.database.write(lambda c: c.exec_driver_sql("UPDATE hpsearch_attempts SET lease_until = 0").close())
    assert [claim.number for claim in worker.claim(1)] == [1]
    row = ledger.trial(study, 0)
    assert (row.state, row.reason) == (
        TrialState.FAILED,
        "it was asked for through Optuna and never told",
    )
    history = ledger.history(study).history
    assert ledger.digests(study) == [digest for digest in history_digests(history) if digest]
