"""``hpsearch delete`` and ``rename`` on a finished study: what goes, what stays, what can go on."""

import pytest

from tests.cli.program import eventually, rows, study_text, workers
from tests.cli.terminal import Terminal

CONTENTS = "study 'small' with 40 trials and 6 confirming runs (small.confirm)"


@pytest.fixture
def database(program, finished):
    """Return a copy of the database of a finished study, in the program's folder."""
    return finished.copy_to(program.folder)


def test_a_deleted_study_begins_afresh(program, finished, database):
    """No row is left; a new start under the name has the same fingerprint, because it is the same file."""
    before = program.run("list").out
    asked = program.run("delete", "small")
    assert (asked.code, asked.out, program.run("list").out) == (2, "", before)
    assert f"expected --yes to delete {CONTENTS}: there is no terminal to ask in" in asked.err
    run = program.run("delete", "small", "--yes")
    assert (run.code, run.out, run.err) == (0, "", f"deleted {CONTENTS}\n")
    for table in ("studies", "trials", "trial_params", "hpsearch_studies", "hpsearch_attempts"):
        assert rows(database, f"SELECT * FROM {table}") == []
    assert program.run("best").code == 3
    assert program.run("start", "small.toml", "--quiet").out == finished.out


@pytest.mark.parametrize(("answer", "left"), [(b"n\n", 1), (b"y\n", 0)])
def test_a_terminal_is_asked(program, database, answer, left):
    """The question says what goes; any other answer than yes leaves all as it was."""
    terminal = Terminal(program, "delete", "small")
    terminal.read_until(lambda shown: "[y/N]" in shown)
    assert f"delete {CONTENTS}?" in terminal.shown.replace("\r\n", "")
    terminal.press(answer)
    assert terminal.end() == left
    assert len(rows(database, "SELECT * FROM hpsearch_studies WHERE study_id = search_id")) == left


def test_a_study_with_a_worker_is_kept(program):
    """The message names the command that ends it; cancelled, the study can be deleted."""
    program.write("long.toml", study_text(name="long", epochs=200))
    started = program.launch("start", "long.toml", "--workers", 1)
    database = program.folder / "hpsearch.db"
    eventually(lambda: workers(database), what="a worker")
    for words in (("delete", "long", "--yes"), ("rename", "long", "short")):
        run = program.run(*words)
        assert run.code == 1
        assert run.err == (
            "hpsearch: study 'long': 1 worker is at work on it; hpsearch cancel --study long ends that\n"
        )
    assert program.run("cancel", "long").code == 0
    started.communicate(timeout=60)
    assert program.run("delete", "long", "--yes").code == 0
    assert rows(database, "SELECT * FROM trials") == []


@pytest.mark.usefixtures("database")
@pytest.mark.long
def test_a_renamed_study_goes_on(program, finished):
    """Trials, winner, report, export and nursings are there; a file with the new name continues it."""
    assert program.run("nurse", "small", "--new", "--epochs", "2", "--quiet").code == 0
    nursed = program.run("nurse", "small", "--list").out
    run = program.run("rename", "small", "winter")
    assert (run.code, run.out) == (0, "")
    assert run.err == "study 'small' is 'winter' now; write the name into its file, too\n"
    assert program.run("fingerprint", "winter").out.strip() == finished.fingerprint
    assert program.run("nurse", "winter", "--list").out == nursed
    assert program.run("best", "winter").out == finished.out.replace("small", "winter")
    assert program.run("show", "winter.confirm", "0").code == 0
    assert program.run("report", "winter", "--format", "text").code == 0
    assert program.run("replay", "winter").code == 0
    assert program.run("db", "check").code == 0
    program.write("winter.toml", study_text(name="winter"))
    again = program.run("start", "winter.toml", "--quiet")
    assert (again.code, again.out) == (0, finished.out.replace("small", "winter"))
    more = program.run("start", "winter.toml", "--trials", "44", "--quiet")
    assert (more.code, more.out[:16]) == (0, "winter: 44 of 44")
