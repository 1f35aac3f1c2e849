"""Full disks and small limits: a clear line, nothing acknowledged lost, and on it goes with more room."""

import os
import resource
import shutil
import subprocess
from contextlib import closing

import pytest

from hpsearch.errors import StorageError
from hpsearch.store import Ledger, WorkerIdentity, check_database
from tests.store.database.people import run

FILL = """
import sys
from hpsearch.errors import HpsearchError
from hpsearch.store import Ledger, WorkerIdentity
n = 0
try:
    ledger = Ledger({url!r})
    study = ledger.find_study(None)
    while n < 100_000:
        ledger.enlist(study, WorkerIdentity(host="here", process=f"{{n:0120}}", pid=n))
        n += 1
except HpsearchError as error:
    print(n)
    sys.exit(f"hpsearch: {{error}}")
"""


HOARD = """
import hpsearch.store.ledger
hoard = []
try:
    while True:
        hoard.append(open("/dev/null"))
except OSError:
    pass
"""


@pytest.fixture
def small_disk(tmp_path):
    """Return a folder on a disk of 1 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.skip(f"a disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def fill(ledger, study):
    """Write rows until there is no room; return how many were acknowledged, and what was told."""
    for n in range(100_000):
        try:
            ledger.enlist(study, WorkerIdentity(host="here", process=f"{n:0120}", pid=n))
        except StorageError as error:
            return n, str(error)
    raise AssertionError("there is room for everything")


def test_fault_25_a_full_disk(small_disk, template, terms, query):
    """Every acknowledged row is there, the file is sound, and writing goes on when there is room again."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(300_000))
    path = small_disk / "study.db"
    shutil.copy(template, path)
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        study = ledger.open_study(terms())
        n, told = fill(ledger, study)
        assert told.endswith(
            "study.db: database or disk is full; free some space, then start again: nothing finished is lost"
        )
        assert n > 10
        assert ledger.study_names() == ["study"]
        assert len(ledger.living_on(study, "here")) == n
        ballast.unlink()
        ledger.enlist(study, WorkerIdentity(host="here", process="after", pid=n))
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        assert query(ledger, "SELECT count(*) FROM hpsearch_workers") == [(n + 1,)]
        assert check_database(ledger.database) == []


def test_fault_25_no_room_for_the_tables(small_disk):
    """A new database on a full disk: the line says so."""
    (small_disk / "ballast").write_bytes(bytes(990_000))
    with pytest.raises(StorageError, match=r"study\.db: .*(full|space left)"):
        Ledger(f"sqlite:///{small_disk / 'study.db'}", create=True)


@pytest.fixture
def path(template, terms, tmp_path):
    """Return a file with a study."""
    path = tmp_path / "study.db"
    shutil.copy(template, path)
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        ledger.open_study(terms())
    return path


def test_fault_26_a_limit_on_the_size_of_files(path, query):
    """``ulimit -f``: the line names it, the process ends, what was acknowledged is there."""
    size = path.stat().st_size + 200_000
    limits = [(resource.RLIMIT_FSIZE, size)]
    done = run(path.parent, "-c", FILL.format(url=f"sqlite:///{path}"), before=lambda: limit(limits))
    assert done.returncode == 1
    assert "disk I/O error; is there space left, and does `ulimit -f` allow it?" in done.stderr
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        assert query(ledger, "SELECT count(*) FROM hpsearch_workers") == [(int(done.stdout),)]
        assert check_database(ledger.database) == []


def test_fault_26_a_limit_on_open_files(path):
    """``ulimit -n 32`` is enough for a command; with too few it ends with a line."""
    names = f"from hpsearch.store import opened\nwith opened('sqlite:///{path}') as l: print(l.study_names())"
    enough = run(path.parent, "-c", names, before=lambda: limit([(resource.RLIMIT_NOFILE, 32)]))
    assert (enough.returncode, enough.stdout) == (0, "['study']\n"), enough.stderr
    few = run(path.parent, "-c", HOARD + names, before=lambda: limit([(resource.RLIMIT_NOFILE, 32)]))
    assert few.returncode == 1
    assert "unable to open database file; check the path, its permissions, and `ulimit -n`" in few.stderr


def limit(limits):
    """Set limits on this process."""
    for kind, value in limits:
        resource.setrlimit(kind, (value, value))
