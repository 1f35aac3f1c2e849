"""The services of ``docker-compose.yml``, as processes on a real PostgreSQL, to the end of a study."""

import json
import os
import re
import signal
from pathlib import Path

import pytest

from hpsearch.store.schema.versions import REVISION
from tests.cli.program import ROOT, eventually
from tests.containers import compose
from tests.containers.conftest import PASSWORD, TOKEN
from tests.dashboard.servers import ask


@pytest.fixture(scope="module")
def first(machine):
    """Bring everything up; send SIGTERM to one worker while it trains; return what came of each service."""
    machine.up("worker", "dashboard", scale={"worker": 2})
    workers = machine.of("worker")
    for worker in workers:
        eventually(
            lambda worker=worker: "waiting for study 'small'" in worker.text, what="a worker that waits"
        )
    search = machine.start("search")
    eventually(lambda: "\ntrial " in workers[0].text, what="a worker that has trained")
    workers[0].process.send_signal(signal.SIGTERM)
    first_end = workers[0].process.wait(180)
    return {
        "ended by a signal": first_end,
        "search": machine.settle(search),
        "workers": [machine.settle(worker) for worker in workers],
    }


@pytest.mark.long
def test_a_study_runs_to_its_end(machine, first):
    """Workers wait until the study is there and end with it; one that SIGTERM ended with 75 was restarted."""
    assert first == {"ended by a signal": 75, "search": 0, "workers": [0, 0]}
    assert [worker.restarts for worker in machine.of("worker")] == [1, 0]
    assert machine.of("upgrade")[0].text == f"hpsearch: no tables -> {REVISION}\n"
    for worker in machine.of("worker"):
        assert re.search(r"^trial \d+ (complete|pruned) ", worker.text, re.MULTILINE), worker.text
        assert worker.text.endswith("study 'small' is settled: hpsearch best --study small\n")
    best = machine.run("search", "best", "--json")
    assert best.returncode == 0, best.stderr
    told = json.loads(best.stdout)
    assert told["study"] == "small"
    assert told["test_accuracy"] > 0.5
    assert re.fullmatch("[0-9a-f]{64}", told["fingerprint"])
    assert f"  fingerprint  {told['fingerprint']}\n" in machine.of("search")[0].text


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_the_dashboard_is_healthy_and_closed(machine):
    """Its health check succeeds while it serves; nobody gets in without the token; it ends when told to."""
    (dashboard,) = machine.of("dashboard")
    eventually(lambda: machine.is_healthy("dashboard", dashboard), what="the health of the dashboard")
    assert ask(machine.port, "/").status == 401
    page = ask(machine.port, "/", Authorization=f"Bearer {TOKEN}")
    assert page.status == 200
    assert "small" in page.text
    assert machine.stop(dashboard) == 143
    assert not machine.is_healthy("dashboard", dashboard)


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_a_second_up_attaches_and_is_quiet(machine):
    """The tables are as they were, no trial is trained, and the winner is printed once more."""
    (before,) = machine.of("search")
    machine.up("search")
    *_, search = machine.of("search")
    assert machine.settle(search) == 0
    assert machine.of("upgrade")[-1].text == f"hpsearch: {REVISION}, as it was\n"
    assert search.text.count("round") == 0
    assert search.text.partition("\n  winner")[2] == before.text.partition("\n  winner")[2] != ""


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_secrets_stand_in_no_log_and_no_list_of_processes(machine):
    """Neither password nor token is printed, or given to a command as an argument."""
    texts = [container.text for container in machine.containers]
    arguments = [str(container.process.args) for container in machine.containers]
    assert [text for text in [*texts, *arguments] if PASSWORD in text or TOKEN in text] == []


@pytest.mark.long
@pytest.mark.usefixtures("first")
def test_the_image_s_health_check_tells_a_worker_at_work_from_a_stopped_one(machine):
    """A worker that waits runs now and then; one that is stopped does not. Asked to end, it ends with 75."""
    machine.services["worker"]["command"] = ["worker", "--study=later", "--wait=600"]
    worker = machine.start("worker")
    eventually(lambda: "waiting for study 'later'" in worker.text, what="a worker that waits")
    assert machine.is_healthy("worker", worker)
    os.kill(worker.process.pid, signal.SIGSTOP)
    eventually(lambda: states(worker.process.pid) == {"T"}, what="a worker that is stopped")
    assert not machine.is_healthy("worker", worker)
    os.kill(worker.process.pid, signal.SIGCONT)
    assert machine.stop(worker) == 75
    assert machine.settle(worker) == 75


def states(pid):
    """Return the states of a process's threads: one that waits for a core has not stopped yet."""
    threads = Path(f"/proc/{pid}/task").glob("*/stat")
    return {thread.read_text().rpartition(")")[2].split()[0] for thread in threads}


@pytest.mark.parametrize("empty", [True, False])
@pytest.mark.parametrize("name", ["HPSEARCH_DB_PASSWORD", "HPSEARCH_DASHBOARD_TOKEN"])
def test_a_secret_that_is_not_set_is_named(name, empty):
    """Nothing is started then; there are no secrets that everybody knows."""
    variables = {"HPSEARCH_DB_PASSWORD": "x", "HPSEARCH_DASHBOARD_TOKEN": "x"}
    variables = variables | {name: ""} if empty else {n: v for n, v in variables.items() if n != name}
    told = f"interpolating .*: required variable {name} is missing a value: set it, for example to"
    with pytest.raises(compose.MissingVariableError, match=told):
        compose.load(ROOT / "docker-compose.yml", variables)


def test_variables_are_filled_in_as_compose_does():
    """Set, empty and unset; with a default, with a message, with two dollars."""
    variables = {"A": "a$B", "E": ""}
    for text, filled in {
        "$A ${A} $$A": "a$B a$B $A",
        "${E:-x}${E-x}${N:-y}${N-z}${N}": "xyz",
        "${A:-x}${A:?m}${E?m}": "a$Ba$B",
        "100 %, $1": "100 %, $1",
    }.items():
        assert compose.interpolate(text, variables) == filled
    for text in ("${N:?set it: n}", "${N?set it: n}"):
        with pytest.raises(compose.MissingVariableError, match="variable N is missing a value: set it: n"):
            compose.interpolate(text, variables)
