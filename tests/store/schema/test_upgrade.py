"""A file that an older version has made, settled and confirmed, comes up to date without a changed bit."""

import dataclasses
import os
import signal
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from hpsearch.api import load_study_file
from hpsearch.errors import ContractError, StorageError
from hpsearch.report import summarize
from hpsearch.search import fingerprint
from hpsearch.store import Ledger, WorkerIdentity, opened
from hpsearch.store.database.connection import Database
from hpsearch.store.schema.versions import REVISION, REVISIONS, current_schema, upgrade_schema
from hpsearch.study_file import contract_hash, spec_to_dict
from hpsearch.worker import Stop, as_begun, search_terms, work

OLDER = Path(__file__).parent / "older"
BEFORE_RUNGS = "f3f27d77ca47d4f0561dd6371d4667f0bc6ea7d05f8c240e78049873a5340fdf"
SINCE_RUNGS = "1394b625cdc92d327b923933455341e0c0cd95ef41a093ab47c7259606a5f18d"
SAME = dict.fromkeys(("0001", "0002", "0003"), BEFORE_RUNGS)
SAME |= dict.fromkeys(("0004", "0005", "0006", "0007", "0008"), SINCE_RUNGS)
"""Version -> the fingerprint that it printed for ``small.toml``; the search was another one until 0003."""


@pytest.fixture(params=REVISIONS[:-1])
def revision(request):
    """Return the version that made the file: each one that there has been."""
    return request.param


@pytest.fixture
def older(tmp_path, revision):
    """Return the path of a file as that version left it."""
    path = tmp_path / "older.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((OLDER / f"{revision}.sql").read_text())
    return path


@pytest.fixture
def database(older):
    """Return the door to that file."""
    database = Database(f"sqlite:///{older}")
    yield database
    database.close()


def test_fault_31_an_older_file_is_refused_with_the_command_that_upgrades_it(older, revision):
    """Neither reading nor starting touches it before that."""
    before = older.read_bytes()
    for create in (False, True):
        with pytest.raises(
            StorageError, match=rf"schema {REVISION}, found {revision}; upgrade it with: hpsearch db upgrade"
        ):
            Ledger(f"sqlite:///{older}", create=create)
    assert older.read_bytes() == before


def test_an_upgraded_study_is_the_same_study(older, database, revision):
    """Trials, winner and confirmation are as they were; the fingerprint is that of a study made today."""
    assert upgrade_schema(database) == revision
    assert upgrade_schema(database) == current_schema(database)["hpsearch"] == REVISION
    with opened(f"sqlite:///{older}") as ledger:
        study = ledger.find_study(None)
        spec = study.spec
        assert fingerprint(spec.space, ledger.history(study).history) == SAME[revision]
        summary = summarize(ledger, study)
        assert summary.fingerprint == SAME[revision]
        assert summary.best is not None
        assert summary.best.seeds == 2
        assert ledger.find_study("small.confirm").search_id == study.study_id
        assert ledger.row(study).finished


