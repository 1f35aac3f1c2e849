"""``hpsearch nurse``: scripted without a terminal, typed in one."""

import json
import os
import signal
from contextlib import suppress

import pytest
from rich.console import Console

from hpsearch.cli.run.nurse import joined
from hpsearch.cli.run.nurse_layout import NurseLayout, chart, columns
from hpsearch.errors import NotFoundError
from hpsearch.store import InterventionKind, NursingState, opened
from tests.cli.program import eventually
from tests.cli.terminal import Terminal


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("s --at 20 lr=1 --new", ["s", "--at", "20 lr=1", "--new"]),
        ("--at 20 lr x0.5 s", ["--at", "20 lr x0.5", "s"]),
        ("--at 20 lr=1 l1=0.1 --at 30 branch s 4", ["--at", "20 lr=1 l1=0.1", "--at", "30 branch", "s", "4"]),
        ("--at 20 rewind 5 s", ["--at", "20 rewind 5", "s"]),
        ("--at 20 rewind=5 s", ["--at", "20 rewind=5", "s"]),
        ("s --at 20", ["s", "--at", "20"]),
        ("s --at", ["s", "--at"]),
        ("--at x s", ["--at", "x", "s"]),
        ("--at 20 --new", ["--at", "20", "--new"]),
    ],
)  # fmt: skip
def test_the_words_behind_at_become_one(words, expected):
    """So that nothing needs quotes; the study may stand behind them."""
    assert joined(words.split()) == expected
    assert joined(["--at", "20 lr 1 # why", "s"]) == ["--at", "20 lr 1 # why", "s"]


def test_a_script_runs_without_a_terminal(program, finished):
    """A line an epoch on standard error, the end on standard output; the list and the export know it."""
    finished.copy_to(program.folder)
    script = "--at 6 lr=x0.5 --at 8 rewind 5 --at 7 branch --reason shaky"
    run = program.run("nurse", "small", "38", "--epochs", "10", *script.split())
    assert run.code == 0
    assert "after epoch 6: lr=" in run.err
    assert "# shaky" in run.err
    assert "branch 1 goes on with: hpsearch nurse --nursing 1 --study small" in run.err
    assert run.out.startswith("nursing 0 of small: complete after epoch 10, validation ")
    listed = json.loads(program.run("nurse", "small", "--list", "--json").out)["nursings"]
    assert [(one["trial"], one["parent"], one["state"], one["epoch"]) for one in listed] == [
        (38, None, "complete", 10),
        (38, 0, "open", 7),
    ]
    line = program.run("fingerprint", "--nursing", 0).out.strip()
    assert line == listed[0]["fingerprint"]
    assert line in run.out
    assert "0  trial 38  complete  epoch 10 of 10" in program.run("nurse", "small", "--list").out
    saved = program.run("export", "nursed", "--nursing", 0, "--epoch", 6, "--output", "six.safetensors")
    assert (saved.code, saved.err[:31]) == (0, "nursing 0 after epoch 6: valida")
    replayed = program.run("replay", "--train", "--json")
    found = json.loads(replayed.out)
    assert (replayed.code, found["differences"]) == (0, [])
    assert [one["fingerprint"] for one in found["nursings"]] == [line, listed[1]["fingerprint"]]


@pytest.mark.long
def test_a_nursing_that_was_changed_by_hand_is_a_difference(program, finished):
    """Replay ends with 1 and names the epoch."""
    url = f"sqlite:///{finished.copy_to(program.folder)}"
    assert program.run("nurse", "small", "3", "--epochs", "8", "--quiet").code == 0
    with opened(url) as ledger:
        sql = "UPDATE hpsearch_nursed_epochs SET value = value / 2 WHERE epoch = 7"
        ledger.database.write(lambda c: c.exec_driver_sql(sql))
    run = program.run("replay", "--train", "--quiet")
    assert run.code == 1
    assert run.out.startswith("small: nursing 0: epoch 7: loss ")
    assert "1 nursings computed again: 1 differences" in run.out


@pytest.mark.long
def test_a_training_that_diverges_ends_with_1_and_what_to_type(program, finished):
    """What is said there, typed, goes back and on to the end."""
    finished.copy_to(program.folder)
    run = program.run("nurse", "small", "38", "--epochs", "12", "--at", "9", "lr=1e30")
    assert (run.code, run.out[:47]) == (1, "nursing 0 of small: diverged after epoch 9, val")
    words = "nurse --nursing 0 --at 9 rewind=4 --study small"
    assert f"epoch 10 diverged; go back, for example: hpsearch {words}" in run.err
    again = program.run(*words.split(), "--json")
    assert (again.code, json.loads(again.out)["epoch"]) == (0, 12)


