"""Files that are whole or not there."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hpsearch.errors import ExportError, NotFoundError
from hpsearch.files import home_hint, replacing


def test_fault_47_a_file_is_replaced_when_the_new_one_is_whole(tmp_path):
    """Until then the old one stands; afterwards nothing else lies in the folder."""
    path = tmp_path / "x.csv"
    path.write_text("old")
    with replacing(path) as file:
        file.write("néw\n")
        file.flush()
        assert path.read_text() == "old"
    assert path.read_bytes() == "néw\n".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_fault_47_a_failure_half_way_leaves_the_old_file(tmp_path):
    """An error while rows are read leaves no trace of the new file."""
    path = tmp_path / "x.csv"
    path.write_text("old")

    def fail():
        with replacing(path) as file:
            file.write("new")
            raise NotFoundError("gone")

    with pytest.raises(NotFoundError, match="gone"):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_still_points_at_the_file(tmp_path):
    """The file behind a symbolic link is replaced, not the link."""
    (tmp_path / "real.csv").write_text("old")
    link = tmp_path / "link.csv"
    link.symlink_to("real.csv")
    with replacing(link) as file:
        file.write("new")
    assert link.is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_what_is_not_a_file_is_written_to(tmp_path):
    """A pipe stays a pipe."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as file:
        file.write("row\n")
    assert os.read(reader, 100) == b"row\n"
    os.close(reader)
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    ("place", "reason"),
    [("missing/x.csv", "no such file or directory"), (".", "is a directory"), ("/dev/full", "no space left")],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path, place, reason):
    """The message says which file and why."""

    def write():
        with replacing(tmp_path / place) as file:
            file.write("row\n")

    with pytest.raises(ExportError, match=f"{place}: expected a file that can be written, found: {reason}"):
        write()
    assert list(tmp_path.iterdir()) == []


WRITER = """
import sys, time
from pathlib import Path
from hpsearch.files import home_hint, replacing
from hpsearch.signals import WATCH
WATCH.begin()
with replacing(Path(sys.argv[1])) as file:
    file.write("new")
    file.flush()
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_fault_47_80_a_signal_half_way_leaves_the_old_file(tmp_path, number):
    """A command that is asked to end while it writes leaves no trace of the new file."""
    path = tmp_path / "x.csv"
    path.write_text("old")
    process = subprocess.Popen([sys.executable, "-c", WRITER, path], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    process.send_signal(number)
    assert process.wait(30) == 128 + number
    process.stdout.close()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("~/x.csv", "write /home/me/x.csv"),
        ("below/~/x.csv", "write /home/me/x.csv"),
        ("~no-such-user/x.csv", "write the whole path"),
    ],
)
def test_a_tilde_that_no_shell_has_read_is_explained(monkeypatch, path, meant):
    """A message says which path was meant; a path without a tilde needs no hint."""
    monkeypatch.setenv("HOME", "/home/me")
    assert home_hint(Path(path)) == f"; only a shell reads ~ as a home folder: {meant}"
    assert home_hint(Path("x~/y.csv")) == ""
