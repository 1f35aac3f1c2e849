"""A study whose neighbors are deleted, and one whose rows another program changes, as a user meets them."""

import sqlite3
from contextlib import closing

import optuna
import pytest

from tests.cli.program import assert_sound, ended, eventually, rows, settled, study_text

pytestmark = pytest.mark.long

MORE = 44
LEASE_S = 5


@pytest.fixture
def database(program, finished):
    """Return the database of a finished study, in the program's folder."""
    return finished.copy_to(program.folder)


def delete(database, *names):
    """Delete studies through Optuna."""
    storage = optuna.storages.RDBStorage(f"sqlite:///{database}")
    try:
        for name in names:
            optuna.delete_study(study_name=name, storage=storage)
    finally:
        storage.remove_session()
        storage.engine.dispose()


def change(database, *statements):
    """Change rows as another program would."""
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def make_and_delete_a_neighbor(program, database):
    """Run another study to its end, then delete it and its confirmation."""
    program.write("other.toml", study_text(name="other", epochs=2))
    run = program.run("start", "other.toml", "--workers", 1, "--quiet")
    assert run.code == 0, run.err
    delete(database, "other.confirm", "other")
    living = "SELECT study_id FROM studies"
    assert rows(
        database, f"SELECT count(*) > 40 FROM hpsearch_attempts WHERE study_id NOT IN ({living})"
    ) == [(1,)]


def test_fault_65_a_study_goes_on_after_its_neighbor_was_deleted(program, database):
    """More trials of a finished study: those of its own, to the last, and books that are sound."""
    make_and_delete_a_neighbor(program, database)
    run = program.run("start", "small.toml", "--trials", MORE, "--workers", 2, "--quiet")
    assert (run.code, run.err) == (0, "")
    assert_sound(database, "small", trials=MORE)
    assert rows(database, "SELECT count(*) FROM hpsearch_attempts WHERE study_id NOT IN (1, 2, 3)") == [(0,)]
    assert program.run("db", "check").out == "sqlite:///hpsearch.db: all right\n"


def test_fault_65_a_paused_study_goes_on_after_its_neighbor_was_deleted(program, database):
    """What its workers know is older than the end of the neighbor: their next claim clears the way."""
    program.write("mine.toml", study_text(name="mine"))
    process = program.launch("start", "mine.toml", "--workers", 1, "--quiet")
    eventually(lambda: settled(database, "mine") >= 4)
    assert program.run("pause", "--study", "mine").code == 0
    eventually(lambda: rows(database, "SELECT 1 FROM hpsearch_attempts WHERE open") == [])
    make_and_delete_a_neighbor(program, database)
    assert program.run("resume", "--study", "mine").code == 0
    run = ended(process)
    assert (run.code, run.err) == (0, "")
    assert_sound(database, "mine", trials=40)


def test_fault_65_the_check_mends_what_is_left(program, database):
    """It says how many rows there were; the next check has nothing to say, and no copy is needed."""
    make_and_delete_a_neighbor(program, database)
    run = program.run("db", "check")
    assert run.code == 0
    first, last = run.out.splitlines()
    assert first.startswith("note: ")
    assert first.endswith(" rows were left of studies that were deleted; they have been removed")
    assert last == "sqlite:///hpsearch.db: all right"
    assert program.run("db", "check").out == "sqlite:///hpsearch.db: all right\n"


OUT = "DELETE FROM {} WHERE trial_id IN (SELECT trial_id FROM trials WHERE study_id = 1 {})"
CHILDREN = ("trial_params", "trial_values", "trial_intermediate_values", "trial_user_attributes")
GONE = {
    "a settled trial runs again": ["UPDATE trials SET state = 'RUNNING' WHERE study_id = 1 AND number = 5"],
    "all trials are gone": [OUT.format(table, "") for table in (*CHILDREN, "trials")],
    "one in the middle is gone": [OUT.format(table, "AND number = 5") for table in (*CHILDREN, "trials")],
}


@pytest.mark.parametrize("kind", GONE)
def test_fault_67_a_start_does_not_wait_for_what_will_never_come(program, database, kind):
    """It ends within a lease, with the code of a storage that cannot be used, and names the command."""
    change(database, *GONE[kind])
    run = program.run(
        "start", "small.toml", "--trials", MORE, "--workers", 2, "--quiet", "--lease", LEASE_S, timeout_s=60
    )
    assert run.code == 4
    assert run.err.startswith("hpsearch: study 'small': ")
    assert run.err.splitlines()[1:] == ["hpsearch db check lists the damage; a copy from before it goes on"]
    check = program.run("db", "check")
    assert check.code == 4
    assert "damage: study 'small'" in check.out
