"""A nursing is a function of its interventions: the same bits on any database, through any kill."""

import json
import os
import signal
from contextlib import suppress

import pytest

from hpsearch.errors import NotFoundError
from hpsearch.store import opened
from tests.cli.program import eventually, study_text

SCRIPT = "--epochs 60 --at 20 lr=x0.5 --at 30 dropout 0.1 --at 40 rewind 25 --at 35 weight_decay=1e-3"
SCRIPT += " --at 45 branch --at 50 pause"
BRANCH = "--nursing 1 --at 50 lr=1e-3"
KILLS = (5, 28, 42, 60)
"""Epochs in the ledger at which the process is killed: before a change, between two, around the rewind."""
PACE = ("--pace", "0.02")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, program):
    """Return the address of a database of each kind, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{program.folder / 'killed.db'}"
        return
    postgres = request.getfixturevalue("postgres")
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


def stored(url, number):
    """Return how many epochs of a nursing are stored."""
    with suppress(NotFoundError), opened(url) as ledger:
        study = ledger.find_study("small")
        return len(ledger.nursed_epochs(study, number)) if ledger.nursing(study, number) else 0
    return 0


def killed(program, url, number, command, at):
    """Run a command that nurses, and kill it as soon as so many epochs are stored."""
    process = program.launch("nurse", "small", *command.split(), *PACE, "--storage", url)
    eventually(lambda: stored(url, number) >= at, what=f"{at} epochs")
    os.kill(process.pid, signal.SIGKILL)
    _, _ = process.communicate()
    assert process.returncode == -signal.SIGKILL


def nursed(program, command, *flags):
    """Run a command that nurses to its end; return its document."""
    run = program.run("nurse", "small", *command.split(), *flags, "--json")
    assert run.code == 0, run.err
    return json.loads(run.out)


def whole(program, *flags):
    """Nurse without a disturbance; return what came of the script, pause included, and of its branch."""
    first = nursed(program, f"3 {SCRIPT}", *flags)
    assert (first["state"], first["epoch"]) == ("open", 50)
    rest = nursed(program, f"3 {SCRIPT}", *flags)
    assert (rest["nursing"], rest["state"], rest["epoch"]) == (0, "complete", 60)
    return rest, nursed(program, BRANCH, *flags)


@pytest.mark.long
def test_a_nursing_is_the_same_through_kills_on_every_database(program, url):
    """Three changes, a rewind, a pause and a branch; killed four times, and its branch once."""
    path = program.write("small.toml", study_text())
    assert program.run("start", path, "--quiet").code == 0
    calm, branch = whole(program)
    assert program.run("start", path, "--quiet", "--storage", url).code == 0
    for at in KILLS:
        killed(program, url, 0, f"3 {SCRIPT}", at)
    while (again := nursed(program, f"3 {SCRIPT}", "--storage", url))["state"] == "open":
        assert again["epoch"] == 50
    assert again == calm
    killed(program, url, 1, BRANCH, 8)
    assert nursed(program, BRANCH, "--storage", url) == branch
    for number, expected in enumerate((calm, branch)):
        run = program.run("fingerprint", "--nursing", number, "--storage", url)
        assert run.out.strip() == expected["fingerprint"]
    replayed = program.run("replay", "--train", "--quiet", "--storage", url)
    assert (replayed.code, replayed.out.splitlines()[1:]) == (
        0,
        [f"nursing {n}: fingerprint {one['fingerprint']}" for n, one in enumerate((calm, branch))],
    )
    assert "2 nursings computed again: no difference" in replayed.out
