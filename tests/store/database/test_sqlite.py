"""SQLite files that are not as they should be: permissions, rubbish, damage."""

import random
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial

import pytest

from hpsearch.errors import HpsearchError, StorageError, StorageWarning
from hpsearch.store import Ledger, WorkerIdentity, check_database
from hpsearch.store.database import sqlite as module
from hpsearch.store.database.filesystem import NETWORK, network_file_system
from tests.store.database.people import run, skip_unless_permissions_count

PAGE = 4096
MODES = [(0o555, 0o444), (0o555, 0o644), (0o777, 0o444)]
"""Rights on a folder and a file in it that may not be written."""

NAMES = "from hpsearch.store import opened\nwith opened({url!r}) as ledger: print(ledger.study_names())"
WRITE = """
from hpsearch.store import Ledger
from hpsearch.store.database.retry import Backoff
Backoff.wait = None  # nothing is to be tried again
Ledger({url!r}, create=True).retire(1)
"""

# Kills itself with rows in the -wal that are not in the file yet.
ORPHAN = """
import os, signal
from hpsearch.store import Ledger, WorkerIdentity
ledger = Ledger({url!r})
study = ledger.find_study(None)
for n in range(20):
    ledger.enlist(study, WorkerIdentity(host="here", process=str(n), pid=n))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(template, terms, tmp_path):
    """Return a file with a study, in a folder of its own."""
    folder = tmp_path / "place"
    folder.mkdir()
    path = folder / "study.db"
    shutil.copy(template, path)
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        ledger.open_study(terms("seen"))
    yield path
    folder.chmod(0o755)


@pytest.fixture
def ordinary(tmp_path):
    """Return what runs Python with the rights of an ordinary user."""
    skip_unless_permissions_count(tmp_path)
    return partial(run, tmp_path)


def contents(folder):
    """Return every file of a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_writer(path):
    """Let a process be killed in the middle of its work; return the files it leaves."""
    writer = subprocess.run([sys.executable, "-c", ORPHAN.format(url=f"sqlite:///{path}")], check=False)
    assert writer.returncode == -9
    assert path.with_name("study.db-wal").stat().st_size > 0


@pytest.mark.sampled
@pytest.mark.parametrize(("folder_mode", "file_mode"), MODES)
def test_fault_22_a_file_that_may_not_be_written_is_read(ordinary, path, folder_mode, file_mode):
    """Nothing is made beside it, and not a byte of it changes."""
    before = contents(path.parent)
    path.chmod(file_mode)
    path.parent.chmod(folder_mode)
    done = ordinary("-c", NAMES.format(url=f"sqlite:///{path}"))
    assert (done.returncode, done.stdout) == (0, "['seen']\n"), done.stderr
    assert contents(path.parent) == before


@pytest.mark.sampled
@pytest.mark.parametrize(("folder_mode", "file_mode"), MODES)
def test_fault_22_writing_fails_at_once_and_names_what_is_in_the_way(ordinary, path, folder_mode, file_mode):
    """The line names the file, and the folder where that is what cannot be written."""
    path.chmod(file_mode)
    path.parent.chmod(folder_mode)
    done = ordinary("-c", WRITE.format(url=f"sqlite:///{path}"))
    place = path if file_mode == 0o444 else path.parent
    line = done.stderr.splitlines()[-1]
    assert line.startswith(f"hpsearch.errors.StorageError: {path}: {place} may not be written (")


def test_fault_22_a_file_that_may_not_be_read_is_named(ordinary, path):
    """The line tells the file's mode."""
    path.chmod(0)
    done = ordinary("-c", NAMES.format(url=f"sqlite:///{path}"))
    assert done.returncode == 1
    assert f"{path}: it may not be read by this user (----------)" in done.stderr


def test_fault_22_a_running_study_is_read_by_others(ordinary, path):
    """A -wal that somebody is writing is read along, also without rights to write."""
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        ledger.database.write(lambda c: c.exec_driver_sql("UPDATE studies SET study_name = 'now'").close())
        assert b"now" not in path.read_bytes()
        for file in path.parent.iterdir():
            file.chmod(0o444)
        path.parent.chmod(0o555)
        done = ordinary("-c", NAMES.format(url=f"sqlite:///{path}"))
    assert (done.returncode, done.stdout) == (0, "['now']\n"), done.stderr


def test_a_file_that_changes_while_it_is_read_as_it_lies_is_read_again(path, monkeypatch):
    """Who may not take part in the locks looks whether the file stayed the same."""
    monkeypatch.setattr(module, "may_write", lambda _path: False)
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        seen = []

        def work(connection):
            seen.append(connection.exec_driver_sql("SELECT study_name FROM studies").scalar())
            if len(seen) == 1:
                with closing(sqlite3.connect(path)) as other:
                    other.execute("UPDATE studies SET study_name = 'changed'")
                    other.commit()
            return seen[-1]

        assert ledger.database.read(work) == "changed"
    assert seen == ["seen", "changed"]


def test_the_file_of_another_program_is_left_alone(tmp_path):
    """No table is added to a database that is somebody else's: one line names what was found there."""
    path = tmp_path / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE orders (n INTEGER)")
    before = path.read_bytes()
    with pytest.raises(StorageError, match=r"expected a new file .* another program's, .* .orders.; name"):
        Ledger(f"sqlite:///{path}", create=True)
    assert path.read_bytes() == before