@pytest.mark.long
def test_what_is_typed_is_done_after_the_epoch(program, finished):
    """A person lowers the rate, is refused, goes back, branches, pauses, goes on, and stops."""
    url = f"sqlite:///{finished.copy_to(program.folder)}"
    terminal = Terminal(program, "nurse", "small", "38", "--epochs", "500", "--pace", "0.1", width=100)
    try:
        terminal.read_until(lambda shown: "training loss" in shown)
        for line, answer in (
            ("lr x0.5 # it shakes", "# it shakes"),
            ("hidden 3", "found hidden"),
            ("rewind 2", "rewind 2"),
            ("branch", "branch 1"),
            ("pause", "pauses"),
            ("resume", "it goes on"),
        ):
            seen = len(terminal.shown)
            terminal.press(f"{line}\r".encode())
            terminal.read_until(lambda shown, a=answer, n=seen: a in shown[n:])
        terminal.press(b"stop # enough\r")
        assert terminal.end() == 0
    finally:
        terminal.kill()
    with opened(url) as ledger:
        study = ledger.find_study("small")
        made = ledger.interventions(study, 0)
        assert [str(one.kind) for one in made] == ["set", "rewind", "branch", "pause", "stop"]
        assert (made[0].reason, made[-1].reason) == ("it shakes", "enough")
        assert made[1].kind is InterventionKind.REWIND
        assert ledger.nursing(study, 0).state is NursingState.STOPPED
    assert "small, nursing 0 of trial 38" in terminal.shown
    assert program.run("replay", "--train", "--quiet").code == 0


@pytest.mark.long
def test_q_leaves_and_the_same_command_goes_on(program, finished):
    """The nursing stays open, and begins again where it stood."""
    url = f"sqlite:///{finished.copy_to(program.folder)}"
    words = ["nurse", "small", "38", "--epochs", "40", "--pace", "0.1"]
    terminal = Terminal(program, *words, width=60, height=12)
    try:
        terminal.read_until(lambda shown: "epoch 7 of 40" in shown)
        terminal.press(b"q\r")
        assert terminal.end() == 0
    finally:
        terminal.kill()
    assert "it goes on with: hpsearch nurse --nursing 0 --study small" in terminal.shown
    run = program.run("nurse", "small", "38", "--epochs", "40", "--json")
    found = json.loads(run.out)
    assert (found["nursing"], found["state"], found["epoch"]) == (0, "complete", 40)
    with opened(url) as ledger:
        assert len(ledger.nursed_epochs(ledger.find_study("small"), 0)) == 40


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_nursing_that_goes_on(program, finished, number):
    """The epoch in training ends, what was trained is stored, and the exit code says which signal it was."""
    url = f"sqlite:///{finished.copy_to(program.folder)}"
    process = program.launch("nurse", "small", "38", "--epochs", "500", "--pace", "0.05")

    def begun():
        with suppress(NotFoundError), opened(url) as ledger:
            return len(ledger.nursed_epochs(ledger.find_study("small"), 0)) > 6

    eventually(begun)
    os.kill(process.pid, number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + number
    assert "it goes on with: hpsearch nurse --nursing 0 --study small" in err
    with opened(url) as ledger:
        study = ledger.find_study("small")
        row = ledger.nursing(study, 0)
        assert (row.state, row.process) == (NursingState.OPEN, "")


def test_a_chart_has_as_many_columns_as_there_are():
    """More epochs than columns: each column is the last of its share."""
    assert columns([1.0, 2.0, 3.0], 5) == [1.0, 2.0, 3.0]
    assert columns([float(n) for n in range(100)], 4) == [24.0, 49.0, 74.0, 99.0]
    lines = [str(line) for line in chart("loss", [4.0, None, 1.0], width=13, rows=2)]
    assert lines == ["loss  1.0000", "4.0000    █  ", "1.0000    █ ▁"]
    assert [str(line) for line in chart("loss", [], width=13, rows=1)] == ["loss", ""]


@pytest.mark.parametrize(("width", "height"), [(20, 5), (80, 24), (200, 60)])
def test_the_screen_fits_its_terminal(width, height):
    """No line is longer than the screen is wide, and there are no more lines than it is high."""
    layout = NurseLayout(
        head="study, nursing 0 of trial 3: epoch 300 of 400, trains",
        settings="lr 0.1  dropout 0.5",
        charts={"training loss": [1.0 / n for n in range(1, 301)], "validation accuracy": [0.5] * 300},
        epochs=400,
        marks=[1, 150, 300],
        changes=[f"after epoch {n}: lr=0.1" for n in range(50)],
        typed="lr x0.5",
        reply="an answer that is much longer than the screen is wide " * 5,
        hint="lr 3e-4 | q leaves",
    )
    console = Console(width=width, height=height, force_terminal=True, color_system=None)
    options = console.options.update(width=width, height=height)
    lines = console.render_lines(layout, options)
    assert len(lines) <= height
    assert all(sum(segment.cell_length for segment in line) <= width for line in lines)
