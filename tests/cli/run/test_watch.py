"""``watch`` and the live screen of ``start``, in real terminals, on real studies."""

import json
import os
import re
import signal
import subprocess

import pytest

from tests.cli.program import (
    HPSEARCH,
    LONG,
    STOPPED,
    ended,
    eventually,
    held,
    rows,
    settled,
    study_text,
    workers,
)
from tests.cli.terminal import BACK, Terminal, widest
from tests.machine.postgres import Postgres

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ .+")

OPEN = """
import sys
from hpsearch import api
spec = api.load_study_file("waits.toml")
terms = api.search_terms(spec, data_hash="")
api.Ledger(sys.argv[1], create=True).open_study(terms)
"""


@pytest.fixture
def terminal(program):
    """Return a function that runs commands in terminals, ended with the test."""
    opened = []

    def terminal(*arguments, **size):
        opened.append(Terminal(program, *arguments, **size))
        return opened[-1]

    yield terminal
    for one in opened:
        one.kill()


def begin(program, *arguments, epochs=LONG):
    """Start a study that takes a while; return its process once trials are settled, and its database."""
    program.write("long.toml", study_text(name="long", epochs=epochs))
    process = program.launch("start", "long.toml", "--workers", 1, "--quiet", *arguments)
    database = program.folder / "hpsearch.db"
    eventually(lambda: held(database) and (settled(database, "long") or epochs > LONG), what="a trial")
    return process, database