def test_fault_24_what_a_killed_writer_left_is_recovered(path, query):
    """Every commit of a killed process is there, and the file is sound."""
    kill_writer(path)
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        assert query(ledger, "SELECT count(*) FROM hpsearch_workers") == [(20,)]
        assert query(ledger, "PRAGMA integrity_check") == [("ok",)]


def test_fault_24_what_a_killed_writer_left_cannot_be_read_without_writing(ordinary, path):
    """The index of the -wal cannot be made where nothing may be written: the line says what to do."""
    kill_writer(path)
    path.with_name("study.db-shm").unlink()
    path.parent.chmod(0o555)
    path.chmod(0o444)
    done = ordinary("-c", NAMES.format(url=f"sqlite:///{path}"))
    assert done.returncode == 1
    assert "unable to open database file; check the path, its permissions" in done.stderr.splitlines()[-1]


def test_fault_24_a_wal_that_somebody_deleted(path, query):
    """What was in it alone is gone as a whole; what the file itself holds is sound, and goes on."""
    kill_writer(path)
    for end in ("wal", "shm"):
        path.with_name(f"study.db-{end}").unlink()
    with closing(Ledger(f"sqlite:///{path}")) as ledger:
        assert check_database(ledger.database) == []
        study = ledger.find_study("seen")
        ledger.enlist(study, WorkerIdentity(host="here", process="1@1", pid=1))
        assert query(ledger, "SELECT count(*) FROM hpsearch_workers") == [(1,)]


@pytest.mark.parametrize("create", [False, True])
def test_fault_23_half_a_file(path, create):
    """A truncated file is told from a whole one and left as it is."""
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.write_bytes(half)
    with pytest.raises(StorageError, match=r"study\.db: .*malformed; the file is damaged: restore a copy"):
        Ledger(f"sqlite:///{path}", create=create).study_names()
    assert path.read_bytes() == half


@pytest.mark.parametrize("create", [False, True])
@pytest.mark.parametrize("place", range(30))
def test_fault_23_a_flipped_page(path, create, place):
    """Whatever page is rubbish: reading works, or ends with a line; the file stays as it is."""
    whole = bytearray(path.read_bytes())
    first = place % (len(whole) // PAGE) * PAGE
    whole[first : first + PAGE] = random.Random(place).randbytes(PAGE)
    path.write_bytes(whole)
    told = outcome(path, create=create)
    assert told in ("[]", "['seen']") or (told.startswith(f"sqlite:///{path}: ") and "\n" not in told)
    assert path.read_bytes() == whole


def outcome(path, *, create):
    """Return the studies of a file, or what is told in their place."""
    try:
        with closing(Ledger(f"sqlite:///{path}", create=create)) as ledger:
            return str(ledger.study_names())
    except HpsearchError as error:
        return str(error)


def test_fault_23_rubbish_that_sqlite_does_not_see_is_called_damage(path):
    """An error that comes from what a damaged file says is told as the damage."""
    with closing(Ledger(f"sqlite:///{path}")) as ledger:

        def work(_connection):
            with path.open("r+b") as file:
                file.seek(2 * PAGE)
                file.write(bytes(range(256)) * 16)
            raise KeyError("what the rubbish says")

        with pytest.raises(StorageError, match="the file is damaged: restore a copy"):
            ledger.database.read(work)


MOUNTS = """\
22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
30 22 0:5 / /nfs rw - nfs4 server:/export rw
31 30 254:0 /x /nfs/local rw shared:1 master:2 - ext4 /dev/vda rw
32 22 0:6 / /with\\040space rw - fuse.sshfs me@there: rw
33 22 0:7 / /twice rw - cifs //server/share rw
34 22 0:8 / /twice rw - tmpfs tmpfs rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/study.db", None),
        ("/nfs/study.db", "nfs4"),
        ("/nfs/deep/er/study.db", "nfs4"),
        ("/nfs/local/study.db", None),
        ("/nfsx/study.db", None),
        ("/with space/study.db", "fuse.sshfs"),
        ("/twice/study.db", None),
    ],
)
def test_a_network_file_system_is_told_by_its_mount_point(tmp_path, path, kind):
    """The longest mount point holds a path, and the last of several at one place."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)
    assert network_file_system(module.Path(path), mounts=mounts) == kind


def test_without_a_list_of_mounts_nothing_is_said(tmp_path):
    """Systems without /proc."""
    assert network_file_system(tmp_path, mounts=tmp_path / "none") is None
    assert network_file_system(tmp_path) is None
    assert {"nfs", "cifs", "9p"} < NETWORK


def test_a_network_file_system_is_warned_about_once(tmp_path, monkeypatch):
    """Whoever makes or starts is told; those who join or read are not."""
    monkeypatch.setattr(module, "network_file_system", lambda _path: "nfs4")
    url = f"sqlite:///{tmp_path / 'study.db'}"
    with pytest.warns(StorageWarning, match=r"study\.db: lies on a network file system \(nfs4\)") as caught:
        Ledger(url, create=True).close()
    assert len(caught) == 1
    Ledger(url).close()
