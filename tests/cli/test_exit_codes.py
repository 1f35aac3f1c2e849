"""What the exit status says, and the one line that says more."""

import json
import re
import shutil
import sqlite3
import sys
from contextlib import closing

import pytest

from tests.cli.program import HPSEARCH, LONG, rows, study_text

NOTHING = (
    study_text(name="hopeless", trials=8)
    .replace("[16, 8]", "[8]")
    .replace("low = 1e-4, high = 1e-1", "low = 1e30, high = 1e35")
)
"""Learning rates that make every training diverge."""


def assert_refused(run, code, message):
    """Check a refusal: its code, one line on stderr, nothing on stdout."""
    assert run.code == code, run.err
    assert run.out == ""
    assert re.fullmatch(rf"hpsearch: {message}\n", run.err), run.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["status", "--study", "smal"], "there is no study 'smal'; did you mean \"small\"\\?"),
        (["best", "-n", "x"], "there is no study 'x'"),
        (["fingerprint", "-n", "SMALL"], "there is no study 'SMALL'.*"),
        (["worker", "-n", "smally"], "there is no study 'smally'; did you mean \"small\"\\?"),
        (["show", "40"], "study 'small' has no trial 40: expected 0 to 39"),
        (["show", "--", "-1"], "study 'small' has no trial -1: expected 0 to 39"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_unknown_study_or_trial_is_3(program, finished, arguments, message):
    """The line says what there is, and what was probably meant."""
    assert_refused(program.run(*arguments, HPSEARCH_STORAGE=finished.url), 3, message)


def test_the_newest_of_several_studies_is_taken(program, finished):
    """A line on standard error says which it is; a name, an option and ``HPSEARCH_STUDY`` take another."""
    finished.copy_to(program.folder)
    program.write("second.toml", study_text(name="second", trials=8).replace("[16, 8]", "[8]"))
    assert program.run("start", "second.toml").code == 0
    newest = program.run("status")
    assert (newest.code, newest.out[:15]) == (0, "second: 8 of 8 ")
    assert newest.err == "study 'second', the newest of 2 (hpsearch list shows them)\n"
    elsewhere = program.run("best", "--storage", finished.url)
    assert (elsewhere.code, elsewhere.err) == (0, "")
    named = program.run("status", "small", HPSEARCH_STUDY="second")
    assert (named.out[:15], named.err) == ("small: 40 of 40", "")
    assert program.run("status", HPSEARCH_STUDY="second").out[:14] == "second: 8 of 8"
    listed = program.run("list").out.splitlines()
    assert [line.split(":")[0] for line in listed] == ["small", "second"]


@pytest.mark.parametrize("command", ["list", "status", "best", "fingerprint", "worker", "dashboard"])
def test_no_database_is_4(program, command):
    """The line names the file and the command that makes one; the file is not made."""
    message = "hpsearch.db: there is no database yet; hpsearch start STUDY.toml makes one"
    assert_refused(program.run(command), 4, message)
    assert not (program.folder / "hpsearch.db").exists()


@pytest.mark.parametrize(
    ("storage", "message"),
    [
        ("sqlite:///small.toml", ".*small.toml: file is not a database; the file is something else: .*"),
        ("sqlite:///empty.db", ".*there are no tables of optuna and hpsearch; .*"),
        (
            "sqlite:///no/such/folder.db",
            "no/such/folder.db: its folder no/such does not exist; make it first",
        ),
        ("sqlite:///.", ".: expected a SQLite file, found a directory"),
        ("sqlite://", "storage: expected a file that all workers can open, found a database in memory; .*"),
        (
            "mysql://u:geheim@h/x",
            "storage: expected a database of kind sqlite or postgresql, found 'mysql'; .*",
        ),
        ("hpsearch.db", "storage: expected .*, found 'hpsearch.db'; did you mean sqlite:///hpsearch.db\\?"),
        pytest.param(
            "postgresql://u:geheim@127.0.0.1:1/x",
            r"postgresql\+psycopg://u:\*\*\*@127.0.0.1:1/x: .*",
            marks=pytest.mark.long,  # it is tried for four seconds
        ),
    ],
)
def test_what_is_not_a_database_is_4(program, storage, message):
    """Each wrong address is told apart, and no password is shown."""
    program.write("empty.db", "")
    run = program.run("status", "--storage", storage)
    assert_refused(run, 4, message)
    assert "geheim" not in run.err


def test_a_warning_of_the_store_is_one_line(program):
    """A network file system under the database: a line on stderr, and the command goes on."""
    driver = (
        "import hpsearch.store.database.sqlite as s; s.network_file_system = lambda _path: 'nfs4'; "
        "from hpsearch.cli import main; main()"
    )
    program.write("wrong.toml", study_text(trials=8).replace("[16, 8]", "[8]"))
    run = program.run("-c", driver, "start", "wrong.toml", "--quiet", command=HPSEARCH[:1])
    assert run.code == 0
    assert re.fullmatch(r"hpsearch: hpsearch\.db: lies on a network file system \(nfs4\).*\n", run.err)


@pytest.mark.long
def test_a_locked_database_is_4(program, finished):
    """A database that somebody else holds is waited for, then given up with a word on what to do."""
    database = finished.copy_to(program.folder)
    driver = (
        "from hpsearch.store import Ledger; Ledger.__init__.__kwdefaults__['patience_s'] = 0.05; "
        "from hpsearch.cli import main; main()"
    )
    with closing(sqlite3.connect(database)) as holder:
        holder.execute("PRAGMA locking_mode = EXCLUSIVE")
        holder.execute("BEGIN EXCLUSIVE")
        run = program.run("-c", driver, "status", command=HPSEARCH[:1])
    assert_refused(run, 4, ".*database is locked by another process; close what has it open, .*")
    assert program.run("status").code == 0


def test_a_database_of_another_version_is_4(program, finished):
    """A schema that this version does not know is refused, and nothing is changed."""
    database = finished.copy_to(program.folder)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("UPDATE hpsearch_alembic_version SET version_num = '9999'")
        connection.commit()
    before = database.read_bytes()
    assert_refused(program.run("status"), 4, ".*expected hpsearch's schema [0-9]{4}, found 9999; .*")
    assert program.run("start", "small.toml").code == 4
    assert database.read_bytes() == before


def test_fault_35_a_study_without_a_completed_trial_is_5(program):
    """Every training diverges: the study ends, says so with 5, and says it again when asked again."""
    program.write("hopeless.toml", NOTHING)
    line = "hpsearch: study 'hopeless': none of its 8 trials was completed\n"
    run = program.run("start", "hopeless.toml", "--workers", 2)
    assert (run.code, run.out) == (5, "")
    assert run.err.endswith(line)
    assert program.run("status").out == "hopeless: 8 of 8 trials settled (8 pruned)\n"
    best = program.run("best")
    assert (best.code, best.out) == (5, "")
    assert program.run("best", "--json").code == 5
    again = program.run("start", "hopeless.toml", "--quiet")
    assert (again.code, again.err) == (5, line)
    assert rows(program.folder / "hpsearch.db", "SELECT count(*) FROM trials") == [(8,)]
    shown = json.loads(program.run("show", "7", "--json").out)
    assert (shown["state"], shown["value"]) == ("pruned", 0.0)
    assert shown["reason"] == "diverged after 0 whole epochs"


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["start"],
        ["start", "small.toml", "--workers", "0"],
        ["start", "small.toml", "--workers", "many"],
        ["start", "small.toml", "extra"],
        ["status", "--colour"],
        ["start", "small.toml", "--lr", "0.1"],
        ["show"],
        ["show", "three"],
        ["dashboard", "--port", "70000"],
        ["worker", "--fleet", "0"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(program, arguments):
    """One line says what is wrong and where to read on; nothing is written."""
    run = program.run(*arguments)
    assert (run.code, run.out) == (2, "")
    assert re.fullmatch(r"hpsearch( \w+)?: .*; hpsearch( \w+)? --help tells more\n", run.err)
    assert [path.name for path in program.folder.iterdir()] == ["small.toml"]


@pytest.mark.parametrize(
    ("arguments", "near"), [(["statsu"], "'status', 'start'"), (["list", "--jsn"], "--json")], ids=str
)
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(program, arguments, near):
    """A command or option that is nearly right is one line with the right one."""
    run = program.run(*arguments)
    assert (run.code, run.out) == (2, "")
    assert run.err.endswith(f"; did you mean {near}?\n")
    assert run.err.count("\n") == 1


@pytest.mark.parametrize(
    ("option", "said"),
    [("--lr", "; lr is a key of the study file"), ("--learning-rate", "; lr is a key of it"), ("--zz", "")],
)
def test_an_option_that_is_not_like_help_is_not_answered_with_it(program, option, said):
    """A setting of the study file that was typed as an option is named as one."""
    run = program.run("start", "small.toml", option, 3)
    said = said.replace("of it", "of the study file")
    assert run.err == f"hpsearch start: no such option: {option}{said}; hpsearch start --help tells more\n"


def test_fault_43_changed_settings_are_refused_with_their_key_path(program, finished):
    """A study goes on under its own settings alone: every difference is listed, nothing is changed."""
    database = finished.copy_to(program.folder)
    before = database.read_bytes()
    program.write("small.toml", study_text(trials=50).replace("seed = 6", "seed = 4").replace("0.5", "0.25"))
    run = program.run("start", "small.toml")
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 2)
    assert not re.search("study.trials|data_hash", run.err)  # no other study; what follows from the seed
    assert "study.seed: 6 -> 4" in run.err
    assert re.search(r"study\.space\.\S*dropout\S*high: 0\.5 -> 0\.25", run.err)
    assert run.err.endswith(
        "another name, such as --set name=small-2; what may change: trials, attempts, stop, confirm\n"
    )
    assert database.read_bytes() == before


def test_words_and_blanks_are_no_change(program, finished):
    """Comments, order and spelling of a file are not its settings: the study is the same."""
    finished.copy_to(program.folder)
    text = study_text().replace("1e-4", "0.0001").replace("[model]\nhidden = [16]\nepochs = 4", "")
    program.write("small.toml", f"# hello\n{text}\n[model]\nepochs   = 4\nhidden = [\n 16,\n]\n")
    run = program.run("start", "small.toml")
    assert (run.code, run.out) == (0, finished.out)


def test_a_finished_study_is_told_without_training(program, finished):
    """``start`` again prints the same result at once: no worker, no trial, no new row."""
    database = finished.copy_to(program.folder)
    tables = ("trials", "hpsearch_attempts", "hpsearch_workers", "studies")
    before = [rows(database, f"SELECT * FROM {table}") for table in tables]
    run = program.run("start", "small.toml")
    assert (run.code, run.out) == (0, finished.out)
    assert [rows(database, f"SELECT * FROM {table}") for table in tables] == before
    assert run.seconds < 10


def test_fault_40_changed_data_are_refused(program):
    """A study whose table has changed since its creation is refused by ``start`` and by ``worker``."""
    table = "a,b,kind\n" + "".join(f"{n % 7}.5,{n % 5},{'xy'[n % 2]}\n" for n in range(60))
    text = study_text(name="table", trials=8).replace("[16, 8]", "[8]")
    program.write("table.toml", text.replace('"digits"\ntrain = 300', '"table.csv"\ntarget = "kind"'))
    program.write("table.csv", table)
    assert program.run("start", "table.toml").code == 0
    program.write("table.csv", table.replace("0.5,0,x", "0.25,0,x"))
    started = program.run("start", "table.toml")
    assert started.code == 2
    assert started.err == (
        "hpsearch: study 'table': its data 'table.csv' have changed since it was created "
        "(other values in 'a')\n"
        "restore them, or give the study another name: trials on other data cannot be compared\n"
    )
    joined = program.run("worker")
    assert joined.code == 2
    assert "its data 'table.csv' have changed since it was created" in joined.err


def test_the_storage_flag_goes_over_the_environment(program, finished):
    """``HPSEARCH_STORAGE`` is obeyed; ``--storage`` goes over it; without both it is ``hpsearch.db``."""
    assert program.run("status", HPSEARCH_STORAGE=finished.url).code == 0
    flagged = program.run("status", "--storage", "sqlite:///none.db", HPSEARCH_STORAGE=finished.url)
    assert flagged.code == 4
    assert "none.db" in flagged.err
    other = program.run("status", "-s", finished.url, HPSEARCH_STORAGE="sqlite:///none.db")
    assert other.out.startswith("small: 40 of 40 trials settled")
    (program.folder / "sub").mkdir()
    shutil.copy(finished.database, program.folder / "hpsearch.db")
    assert program.run("status").out == other.out


def test_the_installed_command_and_the_module_are_one(program, finished):
    """``hpsearch`` and ``python -m hpsearch`` print the same; both know their version."""
    driver = "import sys; sys.argv[0] = 'hpsearch'; from hpsearch.cli import main; main()"
    script = program.run("-c", driver, "status", "-s", finished.url, command=(sys.executable,))
    module = program.run("status", "-s", finished.url)
    assert (script.code, script.out) == (module.code, module.out)
    assert program.run("--help").out.count("start") > 1


def test_a_fleet_that_keeps_dying_ends_with_a_line(program):
    """Workers that are killed as soon as they start are replaced a few times, then given up."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    driver = (
        "import hpsearch.engine.fleet, os; "
        "hpsearch.engine.fleet.Fleet._launch = lambda self, *, delivers: self._engine.submit(os._exit, 3); "
        "from hpsearch.cli import main; main()"
    )
    run = program.run(
        "-c", driver, "start", "long.toml", "--workers", "1", "--quiet", command=(sys.executable,)
    )
    assert_refused(run, 1, "worker process [0-9]+ ended without an answer, with exit code 3; .*")
    assert (program.folder / "hpsearch.db").exists()
