"""``[stop]`` as a person meets it: in a study file, on the command line, in what is printed."""

import json
import re

import pytest

from tests.cli.program import assert_sound, rows, study_text

RULES = "\n[stop]\nplateau = 7\n"


@pytest.mark.long
def test_a_study_file_with_a_rule_ends_early_whatever_the_fleet(program):
    """One worker and two end before the same trial, with the same winner and the same line."""
    program.write("small.toml", study_text() + RULES)
    runs = [
        program.run("start", "small.toml", "--workers", n, "--storage", f"sqlite:///{n}.db") for n in (1, 2)
    ]
    assert [run.code for run in runs] == [0, 0], runs
    assert runs[0].out == runs[1].out
    counts, why = runs[0].out.splitlines()[:2]
    n = int(re.match(r"small: (\d+) of 40 trials settled", counts)[1])
    assert n < 40
    assert why.startswith(f"ended by plateau before trial {n}: no new best in the last 7 settled trials; ")
    assert_sound(program.folder / "2.db", "small", trials=n)
    assert_sound(program.folder / "2.db", "small.confirm", trials=6)
    status = program.run("status", "--storage", "sqlite:///2.db")
    assert status.out.splitlines()[0].endswith(f", {why}")
    for command in ("status", "best"):
        note = json.loads(program.run(command, "--json", "--storage", "sqlite:///2.db").out)["stopped"]
        assert (note["rule"], note["number"]) == ("plateau", n)
        assert why.endswith(note["text"])


@pytest.mark.long
def test_options_hold_instead_of_the_file(program, finished):
    """A target on the command line ends it; without the option it goes on to its budget."""
    first = program.run("start", "small.toml", "--target", 0.1, "--plateau", 30, "--workers", 1)
    assert first.code == 0, first.err
    assert "\nended by target before trial " in first.out
    refused = program.run("enqueue", "lr=0.01")
    assert refused.code == 1
    assert re.fullmatch(
        r"hpsearch: study 'small' was ended by target before trial \d+: trial \d+ reached .*\n"
        r"change \[stop\] in its file to go on: hpsearch start FILE\n",
        refused.err,
    )
    again = program.run("start", "small.toml", "--target", 0.1, "--plateau", 30)
    assert (again.code, again.out) == (0, first.out)
    names = rows(program.folder / "hpsearch.db", "SELECT study_name FROM studies ORDER BY study_name")
    assert names == [("small",), ("small.confirm",)]
    whole = program.run("start", "small.toml", "--workers", 2)
    assert (whole.code, whole.out) == (0, finished.out)
    assert json.loads(program.run("best", "--json").out)["stopped"] is None


def test_hours_that_are_over_end_a_study_before_its_first_trial(program):
    """Nothing was tried, so nothing was found: exit 5, and the status says why."""
    run = program.run("start", "small.toml", "--hours", 1e-9, "--workers", 1)
    assert run.code == 5
    assert run.err.endswith("hpsearch: study 'small': none of its 0 trials was completed\n")
    assert program.run("status").out == (
        "small: 0 of 40 trials settled, ended by hours before trial 0: "
        "1e-09 hours have passed since the study was created\n"
    )


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--target", 1.5, "stop.target: expected a value of accuracy above 0 and at most 1, found 1.5"),
        ("--hours", 0, "hours: expected a number of hours above 0, found 0.0"),
        ("--plateau", 0, "plateau: expected 1 to 1000000 trials, found 0"),
    ],
)
def test_rules_that_cannot_be_are_refused(program, option, value, message):
    """One line, exit 2, and no database is made."""
    run = program.run("start", "small.toml", option, value)
    assert (run.code, run.out, run.err) == (2, "", f"hpsearch: {message}\n")
    assert not (program.folder / "hpsearch.db").exists()
