"""``hpsearch export`` as a person meets it: formats, files, pipes."""

import csv
import json
import os
import pty
import shlex
import subprocess
import sys

import numpy as np
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import hpsearch
from hpsearch.cli.app import make_app
from hpsearch.report.exports.parquet import MissingPackageError
from tests.cli.program import HPSEARCH

NAMES = ["number", "state", "stage", "value", "params.lr", "params.dropout"]


@pytest.fixture
def export(program, finished):
    """Return a function that exports the finished study."""
    return lambda *arguments, **more: program.run("export", "--storage", finished.url, *arguments, **more)


@pytest.fixture
def in_process():
    """Return a function that runs a command in this process."""
    return lambda *arguments: CliRunner().invoke(make_app(), arguments)


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
    assert f"expected csv, jsonl or parquet, found '{found}'" in run.err
    assert set(program.folder.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (
            ["small", "models"],
            "expected one of trials, curves, winner, ensemble, nursed, bundle, found 'models'",
        ),
        (["winner"], "expected a file for the winner, found none"),
        (["winner", "-o", "x", "--raw"], "expected a table, found 'winner'"),
        (["bundle", "-o", "x", "-f", "csv"], "expected a table, found 'bundle'"),
        (["trials", "--with-data"], "expected a bundle, found 'trials'"),
    ],
)
def test_what_makes_no_sense_together_is_refused(in_process, arguments, problem):
    """An option that would change nothing is wrong input."""
    result = in_process("export", *arguments)
    assert result.exit_code == 2
    assert problem in " ".join(result.stderr.replace("│", " ").split())


def test_a_parquet_file_holds_every_trial(export, program):
    """By its ending; through a pipe as well, the same bytes."""
    assert export("--output", "x.parquet").err == "40 trials written to x.parquet\n"
    table = pq.read_table(program.folder / "x.parquet")
    assert table.column("number").to_pylist() == list(range(40))
    assert export("curves", "-o", "y.parquet").err.endswith("epochs written to y.parquet\n")


def test_a_missing_package_names_the_extra(finished, in_process, monkeypatch):
    """One line, and what to install."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    result = in_process("export", "--storage", finished.url, "--format", "parquet")
    assert isinstance(result.exception, MissingPackageError)
    assert str(result.exception) == (
        "Parquet: expected the package pyarrow, found none; pip install 'hpsearch[frames]'"
    )


def test_parquet_never_fills_a_terminal(finished, program):
    """Bytes on a screen help nobody; a pipe takes them."""
    reader, terminal = pty.openpty()
    command = [*HPSEARCH, "export", "--format", "parquet", "--storage", finished.url]
    run = subprocess.run(
        command, check=False, stdout=terminal, stderr=subprocess.PIPE, text=True, env=program.environment()
    )
    os.close(terminal)
    os.close(reader)
    assert run.returncode == 2
    assert "Parquet is no text" in run.stderr


@pytest.mark.parametrize("what", ["winner", "ensemble"])
def test_a_model_says_how_good_it_is(export, program, finished, what):
    """What is in the file, its accuracy, and that the study's own came out again."""
    run = export(what, "-o", f"{what}.safetensors", HPSEARCH_CACHE=program.cache)
    assert (run.code, run.out) == (0, "")
    first, second = run.err.splitlines()
    assert first.endswith(f", written to {what}.safetensors")
    accuracy = second.rpartition(": ")[2]
    assert second == f"trained again for this; the study's test accuracy came out as before: {accuracy}"
    assert accuracy in finished.out
    model = hpsearch.load_model(program.folder / f"{what}.safetensors")
    assert model.predict(np.zeros((2, 64))).shape == (2,)


WIDE = """
name = "wide"
trials = 2
[data]
source = "digits"
[objective]
metric = "log_loss"
[model]
depth = 3
epochs = 3
[space]
width = { low = 221, high = 222 }
[search]
rounds = [2]
[confirm]
top = 1
seeds = 2
"""
"""Layers so wide that BLAS shares a product out among its threads, and rounds otherwise then."""


@pytest.mark.long
def test_a_wide_network_is_exported_to_the_same_bits(program):
    """A command trains with one thread of BLAS, as a worker does, whatever it has imported before."""
    program.write("wide.toml", WIDE)
    assert program.run("start", "wide.toml", "--quiet", "--workers", 1).code == 0
    run = program.run("export", "winner", "-o", "wide.safetensors", command=HPSEARCH)
    assert run.code == 0, run.err
    assert "came out as before" in run.err
    model = hpsearch.load_model(program.folder / "wide.safetensors")
    assert len(set(model.networks[0].config.hidden)) == 1
    assert len(model.networks[0].config.hidden) == 3


def test_a_file_that_cannot_be_written_is_one_line(export):
    """No traceback: which file, and why."""
    run = export("--output", "missing/x.csv")
    assert run.code == 1
    expected = "missing/x.csv: expected a file that can be written, found: no such file or directory"
    assert run.err == f"hpsearch: {expected}\n"


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.long
def test_fault_47_a_closed_pipe_is_quiet(program, finished, form):
    """``| head`` takes what it wants; nobody complains."""
    command = shlex.join([*HPSEARCH, "export", "--format", form, "--storage", finished.url])
    done = subprocess.run(
        ["bash", "-c", f"for n in 1 2 3; do {command} | true; done; {command} | head -c 4"],
        check=True,
        capture_output=True,
        text=True,
        env=program.environment(),
    )
    assert done.stdout == {"csv": "numb", "parquet": "PAR1"}[form]
    assert done.stderr == ""
