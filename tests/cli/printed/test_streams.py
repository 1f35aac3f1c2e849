"""Streams that cannot take what is written: letters they have not, a full disk, an ended terminal."""

import os
import pty
import signal
import subprocess
import sys

import pytest

from tests.cli.program import HPSEARCH, assert_sound, eventually, held, settled, study_text

pytestmark = pytest.mark.long

NAME = "试验 ü"
COMMANDS = [
    ["status"], ["list"], ["best"], ["show", "0"], ["explain"], ["explain", "0"], ["check", "zh.toml"],
    ["--help"], ["start", "--help"],
]  # fmt: skip


@pytest.fixture(scope="module")
def foreign(tmp_path_factory, cache):
    """Return a finished study whose name few encodings hold, and its program."""
    from tests.cli.program import Program  # noqa: PLC0415 - a fixture of this name hides it

    program = Program(folder=tmp_path_factory.mktemp("foreign"), cache=cache)
    program.write("zh.toml", study_text(name=NAME, epochs=1))
    run = program.run("start", "zh.toml", "--workers", 1)
    assert run.code == 0, run.err
    return program


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1", "ascii", "gbk", "utf-16"])
def test_fault_89_a_letter_that_a_stream_has_not_ends_no_command(foreign, encoding):
    r"""It is written as in Python, such as ``\u8bd5``, and what comes after it is there."""
    for command in COMMANDS:
        process = subprocess.run(
            [*HPSEARCH, *command],
            cwd=foreign.folder,
            env=foreign.environment(PYTHONIOENCODING=encoding),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        assert process.returncode == 0, (command, process.stderr)
        assert b"Error" not in process.stderr
        shown = process.stdout.decode("utf-8" if encoding == "ascii" else encoding)
        if "help" not in command[-1] and command[0] not in {"show", "explain", "check"}:
            assert NAME in shown or "\\u8bd5\\u9a8c" in shown, command


@pytest.mark.parametrize("arguments", [(), ("--quiet",), ("--verbose",), ("--json",)])
def test_fault_89_news_without_room_do_not_end_a_search(program, finished, arguments):
    """Standard error on a full disk: the study is searched and its winner printed."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        process = subprocess.run(
            [*HPSEARCH, "start", "small.toml", "--workers", "2", *arguments],
            cwd=program.folder,
            env=program.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=full,
            text=True,
            check=False,
        )
    assert process.returncode == 0
    assert finished.fingerprint in process.stdout
    assert_sound(program.folder / "hpsearch.db", "small", trials=40)


def test_fault_89_a_reader_of_news_that_leaves_does_not_end_a_search(program, finished):
    """A pipe without a reader, as after ``2>&1 >out | head -1``."""
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.run(
        [*HPSEARCH, "start", "small.toml", "--workers", "2"],
        cwd=program.folder,
        env=program.environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
        check=False,
    )
    os.close(writing)
    assert process.returncode == 0
    assert finished.fingerprint in process.stdout


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_fault_89_a_terminal_that_vanishes_does_not_end_a_search(program, finished_long, term):
    """A search that ignores the hang-up goes on without its terminal, and ends as it is asked to."""
    from tests.cli.program import LONG  # noqa: PLC0415 - beside its use

    program.write("long.toml", study_text(name="long", epochs=LONG))
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF, *HPSEARCH, "start", "long.toml", "--workers", "2"],
        cwd=program.folder,
        env=program.environment(TERM=term),
        stdin=end,
        stdout=end,
        stderr=end,
        start_new_session=True,
    )
    program.launched.append(process)
    os.close(end)
    database = program.folder / "hpsearch.db"
    eventually(lambda: settled(database, "long") >= 2, what="the first results")
    os.close(terminal)
    before = settled(database, "long")
    eventually(lambda: settled(database, "long") >= before + 4, what="more results")
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 128 + signal.SIGTERM
    assert held(database) == []
    run = program.run("start", "long.toml", "--workers", 2)
    assert run.code == 0, run.err
    assert finished_long.fingerprint in run.out


DEAF = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_a_terminal_of_another_session_is_not_read():
    """Its keys are another program's, and asking for its group is an error of the system."""
    ours, theirs = os.openpty()
    asked = "from hpsearch.cli.streams import in_foreground; print(in_foreground())"
    out = subprocess.check_output([sys.executable, "-c", asked], stdin=theirs, start_new_session=True)
    os.close(ours)
    os.close(theirs)
    assert out == b"False\n"
