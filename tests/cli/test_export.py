"""``hpsearch export`` as a person meets it: formats, files, pipes."""

import csv
import json
import shlex
import subprocess

import pytest

from tests.cli.program import HPSEARCH

NAMES = ["number", "state", "stage", "value", "params.lr", "params.dropout"]


@pytest.fixture
def export(program, finished):
    """Return a function that exports the finished study."""
    return lambda *arguments: program.run("export", "--storage", finished.url, *arguments)


def test_every_trial_is_on_standard_output(export):
    """CSV by default: a header, 40 trials, nothing else said."""
    run = export()
    assert (run.code, run.err) == (0, "")
    rows = list(csv.reader(run.out.splitlines()))
    assert rows[0] == [
        *NAMES,
        *(f"epoch_{n}" for n in range(1, 5)),
        *("attempts", "started", "ended", "seconds", "reason"),
    ]
    assert [int(row[0]) for row in rows[1:]] == list(range(40))


def test_the_ending_of_the_file_says_the_format(export, program):
    """``.jsonl`` is JSON lines and ``.csv`` is CSV; both hold the same values."""
    for name in ("x.csv", "x.jsonl"):
        run = export("--output", name)
        assert (run.code, run.out, run.err) == (0, "", f"40 trials written to {name}\n")
    objects = [json.loads(line) for line in (program.folder / "x.jsonl").read_text().splitlines()]
    lines = list(csv.DictReader((program.folder / "x.csv").read_text().splitlines()))
    assert [float(line["value"]) for line in lines] == [found["value"] for found in objects]
    assert [float(line["params.lr"]) for line in lines] == [found["params"]["lr"] for found in objects]


def test_the_option_beats_the_ending(export, program):
    """``--format`` counts where it is given."""
    assert export("--output", "x.csv", "--format", "jsonl").code == 0
    assert json.loads((program.folder / "x.csv").read_text().splitlines()[0])["number"] == 0


@pytest.mark.parametrize(
    ("arguments", "found"), [(["--output", "x.xlsx"], "xlsx"), (["--format", "yaml"], "yaml")]
)
def test_an_unknown_format_is_refused(export, program, arguments, found):
    """The message names the formats there are; no file is made."""
    before = set(program.folder.iterdir())
    run = export(*arguments)
    assert run.code == 2
    assert f"expected csv or jsonl, found '{found}'" in run.err
    assert set(program.folder.iterdir()) == before


def test_a_file_that_cannot_be_written_is_one_line(export):
    """No traceback: which file, and why."""
    run = export("--output", "missing/x.csv")
    assert run.code == 1
    expected = "missing/x.csv: expected a file that can be written, found: no such file or directory"
    assert run.err == f"hpsearch: {expected}\n"


def test_fault_47_a_closed_pipe_is_quiet(program, finished):
    """``| head`` takes what it wants; nobody complains."""
    command = shlex.join([*HPSEARCH, "export", "--storage", finished.url])
    done = subprocess.run(
        ["bash", "-c", f"for n in 1 2 3; do {command} | true; done; {command} | head -n 1"],
        check=True,
        capture_output=True,
        text=True,
        env=program.environment(),
    )
    assert done.stdout.startswith(",".join(NAMES))
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""
