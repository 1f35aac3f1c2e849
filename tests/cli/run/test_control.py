"""What people ask of a study that runs elsewhere: every worker obeys, and the study stays the same study."""

import os
import re
import signal
import sqlite3
from contextlib import closing

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
from tests.cli.run.test_signals import SLOW, begun, running


def control(database):
    """Return what the study's workers are told to do."""
    return rows(database, "SELECT control FROM hpsearch_studies ORDER BY study_id")[0][0]


@pytest.mark.long
def test_a_paused_study_waits_and_goes_on_when_it_is_resumed(program, finished_long):
    """Workers finish what they train, then wait; the study ends as if undisturbed."""
    process, database = begun(program)
    run = program.run("pause")
    assert (run.code, run.out) == (0, "")
    assert run.err == "study 'long' pauses: workers finish what they train, then wait\n"
    eventually(lambda: not held(database), what="nothing in hand")
    done = settled(database, "long")
    status = program.run("status")  # takes longer than a worker waits between two looks
    assert status.out.splitlines()[0].endswith(", paused")
    assert (settled(database, "long"), held(database)) == (done, [])
    assert len(workers(database)) == 2
    assert process.poll() is None
    program.run("resume")
    run = ended(process)
    assert (run.code, run.out) == (0, finished_long.out)


@pytest.mark.long
def test_a_stopped_study_ends_its_workers_and_the_same_command_goes_on(program, finished_long):
    """What is in training is finished, every process ends, a worker that comes later has nothing to do."""
    process, database = begun(program)
    assert program.run("stop").code == 0
    run = ended(process)
    assert (run.code, run.out) == (75, "")
    assert re.search(STOPPED, run.err)
    assert (running(database), held(database), workers(database)) == ([], [], [])
    eventually(lambda: not group(process), what="the end of every process")
    late = program.run("worker")
    assert late.code == 75
    assert "study 'long' was told to stop: hpsearch resume --study long lets it go on" in late.err
    again = program.run("start", "long.toml", "--workers", 2)
    assert (again.code, again.out) == (0, finished_long.out)
    assert control(database) == "run"


def test_a_cancelled_study_hands_back_within_a_heartbeat(program):
    """Trainings that would take minutes stop at an epoch; nothing is held, nothing counts as a death."""
    process, database = begun(program, "--lease", 3, name="slow", epochs=SLOW, trials=0)
    assert program.run("cancel").code == 0
    run = ended(process)
    assert run.code == 75
    assert settled(database, "slow") == 0
    assert held(database) == []
    assert {outcome for _, outcome in running(database)} == {"released"}


def test_fault_7_a_worker_that_is_terminated_hands_back(program):
    """A service manager's SIGTERM, and the second one: exit 75, nothing held."""
    process, database = begun(program, "--lease", 3, name="slow", epochs=SLOW, trials=0)
    worker = program.launch("worker", "--fleet", 2)
    eventually(lambda: worker.pid in workers(database), what="the worker")
    os.kill(worker.pid, signal.SIGTERM)
    os.kill(worker.pid, signal.SIGINT)
    assert ended(worker).code == 75
    assert process.poll() is None


