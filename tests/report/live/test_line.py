"""The line of progress that ``hpsearch.start`` shows: in a terminal, in a log, and not at all."""

import dataclasses
import os
import pty
import re
import sys
import time

import pytest

from hpsearch.report.live.line import in_notebook, progress_line, shown_progress
from hpsearch.store import opened
from tests.cli.fixtures import cache, finished, program
from tests.cli.terminal import Terminal

__all__ = ["cache", "finished", "program"]


@pytest.fixture
def snapshots(finished):
    """Return a study as it stood on its way, and at its end."""
    with opened(finished.url) as ledger:
        done = ledger.snapshot(ledger.find_study("small"))
    part = dataclasses.replace(done.search, counts={}, budget=40, best_value=None, best_number=None)
    return dataclasses.replace(done, search=part, confirm=None, verdict=None), done


def test_a_line_says_where_the_study_stands(snapshots):
    """Trials and stage on the way, the winner at the end; never more than a line."""
    first, done = map(progress_line, snapshots)
    assert first.startswith("small: 0 of 40 trials settled")
    assert done == "small: 40 of 40 trials settled, the winner is trial 38"
    assert "\n" not in first


def test_a_terminal_has_one_line_that_is_written_over(snapshots, monkeypatch):
    """Each record begins at the left edge again, and the line ends when the study does."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        monkeypatch.setenv("COLUMNS", "60")
        seen = []
        with shown_progress(None, seen.append) as show:
            for snapshot in snapshots:
                show(snapshot)
        written, deadline = "", time.monotonic() + 30
        while not written.endswith("\n") and time.monotonic() < deadline:
            written += os.read(ours, 10_000).decode()
    os.close(ours)
    assert seen == list(snapshots), "the caller's own function is called as well"
    assert written.count("\r\n") == 1
    assert written.endswith("\r\n")
    lines = re.split("\r", written)[1:3]
    assert lines[1].strip() == progress_line(snapshots[1])
    assert all(len(line) <= 59 for line in lines)


def test_a_log_has_lines_only_on_request(snapshots, capsys):
    """Nothing without a terminal; with ``progress=True`` the first and the last line."""
    for progress in (None, False):
        with shown_progress(progress, None) as show:
            assert show is None
    with shown_progress(True, None) as show:
        for snapshot in (*snapshots, snapshots[1]):
            show(snapshot)
    assert capsys.readouterr().err.splitlines() == [progress_line(snapshot) for snapshot in snapshots]
    assert not in_notebook()


@pytest.mark.long
def test_a_script_in_a_terminal_shows_its_progress(program, finished):
    """``start`` with a dict in a real terminal: a line until the winner is known, then the script goes on."""
    script = (
        "import hpsearch, tomllib\n"
        "tables = tomllib.load(open('small.toml', 'rb'))\n"
        "print(hpsearch.start(tables, storage='sqlite:///x.db', workers=1).fingerprint)\n"
    )
    program.write("script.py", script)
    terminal = Terminal(program, "script.py", width=100, command=(sys.executable,))
    assert terminal.end() == 0, terminal.shown
    assert re.search(r"small: \d+ of 40 trials settled", terminal.shown)
    assert "small: 40 of 40 trials settled, the winner is trial 38" in terminal.shown
    assert finished.fingerprint in terminal.shown
