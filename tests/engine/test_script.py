"""A person's own script as the launcher."""

import re
import sys

import pytest

from tests.cli.program import assert_sound

SCRIPT = """
import os
import sys

print("the script runs in", os.getpid(), flush=True)

import hpsearch

spec = hpsearch.load_study_file("small.toml")
result = hpsearch.start(spec, storage="sqlite:///script.db", workers=2)
print(result.fingerprint)
print(result.best.number, result.best.test_accuracy, result.ensemble.size)
again = hpsearch.start(spec, storage="sqlite:///script.db")
found = result.summary()
print(again.summary() == found, hpsearch.open_study(storage="sqlite:///script.db").summary() == found)
"""


@pytest.mark.long
def test_a_script_without_a_main_guard_is_run_once(program, finished):
    """Workers do not run the caller's script again, and its study is that of the command line."""
    program.write("script.py", SCRIPT)
    run = program.run("script.py", command=(sys.executable,))
    assert run.code == 0, run.err
    first, fingerprint, winner, same = run.out.splitlines()
    assert first.startswith("the script runs in ")
    assert fingerprint == finished.fingerprint
    assert winner.startswith("38 0.91")
    assert same == "True True"
    assert_sound(program.folder / "script.db", "small", trials=40)


@pytest.mark.long
def test_a_script_may_come_from_standard_input(program, finished):
    """An interactive session has no file that a worker could find."""
    run = program.run("-c", SCRIPT, command=(sys.executable,))
    assert run.code == 0, run.err
    assert run.out.count("the script runs in") == 1
    assert finished.fingerprint in run.out


@pytest.mark.long
def test_an_interrupted_script_can_go_on(program, finished):
    """``stop`` ends a study early with an error that says so; the next ``start`` finishes it."""
    text = """
import hpsearch
from hpsearch.worker import Stop
spec = hpsearch.load_study_file("small.toml")
stop = Stop()
try:
    hpsearch.start(spec, workers=2, stop=stop, on_status=lambda _: stop.requests or stop.request())
except hpsearch.HpsearchError as error:
    print(type(error).__name__, error)
print(hpsearch.start(spec, workers=2).fingerprint)
"""
    program.write("script.py", text)
    run = program.run("script.py", command=(sys.executable,))
    assert run.code == 0, run.err
    message, fingerprint = run.out.splitlines()
    said = r"InterruptedStudyError study 'small': stopped with \d+ of 40 trials settled; the same command .*"
    assert re.fullmatch(said, message)
    assert fingerprint == finished.fingerprint


def test_a_study_file_is_started_by_its_path(program, finished):
    """As on the command line: its text need not be read before."""
    text = 'import hpsearch\nprint(hpsearch.start("small.toml", workers=2).fingerprint)\n'
    program.write("script.py", text)
    run = program.run("script.py", command=(sys.executable,))
    assert (run.code, run.out) == (0, f"{finished.fingerprint}\n")
