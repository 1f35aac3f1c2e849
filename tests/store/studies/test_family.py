"""A search and what confirms it are deleted and renamed as one, on every database."""

import dataclasses

import optuna
import pytest
import sqlalchemy as sa

from hpsearch.errors import ContractError, StudyFileError
from hpsearch.search import TrialState
from hpsearch.store import (
    NursingPlan,
    NursingState,
    RefusedError,
    Result,
    StaleTermsError,
    StudyContents,
    WorkerIdentity,
)
from hpsearch.study_file import contract_hash
from hpsearch.worker.identity import this_worker

OTHER = WorkerIdentity(host="there", process="boot-2-2", pid=2, environment={})


def content(ledger):
    """Return table -> rows of the whole database."""

    def read(connection):
        tables = sa.MetaData()
        tables.reflect(connection)
        return {
            table.name: sorted(map(repr, connection.execute(sa.select(table))))
            for table in tables.sorted_tables
        }

    return ledger.database.read(read)


def work(ledger, study, propose, *numbers):
    """Claim and complete trials of a study as a worker that ends; return its key."""
    worker_id = ledger.enlist(study, OTHER)
    claims = ledger.claim(study, worker_id=worker_id, proposals=propose(*numbers), limit=100)
    done = Result(state=TrialState.COMPLETE, value=0.5, curve=(0.5,))
    ledger.finish([(claim, done) for claim in claims])
    ledger.retire(worker_id)
    return worker_id


def confirmed(ledger, terms, propose, name="study"):
    """Return a search with four trials, a nursing and its confirmation."""
    search = ledger.open_study(terms(name))
    work(ledger, search, propose, 0, 1, 2, 3)
    contract = {"confirms": contract_hash(search.contract), "finalists": [1]}
    ledger.open_study(dataclasses.replace(terms(f"{name}.confirm"), contract=contract, confirms=search))
    held = ledger.open_nursing(search, NursingPlan(trial=1, first_epoch=3, epochs=9), this_worker())
    ledger.leave_nursing(search, held, NursingState.COMPLETE)
    return search


def test_a_deleted_study_leaves_nothing(ledger, terms, propose, query):
    """Every row of every table is as before the study; a second call changes nothing."""
    ledger.open_study(terms("neighbor"))
    before = content(ledger)
    study = confirmed(ledger, terms, propose)
    beat = "SELECT MAX(trial_id), CURRENT_TIMESTAMP FROM trials"
    query(ledger, f"INSERT INTO trial_heartbeats (trial_id, heartbeat) {beat}")
    assert ledger.contents(study) == StudyContents(trials=4, confirming={"study.confirm": 0}, nursings=1)
    ledger.delete_study(study)
    assert content(ledger) == before
    ledger.delete_study(study)
    assert content(ledger) == before
    again = ledger.open_study(terms())
    assert (ledger.contents(again).trials, ledger.companion(again)) == (0, None)
    with pytest.raises(StaleTermsError, match="study 'study' has changed meanwhile"):
        ledger.delete_study(dataclasses.replace(again, created_at=again.created_at - 1))


def test_a_renamed_study_is_the_same_study(ledger, terms, propose, storage):
    """Its confirmation follows, and it goes on under terms with the new name; old terms make another one."""
    study = confirmed(ledger, terms, propose)
    ledger.rename_study(study, "new")
    ledger.rename_study(study, "new")  # as after an answer that was lost
    assert ledger.study_names() == ["new"]
    found = ledger.open_study(terms("new"))
    assert (found.study_id, found.contract) == (study.study_id, terms("new").contract)
    companion = ledger.companion(found)
    assert (companion.name, companion.contract["confirms"]) == ("new.confirm", contract_hash(found.contract))
    assert ledger.contents(found) == StudyContents(trials=4, confirming={"new.confirm": 0}, nursings=1)
    assert len(optuna.load_study(study_name="new", storage=storage).trials) == 4
    assert ledger.open_study(terms()).study_id != study.study_id


def test_a_name_that_is_taken_or_reserved_is_refused(ledger, terms, storage):
    """By a search, by a study of Optuna's, also the name of the confirmation; nothing is written."""
    study = ledger.open_study(terms())
    ledger.open_study(terms("other"))
    optuna.create_study(study_name="new.confirm", storage=storage)
    before = content(ledger)
    for name, taken in {"other": "other", "new": "new.confirm", "study": "study"}.items():
        with pytest.raises(ContractError, match=f"expected a name that is free, found '{taken}'"):
            ledger.rename_study(study, name)
    with pytest.raises(StudyFileError, match="name: expected a name that does not end in"):
        ledger.rename_study(study, "x.confirm")
    assert content(ledger) == before


def test_a_study_at_work_is_left_alone(ledger, terms, propose):
    """A worker of its confirmation, or a process that nurses, keeps it; the message names what ends it."""
    study = confirmed(ledger, terms, propose)
    worker_id = ledger.enlist(ledger.companion(study), OTHER)
    before = content(ledger)
    for change in (ledger.delete_study, lambda study: ledger.rename_study(study, "new")):
        with pytest.raises(
            RefusedError, match="1 worker is at work on it; hpsearch cancel --study study ends"
        ):
            change(study)
    assert content(ledger) == before
    ledger.retire(worker_id)
    ledger.open_nursing(study, NursingPlan(trial=None, first_epoch=0, epochs=9), this_worker())
    with pytest.raises(RefusedError, match=r"process \d+ is at work on nursing 1; let it end first"):
        ledger.delete_study(study)
