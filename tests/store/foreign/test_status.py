"""Where a study stands that Optuna alone has made, and that looking at it changes nothing."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store import Ledger, Maker, opened
from tests.machine.foreign_studies import params_of, score_of

COUNTS = {
    TrialState.COMPLETE: 25,
    TrialState.PRUNED: 2,
    TrialState.FAILED: 2,
    TrialState.RUNNING: 1,
    TrialState.WAITING: 1,
}


def test_its_status(theirs):
    """Every trial that is there counts, in the state that Optuna gives it; the best is finite."""
    best = max(range(24), key=score_of)
    status = theirs.status(theirs.find_study("theirs"))
    assert (status.counts, status.budget, status.infinite) == (COUNTS, 31, 1)
    assert (status.best_number, status.best_value) == (best, score_of(best))
    assert (status.maker, status.finished) == (Maker.OPTUNA, False)


def test_its_snapshot(theirs):
    """Its best trial with its parameters; it has no box, no verdict, no workers and no confirmation."""
    study = theirs.find_study("theirs")
    found = theirs.snapshot(study, fingerprint=True)
    best = max(range(24), key=score_of)
    assert (found.best.number, found.best.params) == (best, params_of(best))
    assert (found.box, found.verdict, found.confirm, found.fleet, found.stage) == (None, None, None, (), None)
    assert len(found.fingerprint) == 64
    assert (theirs.companion(study), theirs.rounds(study), theirs.workers(study)) == (None, [], [])


def test_an_empty_study_is_not_finished(theirs):
    """It has no trial yet, which is not the end of anything."""
    found = theirs.snapshot(theirs.find_study("new"))
    assert (found.search.finished, found.best, found.search.created_at) == (False, None, 0.0)


def test_the_overview_has_all_of_them(theirs):
    """At a glance, also the study of several objectives."""
    found = {one.study: one for one in theirs.overview()}
    assert {name: one.budget for name, one in found.items()} == {"theirs": 31, "new": 0, "pareto": 2}
    assert found["theirs"].best_value == max(map(score_of, range(24)))
    assert not any(one.at_work for one in found.values())


def everything(url):
    """Return every row of every table, and the bytes of the file where there is one."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        names = sorted(sa.inspect(connection).get_table_names())
        rows = {name: connection.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in names}
    path = engine.url.database
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest() if url.startswith("sqlite") else None
    return rows, digest


def look(url):
    """Read all that a command reads."""
    with opened(url, foreign=True) as ledger:
        ledger.overview()
        study = ledger.find_study("theirs")
        ledger.look_after(study)
        ledger.snapshot(study, fingerprint=True)
        ledger.trial(study, 0)
        assert len(list(ledger.rows(study))) == 31


def test_nothing_is_written(theirs_url):
    """No table of hpsearch comes, no row changes, and of a file not one byte."""
    before = everything(theirs_url)
    look(theirs_url)
    assert everything(theirs_url) == before
    assert not any(name.startswith("hpsearch") for name in before[0])


def test_nothing_is_written_into_a_file_in_wal_mode(theirs_url):
    """Such a file is left as it lies, with nothing beside it."""
    if not theirs_url.startswith("sqlite"):
        pytest.skip("WAL is SQLite's")
    with closing(sqlite3.connect(sa.make_url(theirs_url).database)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = everything(theirs_url)
    look(theirs_url)
    folder = Path(sa.make_url(theirs_url).database).parent
    assert everything(theirs_url) == before
    assert [path.name for path in folder.iterdir()] == ["study.db"]


def test_a_reader_of_a_new_file_makes_none(tmp_path):
    """A name that is mistyped leaves no empty database."""
    with pytest.raises(Exception, match="there is no database yet"):
        Ledger(f"sqlite:///{tmp_path}/none.db", foreign=True)
    assert not list(tmp_path.iterdir())
