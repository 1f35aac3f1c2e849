"""A signal in every phase of a command: it ends within its notice, quietly, and the study goes on."""

import os
import signal
import socket
import sqlite3
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from hpsearch.signals import ENDING
from tests.cli.program import LONG, ended, eventually, group, held, settled, study_text

pytestmark = pytest.mark.long

SOON_S = 20.0
"""A machine that runs other tests is slow; nothing here waits for so long by itself."""
NOTICE_S = 8


def signalled(process, number):
    """Send a signal; return the ended command and how long it took."""
    began = time.monotonic()
    os.kill(process.pid, number)
    run = ended(process)
    assert "Traceback" not in run.err, run.err
    assert run.code == 128 + number, (run.code, run.err)
    eventually(lambda: not group(process), what="the end of every process")
    return run, time.monotonic() - began


@contextmanager
def locked(database):
    """Hold the write lock of a SQLite file."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.close()


@contextmanager
def dripping():
    """Serve on loopback: bytes of an answer, one by one, without an end; give host and visits."""
    visits, over = [], threading.Event()

    def drip(connection):
        with connection:
            connection.recv(65536)
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 10_000:
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return
                if over.wait(0.1):
                    return

    def serve(server):
        while not over.is_set():
            try:
                connection, _ = server.accept()
            except OSError:
                return
            visits.append(connection)
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}", visits
        over.set()
        server.shutdown(socket.SHUT_RDWR)


def is_open(pid, name):
    """Return whether a process has a file of this name open."""
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):
            if name in str(link.readlink()):
                return True
    return False


def opened(process, name):
    """Wait until a command has a file of this name open, or has ended."""
    eventually(lambda: process.poll() is not None or is_open(process.pid, name), what=f"an open {name}")


def after(n, study="long"):
    """Return what waits until so many trials of a study are settled."""

    def wait(program, _process):
        eventually(lambda: settled(program.folder / "hpsearch.db", study) >= n, what=f"{n} settled trials")

    return wait


def judging(program, _process):
    """Wait until the confirmation is settled, and only its verdict is missing."""
    eventually(lambda: settled(program.folder / "hpsearch.db", "long.confirm") >= 4, what="the race")


PHASES = {
    "search": after(3),
    "confirmation": after(1, "long.confirm"),
    "judging": judging,
}


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long), signal.SIGHUP]
)
def test_fault_80_start_ends_in_every_phase_and_goes_on(program, finished_long, phase, number):
    """Whatever it is at, the exit code names the signal, and the same command ends with the same study."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    process = program.launch("start", "long.toml", "--workers", 2, "--notice", NOTICE_S)
    PHASES[phase](program, process)
    _, took_s = signalled(process, number)
    assert took_s < NOTICE_S + SOON_S
    assert held(program.folder / "hpsearch.db") == []
    again = program.run("start", "long.toml", "--workers", 2)
    assert (again.code, again.out) == (0, finished_long.out)


@pytest.mark.parametrize("number", ENDING)
def test_fault_80_start_ends_while_it_waits_for_the_database(program, number):
    """The tables cannot be made, because another program holds the file: it ends at once."""
    database = program.folder / "hpsearch.db"
    sqlite3.connect(database).close()
    with locked(database):
        process = program.launch("start", "small.toml", "--workers", 1)
        opened(process, "hpsearch.db")
        _, took_s = signalled(process, number)
    assert took_s < SOON_S / 2
    assert program.run("start", "small.toml", "--workers", 1).code == 0


@pytest.mark.parametrize("number", ENDING)
def test_fault_80_start_ends_while_it_reads_data(program, number):
    """The data come through a slow link, here a pipe that its writer holds open."""
    os.mkfifo(program.folder / "data.csv")
    text = (
        study_text()
        .replace('source = "digits"', 'source = "data.csv"\ntarget = "y"')
        .replace("train = 300\n", "")
    )
    program.write("piped.toml", text)
    held_open = os.open(program.folder / "data.csv", os.O_RDWR | os.O_NONBLOCK)
    try:
        process = program.launch("start", "piped.toml", "--workers", 1)
        opened(process, "data.csv")
        _, took_s = signalled(process, number)
    finally:
        os.close(held_open)
    assert took_s < SOON_S / 2
    assert not (program.folder / "hpsearch.db").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_fault_80_start_ends_while_it_starts(program, number):
    """Before anything has begun; Ctrl-C while processes import has a test of its own in ``test_signals``."""
    process = program.launch("start", "small.toml")
    eventually(lambda: len(group(process)) > 1, what="the processes that import")
    _, took_s = signalled(process, number)
    assert took_s < SOON_S / 2


def test_fault_80_a_hang_up_that_is_ignored_stays_ignored(program, finished):
    """``nohup`` starts a command so: it goes on when its terminal closes."""
    command = ("nohup", sys.executable, "-m", "hpsearch")
    process = program.launch("start", "small.toml", "--workers", 1, command=command)
    eventually(lambda: settled(program.folder / "hpsearch.db", "small") >= 1, what="a settled trial")
    os.kill(process.pid, signal.SIGHUP)
    run = ended(process)
    assert (run.code, run.out) == (0, finished.out)


@pytest.mark.parametrize("number", ENDING)
def test_fault_79_start_ends_while_it_tells_the_end(program, finished, number):
    """A server that answers byte by byte: the winner is printed, and a signal ends the wait."""
    finished.copy_to(program.folder)
    program.write("calm.toml", study_text())
    with dripping() as (host, visits):
        process = program.launch("start", "calm.toml", "--quiet", "--notify", f"http://{host}/", no_proxy="*")
        eventually(lambda: visits, what="the notification")
        assert process.stdout.readline() == finished.out.splitlines(keepends=True)[0]
        _, took_s = signalled(process, number)
    assert took_s < SOON_S / 2


def test_fault_79_start_does_not_wait_for_ever(program, finished):
    """Without a signal one deadline holds over all tries; the result and the exit code are as ever."""
    finished.copy_to(program.folder)
    program.write("calm.toml", study_text())
    with dripping() as (host, _):
        run = program.run("start", "calm.toml", "--notify", f"http://{host}/", no_proxy="*", timeout_s=60)
    assert (run.code, run.out) == (0, finished.out)
    assert run.err.count("could not be told") == 1
    assert "no answer within 15 s" in run.err


@pytest.mark.parametrize("number", ENDING)
@pytest.mark.parametrize(
    "command",
    [
        ("report", "--output", "report.html"),
        ("export", "--output", "trials.csv"),
        ("best",),
        ("resume",),
        ("status",),
        ("worker",),
        ("dashboard", "--port", "8765"),
    ],
    ids=lambda command: command[0],
)
def test_fault_80_every_command_ends_while_the_database_is_held(program, finished, command, number):
    """A lock that stays: the command waits for it as long as its patience, and a signal ends that at once."""
    database = finished.copy_to(program.folder)
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    with locked(database):
        process = program.launch(*command)
        opened(process, "hpsearch.db")
        _, took_s = signalled(process, number)
    assert took_s < SOON_S / 2
