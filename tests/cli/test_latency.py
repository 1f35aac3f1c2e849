"""How long a person waits: for help, and for the first result."""

import sqlite3
import sys
import time
from contextlib import closing

import pytest

from tests.cli.program import HPSEARCH, ended, eventually, settled, study_text

pytestmark = pytest.mark.quiet
ROOM = 2.0
"""A loaded machine may take so many times longer than what is aimed at."""


def tell(capsys, line):
    """Show a measured figure, whether tests are watched or not."""
    with capsys.disabled():
        sys.stdout.write(f"\n{line}\n")


def first_result_s(program, name):
    """Start a study; return the seconds from the start of the process to the first settled trial."""
    database = program.folder / "hpsearch.db"
    began = time.monotonic()
    process = program.launch("start", f"{name}.toml", "--quiet")
    eventually(lambda: settled(database, name) >= 1, what="a settled trial")
    seconds = time.monotonic() - began
    assert ended(process).code == 0
    return seconds


@pytest.mark.parametrize(("known", "aim_s"), [(False, 3.0), (True, 2.0)], ids=["new", "existing"])
def test_the_first_trial_settles_soon(program, finished, known, aim_s, capsys):
    """On a new database the tables are made first; on an existing one training begins at once."""
    if known:
        finished.copy_to(program.folder)
    program.write("first.toml", study_text(name="first", trials=10).replace("[16, 8]", "[10]"))
    tries = [first_result_s(program, "first")]
    if tries[0] > aim_s and known:  # one more look on a machine that was busy with something else
        program.write("second.toml", study_text(name="second", trials=10).replace("[16, 8]", "[10]"))
        tries.append(first_result_s(program, "second"))
    tell(
        capsys, f"first trial, {'existing' if known else 'new'} database: {min(tries):.2f} s (aim {aim_s} s)"
    )
    assert min(tries) < ROOM * aim_s


def test_help_is_instant(program, capsys):
    """``hpsearch --help`` takes less than a second; 0.3 s is the aim."""
    seconds = min(program.run("--help", command=HPSEARCH).seconds for _ in range(3))
    tell(capsys, f"hpsearch --help: {seconds:.2f} s (aim 0.3 s)")
    assert seconds < 1.0


def test_a_finished_study_is_read_soon(program, finished, capsys):
    """``status`` and ``fingerprint`` on a finished study answer within two seconds."""
    for command in ("status", "fingerprint"):
        seconds = min(program.run(command, "-s", finished.url, command=HPSEARCH).seconds for _ in range(2))
        tell(capsys, f"hpsearch {command}: {seconds:.2f} s")
        assert seconds < 2.0


def test_reading_does_not_write(program, finished):
    """Looking at a study takes no lock that a worker would wait for."""
    database = finished.copy_to(program.folder)
    with closing(sqlite3.connect(database, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        runs = [
            program.run(*words) for words in (["status"], ["list"], ["best"], ["fingerprint"], ["show", "1"])
        ]
    assert [run.code for run in runs] == [0] * 5
    assert max(run.seconds for run in runs) < 10
