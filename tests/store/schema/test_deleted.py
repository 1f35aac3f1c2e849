"""What is left of deleted studies, and rows that another program took out: no other study suffers."""

import contextlib
import dataclasses

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.errors import NotFoundError, StorageError
from hpsearch.search import TrialState
from hpsearch.store import Result, StaleTermsError, WorkerIdentity, check_database
from tests.store.databases import only_sqlite

OTHER = WorkerIdentity(host="there", process="boot-2-2", pid=2, environment={})
OWN = (
    "hpsearch_studies",
    "hpsearch_attempts",
    "hpsearch_rounds",
    "hpsearch_workers",
    "hpsearch_checkpoints",
)


@pytest.fixture(autouse=True)
def quiet():
    """Keep Optuna's log lines out of the tests' output."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)


def work(ledger, study, propose, *numbers, name="boot-1-1"):
    """Claim and complete trials of a study as a worker of its own; return the claims."""
    identity = WorkerIdentity(host="here", process=name, pid=1, environment={})
    worker_id = ledger.enlist(study, identity)
    claims = ledger.claim(study, worker_id=worker_id, proposals=propose(*numbers), limit=100)
    done = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.5,))
    ledger.finish([(claim, done) for claim in claims])
    return claims


def rows(ledger, text):
    """Return the rows of a query."""
    return ledger.database.read(lambda c: [tuple(row) for row in c.execute(sa.text(text))])


def change(ledger, text):
    """Change rows as another program would."""
    ledger.database.write(lambda c: c.execute(sa.text(text)))


@pytest.fixture
def left_over(ledger, storage, terms, propose):
    """Return a study with four trials, after another one with four more was deleted through Optuna."""
    study = ledger.open_study(terms("mine"))
    work(ledger, study, propose, 0, 1, 2, 3)
    other = ledger.open_study(terms("other"))
    work(ledger, other, propose, 0, 1, 2, 3)
    optuna.delete_study(study_name="other", storage=storage)
    return study


def test_fault_65_a_claim_after_a_neighbor_was_deleted(left_over, ledger, propose):
    """The keys of its trials may be given again: the books of the deleted study are not in the way."""
    assert [claim.number for claim in work(ledger, left_over, propose, 4, 5, 6, 7)] == [4, 5, 6, 7]
    assert len(ledger.history(left_over).history) == 8
    assert [str(f) for f in check_database(ledger.database) if f.is_damage] == []


@pytest.mark.parametrize("way", ["enqueue", "ask", "add"])
def test_fault_65_a_trial_of_optuna_after_a_neighbor_was_deleted(left_over, ledger, propose, storage, way):
    """A trial that was put in through Optuna has a key of the deleted one's: it is adopted as it is."""
    mine = optuna.load_study(study_name="mine", storage=storage)
    if way == "enqueue":
        mine.enqueue_trial({"lr": 0.01, "width": 8, "activation": "relu"})
    elif way == "ask":
        mine.tell(mine.ask(), state=optuna.trial.TrialState.FAIL)
    else:
        mine.add_trial(optuna.trial.create_trial(state=optuna.trial.TrialState.FAIL))
    claims = work(ledger, left_over, propose, 4, 5)
    assert [claim.number for claim in claims] == ([4] if way == "enqueue" else [])
    assert ledger.row(left_over).admitted == 5
    assert len(rows(ledger, "SELECT 1 FROM hpsearch_attempts WHERE number = 4")) == 1
    assert [claim.number for claim in work(ledger, left_over, propose, 5)] == [5]


def test_fault_65_opening_a_study_clears_what_is_left(left_over, ledger, terms):
    """An attach is enough; all tables are looked at."""
    assert ledger.open_study(terms("mine")) == left_over
    for table in OWN[:4]:
        living = f"SELECT count(*) FROM {table} WHERE study_id <> {left_over.study_id}"
        assert rows(ledger, living) == [(0,)], table


def test_fault_65_the_check_finds_what_is_left_and_mends_it(left_over, ledger):
    """It is a note and no damage; a second check has nothing to say."""
    (finding,) = check_database(ledger.database)
    assert not finding.is_damage
    assert "rows were left of studies that were deleted" in finding.text
    assert check_database(ledger.database) == []
    assert len(ledger.history(left_over).history) == 4


@only_sqlite
def test_fault_65_a_study_of_optuna_alone_does_not_inherit(ledger, storage, terms, propose):
    """A study that Optuna makes under the key of a deleted one is no study of hpsearch's."""
    study = ledger.open_study(terms("gone"))
    work(ledger, study, propose, 0, 1)
    optuna.delete_study(study_name="gone", storage=storage)
    plain = optuna.create_study(study_name="plain", storage=storage)
    assert plain._study_id == study.study_id
    plain.add_trial(optuna.trial.create_trial(value=1.0))
    with contextlib.suppress(NotFoundError):
        ledger.find_study("plain")
    mine = ledger.open_study(terms("mine"))
    assert ledger.study_names() == ["mine"]
    with pytest.raises(NotFoundError, match="which Optuna alone has made"):
        ledger.find_study("plain")
    assert len(work(ledger, mine, propose, 0, 1, 2, 3)) == 4
    assert [trial.value for trial in plain.trials] == [1.0]


def test_a_study_keeps_its_books_when_its_metric_gets_another_name(study, ledger, storage, terms, propose):
    """What a user may change through Optuna makes no study a deleted one."""
    work(ledger, study, propose, 0, 1)
    with pytest.warns(optuna.exceptions.ExperimentalWarning):
        optuna.load_study(study_name="study", storage=storage).set_metric_names(["accuracy"])
    ledger.open_study(terms("another"))
    assert len(ledger.history(ledger.open_study(terms())).history) == 2


