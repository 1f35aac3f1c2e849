"""The dashboard as a browser meets it: a real server in a process of its own."""

import json
import os
import re
import signal
import socket
import threading
from http.client import HTTPConnection
from pathlib import Path

import pytest

from hpsearch.dashboard import server
from hpsearch.errors import StorageError
from hpsearch.store import Ledger
from tests.cli.program import LONG, ended, eventually, rows, settled, study_text

LOOKS = 10


def free_port():
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(port, path):
    """Return the status and the body of a page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def listening(pid):
    """Return the addresses, in the kernel's hexadecimal, that a process listens on."""
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()]
    inodes = {match[1] for link in links if (match := re.fullmatch(r"socket:\[(\d+)\]", link))}
    lines = Path(f"/proc/{pid}/net/tcp").read_text() + Path(f"/proc/{pid}/net/tcp6").read_text()
    fields = [line.split() for line in lines.splitlines() if "sl" not in line]
    return [f[1] for f in fields if f[3] == "0A" and f[9] in inodes]


@pytest.fixture
def served(program):
    """Return a function that serves a database and returns the process and its port, once it answers."""

    def serve(url):
        port = free_port()
        process = program.launch("dashboard", "--port", port, "--storage", url)
        told = process.stderr.readline()
        assert told == f"dashboard: http://127.0.0.1:{port}/dashboard/  (Ctrl-C ends it)\n"
        return process, port

    return serve


def test_a_browser_sees_the_study(served, finished):
    """The page is there, and the API lists the study with its confirmation and every trial."""
    process, port = served(finished.url)
    status, page = get(port, "/dashboard/")
    assert status == 200
    assert b"<html" in page.lower()
    status, body = get(port, "/api/studies")
    assert status == 200
    studies = json.loads(body)["study_summaries"]
    assert [study["study_name"] for study in studies] == ["small", "small.confirm"]
    status, body = get(port, f"/api/studies/{studies[0]['study_id']}?after=0")
    assert status == 200
    trials = json.loads(body)["trials"]
    assert [trial["number"] for trial in trials] == list(range(40))
    assert {len(trial["intermediate_values"]) for trial in trials if trial["state"] == "Complete"} == {4}
    assert process.poll() is None


def test_fault_49_it_listens_on_this_machine_alone(served, finished):
    """The one address it is bound to is 127.0.0.1; there is no login to protect any other."""
    process, port = served(finished.url)
    assert listening(process.pid) == [f"0100007F:{port:04X}"]


def test_ctrl_c_ends_it_quietly(served, finished):
    """The way out that the line names: 130, and nothing more is said."""
    process, port = served(finished.url)
    assert get(port, "/api/studies")[0] == 200
    os.kill(process.pid, signal.SIGINT)
    run = ended(process)
    assert (run.code, run.out, run.err) == (130, "", "")


def test_a_taken_port_is_refused(program, finished):
    """Exit code 2 and one line that names the flag."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = program.run("dashboard", "--port", port, "--storage", finished.url)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"hpsearch: --port {port}: Address already in use; choose another port\n"


def test_fault_48_it_shows_a_study_at_work(served, program):
    """While workers write, the dashboard reads, and neither disturbs the other."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    start = program.launch("start", "long.toml", "--quiet")
    database = program.folder / "hpsearch.db"
    eventually(lambda: settled(database, "long") >= 1, what="a settled trial")
    _, port = served("sqlite:///hpsearch.db")
    studies = json.loads(get(port, "/api/studies")[1])["study_summaries"]
    assert studies[0]["study_name"] == "long"
    body = json.loads(get(port, f"/api/studies/{studies[0]['study_id']}?after=0")[1])
    assert {"number", "state", "params"} <= body["trials"][0].keys()
    run = ended(start)
    assert (run.code, run.err) == (0, "")


def test_fault_48_two_dashboards_look_at_four_workers(served, program, finished_long):
    """They are asked for every trial again and again: nobody fails, and the study is the calm one."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    database = program.folder / "hpsearch.db"
    Ledger(f"sqlite:///{database}", create=True).close()
    ports = [served("sqlite:///hpsearch.db")[1] for _ in range(2)]
    start = program.launch("start", "long.toml", "--workers", 4, "--quiet")
    eventually(lambda: settled(database, "long") >= 1, timeout_s=90, what="a settled trial")
    found = []

    def look(port):
        for _ in range(LOOKS):
            if start.poll() is not None:
                return
            status, body = get(port, "/api/studies/1?after=0")
            found.append((status, len(json.loads(body)["trials"])))

    readers = [threading.Thread(target=look, args=(port,)) for port in ports]
    for reader in readers:
        reader.start()
    run = ended(start, timeout_s=120)
    for reader in readers:
        reader.join()
    assert (run.code, run.err, run.out) == (0, "", finished_long.out)
    assert rows(database, "PRAGMA journal_mode") == [("wal",)]
    assert {status for status, _ in found} == {200}
    assert len(found) > 2


def test_a_missing_database_is_not_made(tmp_path):
    """The dashboard looks; it does not make what it looks at."""
    with pytest.raises(StorageError, match=r"there is no database yet; hpsearch start STUDY\.toml makes one"):
        server.make_dashboard(f"sqlite:///{tmp_path}/none.db", port=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("port", [0])
def test_any_free_port_will_do_inside_a_program(finished, port):
    """Port 0 takes a free one, and the server knows which."""
    found = server.make_dashboard(finished.url, port=port)
    thread = threading.Thread(target=found.serve_forever, daemon=True)
    thread.start()
    try:
        assert found.server_address[0] == "127.0.0.1"
        assert get(found.server_port, "/api/studies")[0] == 200
    finally:
        found.shutdown()
        found.server_close()
        thread.join()