@pytest.mark.parametrize("revision", [REVISION])
def test_a_file_of_this_schema_opens_as_it_is(older, revision):
    """An earlier version of the same schema has made it: nothing is upgraded, and the study is the same."""
    with opened(f"sqlite:///{older}") as ledger:
        study = ledger.find_study(None)
        summary = summarize(ledger, study)
        line = fingerprint(study.space, ledger.history(study).history)
        assert line == summary.fingerprint == SAME[revision]
        assert (summary.best.number, summary.best.tied, summary.best.ensemble.size) == (1, ("default",), 6)
        assert ledger.snapshot(study).done
        again, _ = as_begun(load_study_file(OLDER / "small.toml"), ledger)
        terms = search_terms(again, data_hash=study.contract["data_hash"])
        moved = dataclasses.replace(study, base=terms.base)
        assert ledger.open_study(terms) == moved, "the contract is the one of today"


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_a_study_of_another_search_can_be_read_and_does_not_go_on(older, database):
    """What it found is there; the search of this version is another one, so no worker mixes the two."""
    upgrade_schema(database)
    spec = load_study_file(OLDER / "small.toml")
    with opened(f"sqlite:///{older}") as ledger:
        study = ledger.find_study(None)
        assert study.contract["study"]["stop"] == spec_to_dict(spec)["stop"]
        companion = ledger.find_study("small.confirm")
        assert companion.contract["confirms"] == contract_hash(study.contract)
        with pytest.raises(ContractError, match=r"(?s)study.search.keep: absent -> 0.33.*another name"):
            ledger.open_study(search_terms(spec, data_hash=study.contract["data_hash"]))
        with pytest.raises(ContractError, match="'small' was begun by another version of hpsearch"):
            work(ledger, "small", stop=Stop())
        assert ledger.find_study(None) == study
        assert ledger.verdict(study) is not None
        assert ledger.row(study).stopped is None
        assert [round_.evidence for round_ in ledger.rounds(study)] == [{}]


def test_an_upgraded_study_goes_on(older, database, terms):
    """It may be given more trials; what was there before is not taken for somebody else's."""
    upgrade_schema(database)
    with opened(f"sqlite:///{older}") as ledger:
        study = ledger.find_study(None)
        assert len(ledger.row(study).external) == 0
        contract = dict(study.contract) | {"study": study.contract["study"] | {"trials": 20}}
        more = terms(study.name, budget=20, parallelism=study.parallelism)
        study = ledger.open_study(dataclasses.replace(more, contract=contract))
        assert (study.budget, ledger.row(study).admitted) == (20, 14)
        assert ledger.verdict(study) is None


def test_fault_50_workers_at_work_hold_an_upgrade_up(older, database, revision):
    """Their version would not know the new tables."""
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE hpsearch_workers SET ended_at = NULL, beat_at = 1e12 WHERE worker_id = 1")
    with pytest.raises(StorageError, match="1 workers are at work on this database; let them end first"):
        upgrade_schema(database)
    assert current_schema(database)["hpsearch"] == revision


def test_fault_31_an_upgrade_that_is_killed_half_way_has_not_happened(older, database, revision):
    """It is one transaction: the file is as it was, and the next attempt goes through."""
    before = older.read_bytes()
    child = os.fork()
    if child == 0:
        doomed = Database(f"sqlite:///{older}")

        def die(_connection, _cursor, statement, *_rest):
            if "CREATE TABLE hpsearch_trainings" in statement:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(doomed.engine, "after_cursor_execute", die)
        upgrade_schema(doomed)
        os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert current_schema(database)["hpsearch"] == revision
    assert older.read_bytes()[:100] == before[:100]
    assert upgrade_schema(database) == revision


def test_two_upgrades_at_once_are_one(older, revision):
    """The lock under which tables are made holds for upgrades too."""
    found = []

    def upgrade():
        database = Database(f"sqlite:///{older}")
        found.append(upgrade_schema(database))
        database.close()

    threads = [threading.Thread(target=upgrade) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [revision, REVISION]


def test_fault_31_a_newer_schema_is_refused_by_an_upgrade_too(older, database):
    """An older hpsearch never writes to a newer file."""
    with closing(sqlite3.connect(older)) as connection, connection:
        connection.execute("UPDATE hpsearch_alembic_version SET version_num = '9999'")
    before = older.read_bytes()
    with pytest.raises(StorageError, match="found 9999; it was made by a newer hpsearch"):
        upgrade_schema(database)
    assert older.read_bytes() == before


def test_a_worker_of_an_upgraded_file_is_enlisted(older, database):
    """The rows of workers keep their meaning."""
    upgrade_schema(database)
    with opened(f"sqlite:///{older}") as ledger:
        study = ledger.find_study(None)
        worker_id = ledger.enlist(study, WorkerIdentity(host="here", process="9@9", pid=9))
        assert ledger.living_on(study, "here") == {worker_id: "9@9"}
