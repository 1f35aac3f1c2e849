"""How the program ends when somebody asks it to: drained, aborted, and what it says and leaves."""

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.cli.program import (
    LONG,
    STOPPED,
    ended,
    eventually,
    group,
    held,
    rows,
    settled,
    study_text,
    workers,
)

SLOW = 4000
"""Epochs of trials that last longer than a person waits: only an abort ends them soon."""


def begun(program, *arguments, name="long", epochs=LONG, trials=4):
    """Start a study and return its process once some trials are settled."""
    program.write(f"{name}.toml", study_text(name=name, epochs=epochs))
    process = program.launch("start", f"{name}.toml", "--workers", 2, *arguments)
    database = program.folder / "hpsearch.db"
    eventually(lambda: settled(database, name) >= trials and held(database), what=f"{trials} settled trials")
    return process, database


def running(database):
    """Return the trials that are not settled, with how their last attempt ended."""
    query = (
        "SELECT trials.number, outcome FROM trials LEFT JOIN hpsearch_attempts USING (trial_id) "
        "WHERE state = 'RUNNING' AND open"
    )
    return rows(database, query)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), pytest.param(signal.SIGTERM, 143, marks=pytest.mark.long)]
)
@pytest.mark.long
def test_fault_7_the_first_signal_drains_and_the_same_command_goes_on(program, finished_long, number, code):
    """What is in training is finished, nothing is held, and the study then ends as if undisturbed."""
    process, database = begun(program)
    os.kill(process.pid, number)
    run = ended(process)
    assert (run.code, run.out) == (code, "")
    assert re.search(STOPPED, run.err)
    assert 4 <= settled(database, "long") < 40
    assert running(database) == []
    assert held(database) == []
    assert workers(database) == []
    eventually(lambda: not group(process), what="the end of every process")
    again = program.run("start", "long.toml", "--workers", 2)
    assert (again.code, again.out) == (0, finished_long.out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.sampled
def test_a_signal_to_every_process_at_once_is_no_different(program, number):
    """A terminal sends Ctrl-C to every process of a command, a service manager SIGTERM."""
    process, database = begun(program)
    os.killpg(process.pid, number)
    run = ended(process)
    assert run.code == 128 + number
    assert "Traceback" not in run.err
    assert held(database) == []
    assert all(outcome == "released" for _, outcome in running(database))
    eventually(lambda: not group(process), what="the end of every process")


def test_fault_7_the_second_signal_hands_back_at_once(program):
    """Long trainings are not waited for: they stop at the next epoch and are free for the next worker."""
    process, database = begun(program, name="slow", epochs=SLOW, trials=0)
    began = time.monotonic()
    os.kill(process.pid, signal.SIGINT)
    os.kill(process.pid, signal.SIGTERM)
    run = ended(process)
    assert run.code == 143
    assert time.monotonic() - began < 10
    assert settled(database, "slow") == 0
    assert held(database) == []
    assert {outcome for _, outcome in running(database)} == {"released"}
    eventually(lambda: not group(process), what="the end of every process")


def test_a_worker_that_waits_for_a_study_says_75(program, finished):
    """It was stopped, as a full machine may do: the signals that came meanwhile are read at once."""
    finished.copy_to(program.folder)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        worker = program.launch("worker", "--study", "later", "--wait", 600)
        assert "waiting for study 'later'" in worker.stderr.readline()
        os.kill(worker.pid, signal.SIGSTOP)
        os.kill(worker.pid, number)
        os.kill(worker.pid, signal.SIGCONT)
        assert ended(worker).code == 75


def test_a_drained_worker_says_75(program):
    """``hpsearch worker`` hands back what it cannot finish and tells a scheduler to start it again."""
    process, database = begun(program, name="slow", epochs=SLOW, trials=0)
    worker = program.launch("worker", "--fleet", 2)
    eventually(lambda: worker.pid in workers(database), what="the worker")
    eventually(lambda: claims_of(database, worker.pid) or not held(database), what="its claim")
    os.kill(worker.pid, signal.SIGTERM)
    os.kill(worker.pid, signal.SIGINT)
    run = ended(worker)
    assert (run.code, run.out) == (75, "")
    assert "handed back: trial " in run.err
    assert claims_of(database, worker.pid) == []
    assert worker.pid not in workers(database)
    assert process.poll() is None


def claims_of(database, pid):
    """Return the trials that a process holds."""
    query = (
        "SELECT number FROM hpsearch_attempts JOIN hpsearch_workers USING (worker_id) "
        "WHERE pid = ? AND open AND outcome IS NULL"
    )
    return rows(database, query, pid)


@pytest.mark.parametrize("library", ["_multiarray_umath", "sqlalchemy"])
def test_ctrl_c_while_processes_import_is_quiet(program, library):
    """Before there is anything to stop, Ctrl-C ends all of them with 130 and without a traceback."""
    process = program.launch("start", "small.toml")
    eventually(
        lambda: any(library in mapped(pid) for pid in group(process) if pid != process.pid), what=library
    )
    os.killpg(process.pid, signal.SIGINT)
    run = ended(process)
    assert run.code == 130
    assert "Traceback" not in run.err
    eventually(lambda: not group(process), what="the end of every process")


def mapped(pid):
    """Return the libraries that a process has loaded."""
    try:
        return Path(f"/proc/{pid}/maps").read_text()
    except OSError:
        return ""


@pytest.mark.long
def test_workers_that_another_program_ends_are_replaced(program, finished_long):
    """SIGTERM reaches workers and not their launcher: they hand back, and the study goes on to its end."""
    process, database = begun(program)
    for pid in workers(database):
        os.kill(pid, signal.SIGTERM)
    run = ended(process)
    assert (run.code, run.out) == (0, finished_long.out)
    assert held(database) == []
