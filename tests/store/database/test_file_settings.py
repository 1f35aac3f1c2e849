"""SQLite files made elsewhere, with other settings in them: a study in one is the study that it is."""

import sqlite3
from contextlib import closing

import pytest

from hpsearch.search import fingerprint
from hpsearch.store import Ledger
from hpsearch.store.schema.integrity import check_database

pytestmark = pytest.mark.long

FILES = {
    "plain": (),
    "UTF-16le": ("encoding = 'UTF-16le'",),
    "UTF-16be": ("encoding = 'UTF-16be'",),
    "full vacuum": ("auto_vacuum = FULL",),
    "incremental vacuum": ("auto_vacuum = INCREMENTAL",),
    "small pages": ("page_size = 512",),
    "large pages": ("page_size = 65536",),
    "another program's mark": ("application_id = 1234", "user_version = 7"),
    "truncated journal": ("journal_mode = TRUNCATE",),
    "kept journal": ("journal_mode = PERSIST",),
    "WAL": ("journal_mode = WAL",),
    "erased rows": ("secure_delete = ON",),
}
"""What a file may bring along -> what made it so."""


def make(path, pragmas):
    """Make an empty file with settings of its own."""
    with closing(sqlite3.connect(path)) as connection:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("CREATE TABLE t (x)")
        connection.execute("DROP TABLE t")
        connection.commit()


def lived_in(path, terms, hire):
    """Make tables, work on a study, change the journal, work on; return the fingerprint."""
    url = f"sqlite:///{path}"
    for n, journal in enumerate(("DELETE", "WAL", "PERSIST")):
        with closing(Ledger(url, create=True)) as ledger:
            worker = hire(ledger, ledger.open_study(terms(name="学习率")), process=f"{n + 1}@1")
            worker.finish(*worker.claim(n), value=1 / (n + 3), curve=(0.1 + 0.2, 1 / (n + 3)))
            history = ledger.history(worker.study).history
            assert check_database(ledger.database) == []
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA journal_mode = {journal}")
    return fingerprint(worker.study.space, history)


@pytest.mark.parametrize("kind", FILES)
def test_fault_63_a_file_with_settings_of_its_own(tmp_path, terms, hire, kind):
    """Text, pages and journal of a file change nothing; the journal may change between two commands."""
    make(tmp_path / "own.db", FILES[kind])
    expected = lived_in(tmp_path / "new.db", terms, hire)
    assert lived_in(tmp_path / "own.db", terms, hire) == expected