@pytest.mark.long
def test_start_draws_pictures_of_the_whole_study(program, terminal):
    """Each fits the terminal, also after it was made smaller; the numbers of settled trials only rise."""
    program.write("long.toml", study_text(name="long", epochs=LONG // 4))
    seen = terminal("start", "long.toml", "--workers", 2)
    seen.read_until(lambda _: len(seen.frames) > 2)
    assert widest(seen.frames[1]) <= 80
    seen.resize(40, 10)
    before = len(seen.frames)
    assert seen.end() == 0
    # Some may have been drawn before the command heard of the new size, but not yet read.
    small = next(i for i in range(before, len(seen.frames)) if len(seen.frames[i]) <= 10)
    assert max(map(widest, seen.frames[small:])) <= 40
    assert max(map(len, seen.frames[small:])) <= 10
    counts = [int(n) for frame in seen.frames for n in re.findall(r" (\d+)/40", "\n".join(frame))]
    assert counts == sorted(counts)
    assert counts[-1] == 40
    assert any(re.search(r" \d/6$", line) for frame in seen.frames for line in frame), "the confirming runs"
    assert seen.frames[0][-1].startswith("Ctrl-C saves what is in training")
    assert seen.rest.startswith("long: 40 of 40 trials settled")


def test_ctrl_c_in_the_terminal_says_what_comes_next(program, terminal):
    """The last line tells that the workers finish; where the study stands stays on the screen."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    seen = terminal("start", "long.toml", "--workers", 2)
    seen.read_until(lambda _: bool(seen.frames) and "/40" in "".join(seen.frames[-1]))
    seen.press(b"\x03")
    assert seen.end() == 130
    assert seen.rest.startswith("long: ")
    assert re.search(STOPPED, seen.rest)


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (lambda seen: seen.press(b"q"), 0),
        (lambda seen: seen.press(b"\x03"), 0),
        (lambda seen: os.kill(seen.pid, signal.SIGTERM), 143),
    ],
    ids=["q", "ctrl-c", "sigterm"],
)
@pytest.mark.sampled
def test_watch_shows_a_live_study_and_is_left(program, terminal, leave, code):
    """The study goes on, the terminal is as it was, and where the study stands stays on it."""
    process, database = begin(program, epochs=10 * LONG)  # it goes on for longer than anybody looks
    seen = terminal("watch", width=200, height=50)
    seen.read_until(lambda _: len(seen.frames) > 1)
    shown = "\n".join(seen.frames[-1])
    for part in ("long  ", "/40", str(workers(database)[0]), "q leaves, the study goes on"):
        assert part in shown
    assert widest(seen.frames[-1]) > 100
    leave(seen)
    assert seen.end() == code
    assert seen.rest.startswith("long: ")
    assert seen.shown.count(BACK) == 1
    assert process.poll() is None


def test_watch_of_a_finished_study_ends_at_once(program, finished, terminal):
    """The result stays, with what to type next; without a terminal the last events are lines."""
    seen = terminal("watch", "--storage", finished.url)
    assert seen.end() == 0
    assert seen.rest.startswith("small: 40 of 40 trials settled")
    last = f"study 'small' is done: hpsearch best --study small --storage {finished.url}\n"
    assert seen.rest.endswith(last)
    run = program.run("watch", "--study", "small.confirm", "--storage", finished.url)
    assert (run.code, run.err) == (0, last)
    lines = run.out.splitlines()
    assert all(STAMP.fullmatch(line) for line in lines)
    assert len(set(lines)) == len(lines) > 10
    assert "small.confirm: 6 of 6 trials settled (6 complete)" in lines[-1]


def test_watch_prints_lines_while_a_study_runs(program):
    """Without a terminal each event is told once, until the study is done."""
    process, _ = begin(program, epochs=4)
    lines = program.launch("watch")
    documents = program.launch("watch", "--json")
    assert ended(process).code == 0
    run = ended(lines)
    assert run.code == 0
    told = [line.partition(" ")[2] for line in run.out.splitlines()]
    events = [line for line in told if line.startswith("trial ")]
    assert len(set(events)) == len(events) > 0
    assert any(line.startswith("long.confirm: 6 of 6 trials settled") for line in told)
    run = ended(documents)
    assert (run.code, run.err) == (0, "")
    found = [json.loads(line) for line in run.out.splitlines()]
    assert [one["schema_version"] for one in found] == [2] * len(found)
    counts = [one["settled"] for one in found]
    assert counts == sorted(counts)
    assert (counts[-1], found[-1]["stage"], found[-1]["done"]) == (40, "done", True)


@pytest.mark.parametrize("arguments", [["watch"], ["watch", "--json"], ["status"]], ids=" ".join)
def test_a_closed_pipe_is_quiet(program, finished, arguments):
    """``hpsearch watch | head -0`` has nobody to complain to."""
    process = subprocess.Popen(
        [*HPSEARCH, *arguments, "--storage", finished.url],
        env=program.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=180), err) == (1, "")


@pytest.mark.long
def test_a_killed_worker_is_silent_and_its_trials_are_taken_over(program):
    """``watch`` sees it and writes nothing: the next worker is who takes the trial over."""
    process, database = begin(program, "--lease", 2, epochs=4000)
    os.killpg(process.pid, signal.SIGKILL)
    dead = workers(database)
    watch = program.launch("watch", "--json")
    silent = until(watch, lambda one: any(worker["silent"] for worker in one["fleet"]))
    assert [worker["pid"] for worker in silent["fleet"]] == dead
    assert rows(database, "SELECT ended_at FROM hpsearch_workers") == [(None,)]
    heir = program.launch("worker", "--lease", 2)
    found = until(watch, lambda one: any(event["event"] == "taken over" for event in one["events"]))
    told = {event["event"]: event for event in found["events"]}
    assert told["expired"]["worker"].endswith(f" {dead[0]}")
    assert told["lost"]["worker"] == told["expired"]["worker"]
    assert told["taken over"]["worker"].endswith(f" {heir.pid}")
    assert [worker["pid"] for worker in found["fleet"]] == [heir.pid]


def until(watch, condition):
    """Read documents of ``watch --json`` until one meets a condition; return it."""
    for line in watch.stdout:
        if condition(document := json.loads(line)):
            return document
    raise AssertionError(f"watch has ended: {watch.stderr.read()}")


def test_a_study_that_is_not_there(program, finished):
    """Told at once, in one line, as everywhere."""
    run = program.run("watch", "--study", "smal", "--storage", finished.url)
    assert (run.code, run.out) == (3, "")
    assert run.err == "hpsearch: there is no study 'smal'; did you mean \"small\"?\n"


@pytest.mark.long
@pytest.mark.usefixtures("postgres")  # which says why, where none can run
def test_a_database_that_goes_away_is_waited_for(program, terminal):
    """The screen says so while the server is down, and goes on when it is back."""
    program.write("waits.toml", study_text(name="waits"))
    with Postgres() as server:
        url = server.new_database()
        assert program.run("-c", OPEN, url, command=HPSEARCH[:1]).code == 0
        seen = terminal("watch", "--storage", url)
        seen.read_until(lambda _: len(seen.frames) > 1)
        server.stop("immediate")
        seen.read_until(lambda _: "no answer from the database for" in "".join(seen.frames[-1]))
        server.start()
        seen.read_until(lambda _: "no answer" not in "".join(seen.frames[-1]))
        seen.press(b"q")
        assert seen.end() == 0
