"""Copies of a database that is worked on, and the search for damage."""

import sqlite3
import threading
from contextlib import closing

import pytest

from hpsearch.errors import StorageError
from hpsearch.store import Ledger, WorkerIdentity, backup_database, check_database
from hpsearch.store.database.connection import Database
from hpsearch.store.schema.integrity import Finding
from tests.store.databases import only_postgresql, only_sqlite


@only_sqlite
def test_fault_53_a_copy_taken_in_the_middle_is_one_moment(ledger, study, worker, tmp_path):
    """Copies made while a thread writes: each is sound, opens as a study, and goes on."""
    ended = threading.Event()

    def write():
        n = 0
        while not ended.is_set():
            ledger.enlist(study, WorkerIdentity(host="here", process=f"{n}", pid=n))
            n += 1

    worker.finish(*worker.claim(0, 1))
    thread = threading.Thread(target=write)
    thread.start()
    try:
        for n in range(5):
            backup_database(ledger.database, tmp_path / "copy.db")
            with closing(Database(f"sqlite:///{tmp_path / 'copy.db'}")) as copy:
                assert check_database(copy) == [], n
    finally:
        ended.set()
        thread.join()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["copy.db"]
    with closing(Ledger(f"sqlite:///{tmp_path / 'copy.db'}")) as other:
        again = other.find_study("study")
        assert other.row(again).admitted == 2
        assert len(other.history(again).history) == 2
        other.retire(1)


@only_sqlite
def test_a_copy_replaces_an_earlier_one_and_nothing_else(ledger, tmp_path):
    """A study file, a folder, a database in use and the database itself stay as they are."""
    with pytest.raises(StorageError, match="is the database itself; copy it to another file"):
        backup_database(ledger.database, ledger.database.path)
    (tmp_path / "study.toml").write_text("name = 'mine'")
    with pytest.raises(StorageError, match=r"study\.toml: is no database; copy to another file, or remove"):
        backup_database(ledger.database, tmp_path / "study.toml")
    assert (tmp_path / "study.toml").read_text() == "name = 'mine'"
    with pytest.raises(StorageError, match="expected a file to copy to, found a directory"):
        backup_database(ledger.database, tmp_path)
    with pytest.raises(StorageError, match=r"its folder .*none does not exist; make it first"):
        backup_database(ledger.database, tmp_path / "none" / "copy.db")
    backup_database(ledger.database, tmp_path / "copy.db")
    (tmp_path / "copy.db-wal").touch()
    with pytest.raises(StorageError, match="is a database in use; copy to another file"):
        backup_database(ledger.database, tmp_path / "copy.db")


@only_sqlite
def test_a_copy_has_the_rights_of_the_file(ledger, tmp_path):
    """What others may not read, they may not read in the copy either."""
    ledger.database.path.chmod(0o640)
    backup_database(ledger.database, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o640


@only_sqlite
def test_a_damaged_file_is_not_copied_over_a_good_copy(ledger, tmp_path):
    """The earlier copy is what saves the day."""
    backup_database(ledger.database, tmp_path / "copy.db")
    before = (tmp_path / "copy.db").read_bytes()
    ledger.database.close()
    path = ledger.database.path
    rubbish = bytearray(path.read_bytes())
    rubbish[-2 * 4096 :] = bytes(range(256)) * 32
    path.write_bytes(rubbish)
    with pytest.raises(StorageError, match="damaged"):
        backup_database(ledger.database, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == before
    found = check_database(ledger.database)
    assert found
    assert all(finding.is_damage and finding.text.startswith("the file is damaged: ") for finding in found)


@only_postgresql
def test_a_server_is_copied_by_its_own_program(ledger, tmp_path, postgres):
    """The line names the command, without the password."""
    with pytest.raises(
        StorageError, match=r"pg_dump --format=custom --file=\S+ postgresql://postgres@"
    ) as told:
        backup_database(ledger.database, tmp_path / "copy.dump")
    assert postgres.password not in str(told.value)


def test_a_sound_database_has_no_findings(ledger, worker):
    """Trials finished, running, handed back; a second study; no study at all."""
    assert check_database(ledger.database) == []
    claims = worker.claim(0, 1, 2)
    worker.finish(claims[0])
    ledger.release(claims[1:2])
    assert check_database(ledger.database) == []


def test_a_trial_that_waits_to_be_taken_over_is_no_damage(ledger, worker, expire):
    """A lease that has run out is told; the next claim puts it right."""
    expire(ledger, *worker.claim(0))
    text = "its worker is gone; it waits to be taken over"
    assert check_database(ledger.database) == [Finding(study="study", number=0, text=text, is_damage=False)]
    worker.claim(0)
    assert check_database(ledger.database) == []


def test_a_trial_settled_by_hand_is_no_damage(ledger, worker, query):
    """Optuna has told a trial that a worker holds."""
    worker.claim(0)
    query(ledger, "UPDATE trials SET state = 'FAIL' WHERE number = 0")
    (finding,) = check_database(ledger.database)
    assert str(finding) == "study 'study', trial 0: was settled through Optuna; the next claim takes it in"
    assert not finding.is_damage


DAMAGE = {
    "UPDATE hpsearch_attempts SET attempt = 3 WHERE number = 1": "its attempts are not numbered 1, 2, 3",
    "UPDATE hpsearch_attempts SET number = 7 WHERE number = 1": "its attempts were made under another number",
    "UPDATE hpsearch_attempts SET open = false WHERE number = 1": "runs without an open attempt",
    "UPDATE trials SET number = 0 WHERE number = 1": "the number was given to more than one trial",
    "DELETE FROM trial_values": "is complete, but has not one value",
    "UPDATE hpsearch_studies SET admitted = 4": "are not as many as were counted",
    "UPDATE hpsearch_studies SET budget = 1": "more trials were handed out than its budget allows",
    "UPDATE trials SET number = 5 WHERE number = 1": "the numbers of its trials have gaps",
    "UPDATE hpsearch_attempts SET trial_id = 99 WHERE number = 1": "has attempts, but is gone itself",
}
"""What somebody did -> what is found."""


@pytest.mark.parametrize("statement", DAMAGE)
def test_each_broken_promise_is_found(ledger, worker, query, statement):
    """One statement by hand, and the check names study, trial and promise."""
    worker.finish(*worker.claim(0))
    worker.claim(1)
    query(ledger, statement)
    found = check_database(ledger.database)
    assert DAMAGE[statement] in " ".join(map(str, found))
    assert all(finding.is_damage and finding.study == "study" for finding in found)


@only_sqlite
def test_a_row_without_its_owner_is_found(ledger, worker):
    """A foreign key that somebody broke with another program."""
    worker.finish(*worker.claim(0))
    with closing(sqlite3.connect(ledger.database.path)) as other:
        other.execute("DELETE FROM trials")
        other.commit()
    found = [finding.text for finding in check_database(ledger.database)]
    assert any("of trial_values belongs to a row of trials that is gone" in text for text in found)
