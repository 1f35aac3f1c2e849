"""Commands under limits of the system: they work, or name the limit, and go on to the same study."""

import errno
import os
import resource
import shutil

import pytest

from hpsearch.limits import FILES, FILES_PER_WORKER, SPACE, expect_limits, limit_behind
from tests.cli.fixtures import cache, program
from tests.cli.program import HPSEARCH
from tests.machine.limited import MIB, run_limited

pytestmark = pytest.mark.long

__all__ = ["cache", "program"]

STUDY = """
name = "p"
trials = 6
parallelism = 4
[data]
source = "digits"
train = 100
[model]
hidden = [4]
epochs = 2
[space]
lr = { low = 1e-3, high = 1e-1, log = true }
[confirm]
top = 1
seeds = 1
ensemble = 0
"""
WORKERS = 2
ENOUGH = FILES + FILES_PER_WORKER * WORKERS


@pytest.fixture(scope="module")
def expected(tmp_path_factory, cache):
    """Return the fingerprint of the study without any limit."""
    from tests.cli.program import Program  # noqa: PLC0415 - a fixture of this name hides it

    calm = Program(folder=tmp_path_factory.mktemp("calm"), cache=cache)
    calm.write("p.toml", STUDY)
    assert calm.run("start", "p.toml", "--workers", WORKERS, "--quiet").code == 0
    return calm.run("fingerprint").out


def assert_named(run, *signs, codes=(1, 4)):
    """Check that a command says which limit held it up, in one or two lines and without a traceback."""
    assert run.code in codes, run.err
    assert 1 <= len(run.lines) <= 2, run.err
    assert "Traceback" not in run.err
    assert any(sign in run.err for sign in signs), run.err


def goes_on(program, expected):
    """Check that the same command, without the limit, ends with the same study."""
    run = program.run("start", "p.toml", "--workers", WORKERS, "--quiet")
    assert run.code == 0, run.err
    assert program.run("fingerprint").out == expected


LIMITS = [
    *((resource.RLIMIT_NOFILE, n, "ulimit -n") for n in (10, 16, 20, 32, ENOUGH - 1, ENOUGH)),
    *((resource.RLIMIT_AS, n * MIB, "ulimit -v") for n in (300, 500)),
    (resource.RLIMIT_AS, SPACE, "ulimit -v"),
    *((resource.RLIMIT_FSIZE, n * 1024, "ulimit -f") for n in (1, 100, 500)),
]


@pytest.mark.parametrize(("limit", "value", "sign"), LIMITS, ids=str)
def test_fault_83_start_names_the_limit_that_is_too_low(program, expected, limit, value, sign):
    """Open files, address space, the size of a file: each from far too low to enough."""
    program.write("p.toml", STUDY)
    run = run_limited(
        program, "start", "p.toml", "--workers", WORKERS, "--quiet", limits={limit: value}, timeout_s=90
    )
    if run.code == 0:
        assert program.run("fingerprint").out == expected
        return
    assert_named(run, sign)
    goes_on(program, expected)


def test_one_worker_cannot_be_fewer(program):
    """The message proposes fewer workers only where there are several."""
    program.write("p.toml", STUDY)
    for workers, fewer in ((1, False), (8, True)):
        words = ("start", "p.toml", "--workers", workers)
        run = run_limited(program, *words, limits={resource.RLIMIT_NOFILE: ENOUGH - 1 if fewer else 20})
        assert (run.code, "raise it" in run.err, "fewer workers" in run.err) == (1, True, fewer)


def test_fault_83_what_is_enough_is_enough(program, expected):
    """At the numbers that a message asks for, the study runs to its end."""
    program.write("p.toml", STUDY)
    limits = {resource.RLIMIT_NOFILE: ENOUGH, resource.RLIMIT_AS: SPACE}
    run = run_limited(program, "start", "p.toml", "--workers", WORKERS, "--quiet", limits=limits)
    assert run.code == 0, run.err
    assert program.run("fingerprint").out == expected


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("setpriv"), reason="root alone changes its user")
@pytest.mark.parametrize("value", [3, 10, 20])
def test_fault_83_too_few_processes_are_named(program, value):
    """The limit of processes and threads does not hold for root, so another user starts the study."""
    program.write("p.toml", STUDY)
    os.chown(program.folder, 54321, 54321)
    rights = "+dac_override,+dac_read_search"
    user = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    user += [f"--inh-caps={rights}", f"--ambient-caps={rights}"]
    command = [*user, "bash", "-c", f'ulimit -u {value}; exec "$@"', "-", *HPSEARCH]
    own = {"HOME": program.folder, "HPSEARCH_CACHE": program.folder / "cache"}
    run = program.run(
        "start", "p.toml", "--workers", 2, "--quiet", command=command, **{k: str(v) for k, v in own.items()}
    )
    assert (run.code, run.err.count("\n")) == (1, 1), run.err
    assert "processes and threads of a user (ulimit -u)" in run.err


@pytest.mark.parametrize("command", ["start", "check", "status"])
def test_fault_84_a_deleted_folder_is_named(program, command):
    """A command in a folder that has been deleted says so."""
    study = program.write("p.toml", STUDY)
    gone = ["bash", "-c", 'mkdir gone; cd gone; rmdir ../gone; exec "$@"', "-", *HPSEARCH]
    arguments = {"start": ("start", study, "-w", 1), "check": ("check", "p.toml"), "status": ("status",)}
    run = program.run(*arguments[command], command=gone)
    assert run.code != 0
    assert "Traceback" not in run.err
    assert run.err.count("\n") <= 2
    assert "the current folder has been deleted: change to another one" in run.err


def test_fault_84_a_folder_for_sockets_that_is_too_deep_is_named(program):
    """The name of a socket has 107 bytes at most, and the folder for temporary files is a part of it."""
    program.write("p.toml", STUDY)
    deep = program.folder / ("x" * 80)
    deep.mkdir()
    run = program.run("start", "p.toml", "-w", 1, "--quiet", command=HPSEARCH, TMPDIR=str(deep))
    assert (run.code, run.err.count("\n")) == (1, 1), run.err
    assert "TMPDIR: expected a path of at most" in run.err


def test_fault_84_wrong_places_for_home_and_temporary_files_do_not_matter(program, expected):
    """Where ``TMPDIR`` is not there or ``HOME`` cannot be read, others are taken."""
    program.write("p.toml", STUDY)
    run = program.run(
        "start", "p.toml", "-w", 1, "--quiet", command=HPSEARCH, TMPDIR="/nowhere", HOME="/proc/1/nowhere"
    )
    assert run.code == 0, run.err
    assert program.run("fingerprint").out == expected


@pytest.mark.parametrize(
    ("error", "sign"),
    [
        (OSError(errno.EMFILE, "Too many open files"), "ulimit -n"),
        (RuntimeError("can't start new thread"), "ulimit -u"),
        (OSError(errno.EFBIG, "File too large"), None),
        (MemoryError(), "memory"),
        (ValueError("nothing of the kind"), None),
    ],
)
def test_the_limit_behind_an_error_is_found(error, sign):
    """The number of an error counts, else its text; what has no limit is not blamed on one."""
    expect_limits(workers=1)
    around = RuntimeError("around it")
    around.__cause__ = error
    found = limit_behind(around)
    assert (found is None) if sign is None else (sign in found)


def test_an_error_that_is_its_own_cause_is_looked_at_once():
    """A library may raise an error from itself."""
    error = ValueError("no limit")
    error.__cause__ = error
    assert limit_behind(error) is None