@pytest.mark.long
def test_enqueued_parameters_take_the_next_number_once(program):
    """What is given is tried as given, what is left out is filled in; the budget stays exact."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    process, database = begun(program)
    run = program.run("enqueue", "lr=0.0123")
    assert run.code == 0, run.err
    number = int(run.out)
    assert ended(process).code == 0
    query = (
        "SELECT number, param_value FROM trials JOIN trial_params USING (trial_id) "
        "JOIN studies USING (study_id) WHERE study_name = 'long' AND param_name = 'lr' ORDER BY number"
    )
    found = rows(database, query)
    assert [n for n, _ in found] == list(range(40))
    assert [n for n, lr in found if lr == 0.0123] == [number]
    shown = program.run("show", number)
    assert "stage     enqueued" in shown.out
    again = program.run("enqueue", "lr=0.0123")
    assert again.code == 1
    assert "all 40 trials have their parameters; hpsearch start FILE --trials N adds more" in again.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["lrr=1"], 2, 'lrr: expected a parameter of the space; did you mean "lr"?, found "lrr"'),
        (["lr=much"], 2, 'lr: expected a number from 1e-06 to 10, found "much"'),
        (["lr=11"], 2, "lr: expected a number from 1e-06 to 10, found 11.0"),
        (["lr=nan"], 2, "lr: expected a number from 1e-06 to 10, found nan"),
        (
            ["lr"],
            2,
            "expected NAME=VALUE, such as lr=0.01, or --like NUMBER, found only the name of a study, 'lr'",
        ),
        (["--like", "99"], 3, "study 'small' has no trial 99: expected 0 to 39"),
        ([], 2, "expected NAME=VALUE, such as lr=0.01, or --like NUMBER, found neither"),
        (["lr=1e-2", "lr=1e-3"], 2, "expected lr once, found lr=1e-2 and lr=1e-3"),
        (["lr=1e-2", " lr = 1e-2"], 2, "expected lr once, found lr=1e-2 and lr=1e-2"),
        (["lr=1_0"], 2, 'lr: expected a number from 1e-06 to 10, found "1_0"'),
        (["lr=0x1"], 2, 'lr: expected a number from 1e-06 to 10, found "0x1"'),
        (["lr=1e400"], 2, "lr: expected a number from 1e-06 to 10, found inf"),
        (["lr=True"], 2, 'lr: expected a number from 1e-06 to 10, found "True"'),
        (["lr=0. 1"], 2, 'lr: expected a number from 1e-06 to 10, found "0. 1"'),
        (["lr="], 2, 'lr: expected a number from 1e-06 to 10, found ""'),
        ([" =1"], 2, "expected NAME=VALUE, such as lr=0.01, found ' =1'"),
    ],
)
def test_fault_85_parameters_that_cannot_be_are_refused(program, finished, words, code, message):
    """One line says what was expected; nothing is written."""
    finished.copy_to(program.folder)
    run = program.run("enqueue", *words)
    assert (run.code, run.out, run.err) == (code, "", f"hpsearch: {message}\n")


@pytest.mark.long
def test_more_trials_continue_a_study_as_one_run_of_them_all(program, finished):
    """40, then 60, is the same study as 60 at once, winner and confirmation too."""
    finished.copy_to(program.folder)
    more = program.run("start", "small.toml", "--trials", 60, "--workers", 2)
    assert more.code == 0, more.err
    once = program.run("start", "small.toml", "--trials", 60, "--storage", "sqlite:///once.db")
    assert more.out == once.out
    assert "60 of 60 trials settled" in once.out
    names = rows(program.folder / "hpsearch.db", "SELECT study_name FROM studies ORDER BY study_name")
    assert ("small.confirm",) in names
    fewer = program.run("start", "small.toml", "--workers", 1, "--trials", 40)
    assert fewer.code == 2
    assert fewer.err == ("hpsearch: study 'small': expected at least 60 trials, found 40: 60 have begun\n")


def test_fault_43_a_changed_file_says_what_may_change(program, finished):
    """The difference is named key by key; so is what may change while a study runs."""
    finished.copy_to(program.folder)
    text = study_text().replace("epochs = 4", "epochs = 5").replace("top = 2", "top = 3")
    program.write("small.toml", text)
    run = program.run("start", "small.toml")
    assert run.code == 2
    assert run.err == (
        "hpsearch: study 'small' exists with other settings (as created -> now): study.model.epochs: 4 -> 5\n"
        "restore them, or give the study another name, such as --set name=small-2; "
        "what may change: trials, attempts, stop, confirm\n"
    )
    program.write("small.toml", study_text().replace("top = 2", "top = 1"))
    run = program.run("start", "small.toml", "--workers", 1)
    assert run.code == 0, run.err


def test_a_trial_that_did_not_fail_is_not_retried(program, finished):
    """The refusal says how it stands."""
    finished.copy_to(program.folder)
    run = program.run("retry", 0)
    assert (run.code, run.out) == (1, "")
    assert run.err.startswith("hpsearch: trial 0 of study 'small' has not failed: it is ")
    assert program.run("retry", 40).code == 3


@pytest.mark.long
def test_fault_21_a_result_that_cannot_be_stored_is_kept_and_delivered(program, finished_long):
    """Another process holds the file for longer than the worker waits; nothing is trained twice."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    process, database = begun(program, "--workers", 1, trials=1)
    program.run("stop")
    ended(process)
    program.run("resume")
    worker = program.launch("worker", "--patience", 0.5)
    with closing(sqlite3.connect(database, isolation_level=None, timeout=30)) as other:
        other.execute("BEGIN IMMEDIATE")
        while not held(database):
            other.execute("ROLLBACK")
            eventually(lambda: held(database), what="a claim")
            other.execute("BEGIN IMMEDIATE")
        mine = {number for number, _ in held(database)}
        run = ended(worker)
        assert run.code == 4, run.err
        assert "is locked" in run.err
        kept = "kept in " in run.err
        other.execute("ROLLBACK")
    again = program.run("worker")
    assert again.code == 0, again.err
    assert kept
    assert "delivered results that were kept here: trials " in again.err
    attempts = rows(database, "SELECT number, max(attempt) FROM hpsearch_attempts GROUP BY study_id, number")
    assert all(attempt == 1 for number, attempt in attempts if number in mine)
    assert program.run("fingerprint").out.strip() == finished_long.fingerprint
