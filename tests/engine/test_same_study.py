"""The same study to the last bit, whoever works on it and whatever happens to them."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.program import LONG, assert_sound, ended, eventually, group, rows, settled, study_text, workers
from tests.engine.fleets import needs_ray
from tests.engine.matrix import CELLS, run_cell

AT_WORK_S = 120

CLUSTER = """
import sys
from distributed import LocalCluster
with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0",
                  worker_dashboard_address="127.0.0.1:0", host="127.0.0.1") as cluster:
    print(cluster.scheduler_address, flush=True)
    sys.stdin.read()
"""


_CELLS = [pytest.param(*cell, marks=[needs_ray] if cell[0] == "ray" else []) for cell in CELLS]


@pytest.mark.long
@pytest.mark.parametrize(("engine", "database", "n_workers"), _CELLS)
def test_engine_database_and_size_change_nothing(  # noqa: PLR0917 - fixtures
    program, finished, request, engine, database, n_workers
):
    """Every engine gives the line of one local worker, in either database, with one worker or eight."""
    if database == "sqlite":
        assert run_cell(program, engine, "sqlite:///hpsearch.db", n_workers) == finished.fingerprint
        assert_sound(program.folder / "hpsearch.db", "small", trials=40)
        return
    server = request.getfixturevalue("postgres")
    url = server.new_database()
    try:
        assert run_cell(program, engine, url, n_workers) == finished.fingerprint
    finally:
        server.drop_database(url)


def at_work(database, study):
    """Wait until workers have settled some trials of a study."""
    eventually(lambda: settled(database, study) >= 4, timeout_s=AT_WORK_S, what="4 settled trials")


@pytest.fixture
def cluster(program):
    """Return the address of a Dask cluster of two processes, and their ids."""
    process = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        cwd=program.folder,
        env=program.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    yield process.stdout.readline().strip(), lambda: children(process.pid)
    process.communicate()


def children(pid):
    """Return the ids of the processes that hold a worker of Dask."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            line = (path.parent / "cmdline").read_text()
        except OSError:
            continue
        if parent == pid and "spawn_main" in line:
            found.append(int(path.parent.name))
    return found


@pytest.mark.quiet
def test_a_dask_worker_that_is_killed_disturbs_nothing(program, finished_long, cluster):
    """Dask runs its task again, a worker started by hand joins, and the study is the same."""
    address, processes = cluster
    database = program.folder / "hpsearch.db"
    program.write("long.toml", study_text(name="long", epochs=LONG))
    flags = ("--engine", "dask", "--address", address, "--workers", 2, "--quiet")
    process = program.launch("start", "long.toml", *flags)
    at_work(database, "long")
    os.kill(processes()[0], signal.SIGKILL)
    by_hand = program.launch("worker", "--study", "long", "--fleet", 3)
    assert settled(database, "long") < 40
    assert [ended(run, timeout_s=120).code for run in (process, by_hand)] == [0, 0]
    assert len(rows(database, "SELECT DISTINCT pid FROM hpsearch_workers")) >= 4
    assert program.run("fingerprint").out.strip() == finished_long.fingerprint
    assert_sound(database, "long", trials=40)


@pytest.mark.long
def test_a_remote_fleet_is_asked_to_end_by_the_ledger(program, finished_long):
    """Ctrl-C to a launcher of Dask lets workers finish what they train; with Slurm the study goes on."""
    database = program.folder / "hpsearch.db"
    program.write("long.toml", study_text(name="long", epochs=LONG))
    process = program.launch("start", "long.toml", "--engine", "dask", "--workers", 1)
    at_work(database, "long")
    process.send_signal(signal.SIGINT)
    run = ended(process)
    assert run.code == 130, run.err
    again = "hpsearch start long.toml --engine dask --workers 1"
    assert re.search(rf"stopped with \d+ of 40 trials settled; the same command goes on: {again}", run.err)
    assert workers(database) == []
    assert {control for (control,) in rows(database, "SELECT control FROM hpsearch_studies")} == {"stop"}
    assert settled(database, "long") < 40
    assert not group(process)
    line = run_cell(program, "slurm", "sqlite:///hpsearch.db", 1, name="long", epochs=LONG)
    assert line == finished_long.fingerprint
    assert_sound(database, "long", trials=40)
