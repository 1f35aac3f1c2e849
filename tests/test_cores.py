"""The cores that a process may use: those of its affinity, and the quota of its control groups."""

import os
import sys

import pytest

from hpsearch.limits import usable_cores
from tests.cli.fixtures import cache, program
from tests.cli.program import rows

__all__ = ["cache", "program"]

MINE = "0::/a/b\n4:cpu,cpuacct:/c\n3:memory:/d\n"
TREES = [
    ({}, None),
    ({"a/b/cpu.max": "100000 100000"}, 1),
    ({"a/b/cpu.max": "max 100000", "a/cpu.max": "50000 100000"}, 1),
    ({"cpu.max": "100001 100000"}, 2),
    ({"a/b/cpu.max": "max 100000"}, None),
    ({"a/b/cpu.max": "9900000 100000"}, None),
    ({"cpu,cpuacct/c/cpu.cfs_quota_us": "100000", "cpu,cpuacct/c/cpu.cfs_period_us": "100000"}, 1),
    ({"cpu/cpu.cfs_quota_us": "100000", "cpu/cpu.cfs_period_us": "100000"}, 1),
    ({"cpu/c/cpu.cfs_quota_us": "-1", "cpu/c/cpu.cfs_period_us": "100000"}, None),
    ({"a/b/cpu.max": "rubbish"}, None),
    ({"a/b/cpu.max": ""}, None),
    ({"a/b/cpu.max": "100000 0"}, None),
]


@pytest.mark.parametrize(("files", "expected"), TREES)
def test_fault_91_the_quota_of_every_group_above_a_process_counts(tmp_path, files, expected):
    """In both versions of control groups, as the machine or a container shows them; rounded up."""
    mine = tmp_path / "cgroup"
    mine.write_text(MINE)
    for name, text in files.items():
        place = tmp_path / "groups" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    allowed = len(os.sched_getaffinity(0))
    found = usable_cores(groups=tmp_path / "groups", mine=mine)
    assert found == (allowed if expected is None else min(allowed, expected))


def test_fault_91_start_launches_a_worker_for_each_core_that_it_may_use(program):
    """One core by affinity: one worker, whatever the machine has; doctor says the same."""
    program.write("pinned.py", PINNED)
    run = program.run("pinned.py", "start", "small.toml", "--trials", 2, command=(sys.executable,))
    assert run.code == 0, run.err
    launched = rows(program.folder / "hpsearch.db", "SELECT count(DISTINCT process) FROM hpsearch_workers")
    assert launched == [(1,)]
    said = program.run("pinned.py", "doctor", command=(sys.executable,)).out
    assert f"{os.cpu_count()}, of which this process may use 1: start launches as many workers" in said


PINNED = """
import os, sys
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.execv(sys.executable, [sys.executable, "-m", "hpsearch", *sys.argv[1:]])
"""
