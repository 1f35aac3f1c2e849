"""What goes where: results to stdout, all else to stderr, and nothing that only a terminal understands."""

import json
import os
import pty
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.program import HPSEARCH, study_text

ESCAPE = "\x1b"


def in_terminal(program, *arguments, **environment):
    """Run a command in a pseudo-terminal; return its exit code and everything it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(program.folder)
        os.execve(HPSEARCH[0], [*HPSEARCH, *arguments], program.environment(TERM="xterm", **environment))
    shown = b""
    while chunk := _read(terminal):
        shown += chunk
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), shown.decode()


def _read(terminal):
    try:
        return os.read(terminal, 65536)
    except OSError:  # the other end is closed
        return b""


def won(finished):
    """Return the number of the winning trial, as ``start`` printed it."""
    return re.search(r"^  winner +trial (\d+)$", finished.out, re.MULTILINE)[1]


def test_a_terminal_shows_progress_and_then_the_winner(program, finished):
    """A screen of its own while the study runs; what stays is the summary, then what to type next."""
    code, shown = in_terminal(program, "start", "small.toml", "--workers", "2")
    assert code == 0
    assert f"{ESCAPE}[?25l" in shown, "the cursor is hidden while the screen is redrawn"
    assert shown.rindex(f"{ESCAPE}[?25h") < shown.index("\n  winner")
    for part in ("small", "/40", "confirm", "6/6", "best", "worker"):
        assert part in shown
    last = shown.rpartition(f"{ESCAPE}[?1049l")[2].replace("\r\n", "\n")
    assert last.startswith(finished.out)
    named = f"next:\n  hpsearch report --study small\n  hpsearch explain {won(finished)} --study small\n"
    assert named in last
    assert last.endswith("\n  hpsearch dashboard\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["start", "small.toml"], 0), (["--help"], 0), (["start", "--help"], 0), (["nonsense"], 2)],
)
@pytest.mark.sampled
def test_no_color_in_a_terminal_means_no_escape_at_all(program, arguments, code):
    """``NO_COLOR`` turns off colors, bold letters and the live screen alike."""
    (program.folder / "small.toml").write_text(study_text(trials=8).replace("[16, 8]", "[8]"))
    found, shown = in_terminal(program, *arguments, NO_COLOR="1")
    assert found == code
    assert len(shown) > 60
    assert ESCAPE not in shown


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["start", "--help"],
        ["nonsense"],
        ["start"],
        ["list"],
        ["status"],
        ["best"],
        ["show", "3"],
        ["show", "99"],
    ],
    ids=" ".join,
)
def test_without_a_terminal_there_is_no_escape(program, finished, arguments):
    """A file or a pipe gets plain text, errors included."""
    run = program.run(*arguments, HPSEARCH_STORAGE=finished.url)
    assert ESCAPE not in run.out + run.err
    assert (run.out != "") == (run.code == 0)
    assert (run.err != "") == (run.code != 0)


def test_start_prints_results_alone_to_stdout(finished):
    """The summary is on stdout; progress and the commands to type next are on stderr."""
    assert finished.out.startswith("small: 40 of 40 trials settled (")
    assert finished.out.rstrip().endswith(finished.fingerprint)
    assert "next:" not in finished.out
    assert "small.confirm: 6 of 6 trials settled (6 complete)" in finished.err
    assert (
        f"\nnext:\n  hpsearch report --study small\n  hpsearch explain {won(finished)} --study small\n"
        in finished.err
    )
    assert ESCAPE not in finished.out + finished.err


def test_quiet_leaves_the_result(program, finished):
    """``--quiet`` prints the summary and nothing else, ``--json`` one document and nothing else."""
    finished.copy_to(program.folder)
    quiet = program.run("start", "small.toml", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, finished.out, "")
    as_json = program.run("start", "small.toml", "--json")
    best = program.run("best", "--json")
    assert (as_json.code, as_json.err) == (0, "")
    assert json.loads(as_json.out) == json.loads(best.out)


@pytest.mark.long
def test_the_password_is_never_shown(program, finished):
    """The commands to type next name another database than the usual one, without its password."""
    driver = (
        "from hpsearch.cli.run.start import _next_commands; from hpsearch.report import Summary; "
        "from hpsearch.store import Status; status = Status(study='my study', budget=1); "
        "found = Summary(study='my study', status=status, best=None, fingerprint=''); "
        "print(_next_commands(found, 'postgresql+psycopg://u:geheim@127.0.0.1/db'))"
    )
    run = program.run("-c", driver, command=HPSEARCH[:1])
    assert "hpsearch worker --study 'my study' --storage \"$HPSEARCH_STORAGE\"" in run.out
    lost = program.run("status", "--storage", "postgresql://u:geheim@127.0.0.1:1/db")
    assert (lost.code, lost.out) == (4, "")
    assert "geheim" not in run.out + lost.err
    elsewhere = program.run("start", "small.toml", "--storage", finished.url)
    assert f"hpsearch report --study small --storage {finished.url}\n" in elsewhere.err
    known = program.run("start", "small.toml", HPSEARCH_STORAGE=finished.url)
    assert "hpsearch report --study small\n" in known.err


def test_a_closed_pipe_is_quiet(program, finished):
    """``hpsearch list | head -0`` has nobody to complain to."""
    process = subprocess.Popen(
        [*HPSEARCH, "list", "--storage", finished.url],
        env=program.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=180) == 1
    assert err == ""


def test_a_full_disk_is_one_line(program, finished):
    """What cannot be printed is told in one line; ``--debug`` tells where it came from."""
    for debug in ([], ["--debug"]):
        with Path("/dev/full").open("w") as full:
            run = subprocess.run(
                [*HPSEARCH, *debug, "list", "--storage", finished.url],
                env=program.environment(),
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert run.returncode == 1
        expected = "standard output: expected room for what is printed, found: no space left on device"
        assert run.stderr.endswith(f"hpsearch: {expected}\n")
        assert ("Traceback" in run.stderr) == bool(debug)
        assert debug or len(run.stderr.splitlines()) == 1


def test_debug_shows_where_an_error_came_from(program):
    """With ``--debug``, before or behind the command, the traceback comes first, then the line."""
    plain = program.run("status")
    assert plain.err.count("\n") == 1
    for words in (["--debug", "status"], ["status", "--debug"]):
        run = program.run(*words)
        assert run.code == plain.code == 4
        assert run.err.startswith("Traceback")
        assert run.err.endswith(plain.err)


def test_progress_lines_say_where_the_study_stands(program):
    """Without a terminal ``--verbose`` prints a line for each change, ending with the whole budget."""
    run = program.run("start", "small.toml", "--workers", 2, "--verbose")
    assert run.code == 0
    lines = [line.partition(" ")[2] for line in run.err.splitlines()]
    lines = [line for line in lines if line.startswith("small: ")]
    counts = [int(line.split()[1]) for line in lines]
    assert counts[-1] >= counts[0]
    assert counts == sorted(counts)
    assert len(set(lines)) == len(lines)
    assert "small.confirm: 6 of 6 trials settled" in run.err
