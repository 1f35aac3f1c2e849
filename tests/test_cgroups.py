"""The share of a machine that a container leaves: fewer cores, tasks or bytes than the machine has."""

import os
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from hpsearch.cgroups import most_memory, most_tasks, usable_cores
from tests.cli.fixtures import cache, program
from tests.cli.program import HPSEARCH, eventually
from tests.test_limits import STUDY

pytestmark = pytest.mark.long

__all__ = ["cache", "program"]

MIB = 2**20
ONE, TWO = "1:cpu,cpuacct:/a/b\n2:memory:/a/b\n3:pids:/a/b\n0::/\n", "0::/a/b\n"
"""What ``/proc/self/cgroup`` holds in version 1 and in version 2."""


def described(folder, version, *, group=None, root="/"):
    """Return a folder as ``/proc/self``, and the folder of the group ``/a/b``, mounted below it."""
    proc, top = folder / "proc", folder / "my groups"
    proc.mkdir()
    (proc / "cgroup").write_text(group or version)
    place = str(top).replace(" ", r"\040")
    kinds = ["cgroup rw,cpu,cpuacct,memory,pids"] if version == ONE else ["cgroup2 rw"]
    lines = [
        f"31 23 0:28 {root} {place} rw,relatime shared:1 - {kind.split()[0]} none {kind.split()[1]}\n"
        for kind in kinds
    ]
    (proc / "mountinfo").write_text("".join(lines))
    inner = top / "a" / "b" if root == "/" else top
    inner.mkdir(parents=True)
    return proc, top, inner


@pytest.mark.parametrize(
    ("version", "files", "cores"),
    [
        (TWO, {"cpu.max": "max 100000\n"}, None),
        (TWO, {"cpu.max": "100000 100000\n"}, 1),
        (TWO, {"cpu.max": "10000 100000\n"}, 1),
        (TWO, {"cpu.max": "rubbish\n"}, None),
        (TWO, {"cpu.max": "100000 0\n"}, None),
        (TWO, {}, None),
        (ONE, {"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"}, None),
        (ONE, {"cpu.cfs_quota_us": "50000\n", "cpu.cfs_period_us": "100000\n"}, 1),
    ],
)
@pytest.mark.parametrize("outer", [False, True])
def test_fault_83_a_quota_is_a_number_of_cores(tmp_path, version, files, cores, outer):
    """The quota of a group, or of a group around it, bounds the cores; at least one is left."""
    proc, top, inner = described(tmp_path, version)
    for name, text in files.items():
        ((top if outer else inner) / name).write_text(text)
    assert usable_cores(proc) == (cores or len(os.sched_getaffinity(0)))


@pytest.mark.parametrize(
    ("version", "name", "none"),
    [(TWO, "memory.max", "max\n"), (ONE, "memory.limit_in_bytes", "9223372036854771712\n")],
)
def test_fault_83_the_nearest_limit_holds(tmp_path, version, name, none):
    """Of the limits of a group and of the groups around it the smallest is returned."""
    proc, top, inner = described(tmp_path, version)
    (top / name).write_text(none)
    assert most_memory(proc) is None
    (inner / name).write_text(f"{64 * MIB}\n")
    assert most_memory(proc) == 64 * MIB
    for folder, limit, there in ((top, 100, 95), (inner, 50, 2)):
        (folder / "pids.max").write_text(f"{limit}\n")
        (folder / "pids.current").write_text(f"{there}\n")
    assert most_tasks(proc) == (100, 95)


@pytest.mark.parametrize(
    ("group", "root"), [("0::/a/b\n", "/a/b"), ("0::/../elsewhere\n", "/a/b"), ("0::/\n", "/a/b")]
)
def test_fault_83_a_container_sees_its_own_group_at_the_top(tmp_path, group, root):
    """Where a part of the tree is mounted, its top is the group, whatever path the process has outside."""
    proc, _, inner = described(tmp_path, TWO, group=group, root=root)
    (inner / "memory.max").write_text(f"{MIB}\n")
    assert most_memory(proc) == MIB


def test_fault_83_a_system_without_groups_has_no_limits(tmp_path):
    """Without the kernel's files every core is usable, and nothing else is limited."""
    assert usable_cores(tmp_path) == len(os.sched_getaffinity(0))
    assert most_tasks(tmp_path) is most_memory(tmp_path) is None


def n_workers(program):
    """Return how many workers the study of this folder has had, its confirmation left out."""
    with closing(sqlite3.connect(program.folder / "hpsearch.db")) as database:
        return database.execute(
            "SELECT count(*) FROM hpsearch_workers w JOIN studies s USING (study_id) WHERE study_name = 'p'"
        ).fetchone()[0]


@contextmanager
def real_group(controller, **limits):
    """Give the folder of a new control group of this machine, with limits by file name; or skip."""
    folder = Path("/sys/fs/cgroup", controller, f"hpsearch-{os.getpid()}")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip(f"no control group of {controller} can be made here")
    try:
        for name, value in limits.items():
            (folder / f"{controller}.{name}").write_text(str(value))
        yield folder
    finally:
        eventually(lambda: not (folder / "cgroup.procs").read_text(), timeout_s=30)  # the server ends last
        folder.rmdir()


def inside(group):
    """Return the words before a command that bring it into a group."""
    return ["bash", "-c", 'echo $$ > "$0"/cgroup.procs; exec "$@"', str(group), *HPSEARCH]


def test_fault_83_one_core_of_many_is_one_worker(program):
    """A process that is bound to one core launches one worker, not one for each core of the machine."""
    program.write("p.toml", STUDY)
    command = ["taskset", "-c", str(min(os.sched_getaffinity(0))), *HPSEARCH]
    run = program.run("start", "p.toml", "--quiet", command=command)
    assert (run.code, n_workers(program)) == (0, 1), run.err


def test_fault_83_a_quota_of_one_core_is_one_worker(program):
    """So does a process in a container with a quota of less than a core."""
    program.write("p.toml", STUDY)
    with real_group("cpu", cfs_period_us=100_000, cfs_quota_us=90_000) as group:
        run = program.run("start", "p.toml", "--quiet", command=inside(group))
    assert (run.code, n_workers(program)) == (0, 1), run.err


@pytest.mark.parametrize("most", [8, 12, 20])
def test_fault_83_a_container_with_few_tasks_is_named(program, most):
    """Where a container allows too few processes and threads, nothing is written and its limit is named."""
    program.write("p.toml", STUDY)
    with real_group("pids", max=most) as group:
        run = program.run("start", "p.toml", "--workers", 4, "--quiet", command=inside(group))
    assert (run.code, run.err.count("\n")) == (1, 1), run.err
    assert "pids.max of the control group" in run.err
    assert not (program.folder / "hpsearch.db").exists()


def test_fault_83_a_container_with_little_memory_is_named(program):
    """Where a container has too little memory, it is refused before the kernel would kill the launcher."""
    program.write("p.toml", STUDY)
    with real_group("memory", limit_in_bytes=100 * MIB) as group:
        run = program.run("start", "p.toml", "--workers", 4, "--quiet", command=inside(group))
    assert (run.code, run.err.count("\n")) == (1, 1), run.err
    assert "MiB of memory (limit of the control group)" in run.err
    assert not (program.folder / "hpsearch.db").exists()