def test_fault_66_a_worker_of_a_deleted_study_leaves_its_namesake_alone(ledger, storage, terms, propose):
    """Deleted and made again under its name, on SQLite under its key too: the old worker is refused."""
    old = ledger.open_study(terms(seed=1))
    worker_id = ledger.enlist(old, OTHER)
    (claim, *_) = ledger.claim(old, worker_id=worker_id, proposals=propose(0), limit=1)
    optuna.delete_study(study_name="study", storage=storage)
    new = ledger.open_study(terms(seed=1))
    for verb in (
        lambda: ledger.look(old),
        lambda: ledger.row(old),
        lambda: ledger.snapshot(old),
        lambda: ledger.claim(old, worker_id=worker_id, proposals=propose(0), limit=1),
        lambda: ledger.enqueue(old, {"lr": 0.01}),
        lambda: ledger.retry(old, 0),
    ):
        with pytest.raises(NotFoundError, match="'study' was deleted"):
            verb()
    with pytest.raises(StaleTermsError, match="has changed meanwhile"):
        ledger.expect_unchanged(old)
    assert ledger.finish([(claim, Result(state=TrialState.COMPLETE, value=0.5, curve=(0.5,)))]) == []
    assert rows(ledger, "SELECT count(*) FROM trials") == [(0,)]
    assert len(work(ledger, new, propose, 0, 1)) == 2


def test_fault_66_a_confirmation_whose_search_was_deleted_is_set_aside(ledger, storage, terms, propose):
    """The search is made again: what confirmed the old one does not become its confirmation."""
    contract = {"confirms": "0", "finalists": [1]}
    asked = dataclasses.replace(terms("study.confirm"), contract=contract)
    first = ledger.open_study(dataclasses.replace(asked, confirms=ledger.open_study(terms())))
    work(ledger, first, propose, 0)
    optuna.delete_study(study_name="study", storage=storage)
    search = ledger.open_study(terms())
    second = ledger.open_study(dataclasses.replace(asked, confirms=search))
    assert (second.search_id, second.name) == (search.study_id, "study.confirm")
    assert second.study_id != first.study_id
    assert ledger.row(second).admitted == 0


DAMAGE = {
    "a settled trial runs again": "UPDATE trials SET state = 'RUNNING' WHERE number = {number} AND {mine}",
    "all trials are gone": "DELETE FROM trials WHERE {mine}",
    "a trial is gone": "DELETE FROM trials WHERE number = {number} AND {mine}",
    "a number is twice": "INSERT INTO trials (study_id, number, state) VALUES ({key}, {number}, 'FAIL')",
}


@pytest.mark.parametrize("number", [0, 1, 2])
@pytest.mark.parametrize("kind", DAMAGE)
@pytest.mark.sampled
def test_fault_67_rows_that_are_gone_or_run_again_are_told(ledger, study, propose, kind, number):
    """A worker that looks at the study ends with the trial and the command that lists the damage."""
    work(ledger, study, propose, 0, 1, 2, 3)
    for table in CHILDREN if "gone" in kind else ():
        change(ledger, f"DELETE FROM {table}")
    key = study.study_id
    change(ledger, DAMAGE[kind].format(number=number, key=key, mine=f"study_id = {key}"))
    with pytest.raises(StorageError, match=r"^study 'study': .*\nhpsearch db check"):
        ledger.look(study)
    assert any(finding.is_damage for finding in check_database(ledger.database))


CHILDREN = ("trial_params", "trial_values", "trial_intermediate_values", "trial_user_attributes")


def test_fault_67_a_neighbor_is_not_told(ledger, terms, propose):
    """Trials of one study are gone, and their keys are given again: the other study goes on."""
    other, mine = ledger.open_study(terms("other")), ledger.open_study(terms("mine"))
    work(ledger, mine, propose, 0, 1)
    work(ledger, other, propose, 0, 1, 2, 3)
    for table in CHILDREN:
        change(ledger, f"DELETE FROM {table} WHERE trial_id > 2")
    change(ledger, f"DELETE FROM trials WHERE study_id = {other.study_id}")
    assert len(work(ledger, mine, propose, 2, 3)) == 2
    assert len(ledger.history(mine).history) == 4
    with pytest.raises(StorageError, match="4 trials were handed out, and 0 are there"):
        ledger.look(other)


def test_fault_67_a_trial_that_is_gone_under_a_worker_is_told(ledger, study, propose):
    """A worker that knows a part of the history notices what is missing in the rest."""
    work(ledger, study, propose, 0, 1)
    known, _ = ledger.look(study)
    claims = work(ledger, study, propose, 2, 3, 4)
    for table in CHILDREN:
        change(ledger, f"DELETE FROM {table} WHERE trial_id = {claims[1].trial_id}")
    change(ledger, f"DELETE FROM trials WHERE trial_id = {claims[1].trial_id}")
    with pytest.raises(StorageError, match="5 trials were handed out, and 4 are there"):
        ledger.look(study, known)


def test_fault_65_a_study_is_brought_in_after_a_neighbor_was_deleted(
    left_over, ledger, new_ledger, terms, propose
):
    """A study that comes from another database gets keys of the deleted one's trials as well."""
    with new_ledger() as there:
        work(there, there.open_study(terms("away")), propose, 0, 1, 2, 3)
        there.pack(there.find_study("away"), lambda dump: ledger.unpack(dump, base="/"))
    assert len(ledger.history(ledger.find_study("away")).history) == 4
    assert len(ledger.history(left_over).history) == 4
