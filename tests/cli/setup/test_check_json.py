"""``check --json``: every fault with its place, for editors and other programs."""

import json

import pytest

from tests.cli.printed.test_json import JSON_KEYS
from tests.cli.program import study_text

KEYS = {"file", "line", "column", "key", "message", "severity"}
CASES = {
    "two faults": (
        study_text(trials='"ten"').replace("hidden", "hiden"),
        [(4, 1, "trials"), (12, 1, "model.hiden")],
    ),
    "not TOML": (study_text() + "a = = 1\n", [(28, 5, "")]),
    "no such data": (study_text().replace('"digits"', '"gone.csv"').replace("train", "# "), None),
}


@pytest.mark.parametrize("case", CASES)
def test_a_refused_file_gives_its_faults(program, case):
    """One document of the same keys on standard output, and the lines on standard error; the code is 2."""
    text, places = CASES[case]
    program.write("bad.toml", text)
    run = program.run("check", "bad.toml", "--json")
    document = json.loads(run.out)
    assert (run.code, set(document)) == (2, JSON_KEYS["check", "small.toml"])
    assert document["study"] is None
    faults = document["faults"]
    assert {(*fault,) for fault in map(sorted, faults)} == {(*sorted(KEYS),)}
    assert {(fault["file"], fault["severity"]) for fault in faults} == {("bad.toml", "error")}
    found = [(fault["line"], fault["column"], fault["key"]) for fault in faults]
    assert found == (places or [(8, 1, "data.source")])
    assert len(run.err.splitlines()) == len(faults)
    for fault in faults:
        assert fault["message"] in run.err


def test_a_doubt_is_a_fault_of_its_own_severity(program):
    """A right file may have warnings, each at the line of its key."""
    program.write("small.toml", study_text().replace("rungs = [2]", "rungs = [9]"))
    run = program.run("check", "small.toml", "--json")
    document = json.loads(run.out)
    faults = {fault["key"]: fault for fault in document["faults"]}
    assert (run.code, run.err) == (0, "")
    assert len(faults) == len(document["warnings"])
    assert faults["search.rungs"]["severity"] == "warning"
    assert faults["search.rungs"]["line"] == 21
    assert f"search.rungs: {faults['search.rungs']['message']}" in document["warnings"]
