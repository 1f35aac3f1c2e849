"""The dashboard as a browser meets it: a real server in a process of its own."""

import json
import logging
import re
import signal
import socket
import threading
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hpsearch.cli.setup.dashboard import TokenFileError, _token
from hpsearch.dashboard import Dashboard, Rules, serve, study_page
from hpsearch.dashboard.login.token import TokenError
from hpsearch.dashboard.server import LOGGERS, BindError, _log_to
from hpsearch.errors import StorageError
from hpsearch.signals import ENDING
from hpsearch.store import Ledger
from tests.cli.program import LONG, ended, eventually, rows, settled, study_text
from tests.dashboard.servers import TOKEN, ask

LOOKS = 10


def free_port():
    """Return a port of the loopback interface that nothing listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def get(port, path):
    """Return the status and the body of a page."""
    connection = HTTPConnection("127.0.0.1", port, timeout=180)
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

    def serve(url, *more):
        port = free_port()
        process = program.launch("dashboard", "--port", port, "--storage", url, *more)
        told = process.stderr.readline()
        assert told == f"dashboard: http://127.0.0.1:{port}/  (read-only; Ctrl-C ends it)\n"
        return process, port

    return serve


def test_a_browser_sees_the_study(port):
    """The page is there, and the API lists the study with its confirmation and every trial."""
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


def test_fault_49_it_listens_on_this_machine_alone(served, finished):
    """The one address it is bound to is 127.0.0.1; any other needs a token."""
    process, port = served(finished.url)
    assert listening(process.pid) == [f"0100007F:{port:04X}"]


def test_sigterm_ends_it_quietly(served, finished):
    """The way out that a service manager takes; nothing more is said."""
    process, port = served(finished.url)
    assert get(port, "/api/studies")[0] == 200
    process.terminate()
    run = ended(process)
    assert (run.code, run.out, run.err) == (143, "", "")


def test_an_open_door_is_refused(program, finished):
    """Exit code 2 and one line that says what to do."""
    run = program.run("dashboard", "--storage", finished.url, "--host", "0.0.0.0")
    assert (run.code, run.out) == (2, "")
    assert run.err == (
        "hpsearch: --host 0.0.0.0: others can reach it, so it needs a token; "
        "set HPSEARCH_DASHBOARD_TOKEN, or name a file that holds it with --token-file\n"
    )


@pytest.mark.parametrize(
    ("rules", "error", "message"),
    [
        (
            {"host": "nowhere.invalid", "token": TOKEN},
            BindError,
            "--host nowhere.invalid: there is no such address",
        ),
        (
            {"host": "192.0.2.1", "token": TOKEN},
            BindError,
            "--host 192.0.2.1: Cannot assign requested address; choose",
        ),
        ({"host": "192.0.2.1"}, TokenError, "--host 192.0.2.1: others can reach it, so it needs a token"),
        ({"token": "short"}, TokenError, "token: expected at least 16 plain characters, found 5"),
    ],
    ids=["no such name", "not ours", "no token", "short token"],
)
def test_a_door_that_cannot_be_is_refused(finished, rules, error, message):
    """The line names the flag; nothing stays open."""
    with pytest.raises(error, match=message) as caught:
        Dashboard(finished.url, rules=Rules(port=free_port(), **rules), report=study_page)
    assert caught.value.exit_code == 2


def test_a_token_comes_from_a_file_or_the_environment(tmp_path, monkeypatch):
    """The file counts more; one that cannot be read is told, and never what is in it."""
    monkeypatch.setenv("HPSEARCH_DASHBOARD_TOKEN", "from the environment")
    assert _token(None) == "from the environment"
    (tmp_path / "token").write_text("from the file\n")
    assert _token(tmp_path / "token") == "from the file\n"
    (tmp_path / "picture").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(TokenFileError, match=r"--token-file .*/picture: it is no text"):
        _token(tmp_path / "picture")
    with pytest.raises(TokenFileError, match=r"--token-file .*/none: No such file or directory"):
        _token(tmp_path / "none")


def test_with_a_token_it_listens_to_others(program, finished):
    """From the environment; it is shown nowhere, and asked for."""
    port = free_port()
    secret = "a secret of a lab"
    arguments = ("--host", "0.0.0.0", "--port", port, "--storage", finished.url, "--allow-edit")
    process = program.launch("dashboard", *arguments, HPSEARCH_DASHBOARD_TOKEN=secret)
    told = process.stderr.readline()
    assert told == f"dashboard: http://{socket.gethostname()}:{port}/  (edits allowed; Ctrl-C ends it)\n"
    assert listening(process.pid) == [f"00000000:{port:04X}"]
    assert ask(port, "/").status == 401
    assert ask(port, "/", Authorization=f"Bearer {secret}").status == 200
    process.send_signal(signal.SIGINT)
    run = ended(process)
    assert (run.code, run.out, run.err) == (130, "", "")


@pytest.mark.long
def test_a_taken_port_is_refused(program, finished):
    """Exit code 2 and one line that names the flag."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = program.run("dashboard", "--port", port, "--storage", finished.url)
    assert (run.code, run.out) == (2, "")
    assert run.err == f"hpsearch: --port {port}: Address already in use; choose another port\n"


@pytest.mark.long
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


@pytest.mark.long
def test_fault_48_two_dashboards_look_at_four_workers(served, program, finished_long):
    """They are asked for every trial again and again: nobody fails, and the study is the calm one."""
    program.write("long.toml", study_text(name="long", epochs=LONG))
    database = program.folder / "hpsearch.db"
    Ledger(f"sqlite:///{database}", create=True).close()
    ports = [served("sqlite:///hpsearch.db")[1] for _ in range(2)]
    start = program.launch("start", "long.toml", "--workers", 4, "--quiet")
    eventually(lambda: settled(database, "long") >= 1, what="a settled trial")
    found, statuses = [], set()

    def look(port):
        statuses.add(get(port, "/report/long")[0])
        for _ in range(LOOKS):
            if start.poll() is not None:
                return
            status, body = get(port, "/api/studies/1?after=0")
            found.append((status, len(json.loads(body)["trials"])))
            statuses.update(get(port, path)[0] for path in ("/", "/metrics", "/healthz"))

    readers = [threading.Thread(target=look, args=(port,)) for port in ports]
    for reader in readers:
        reader.start()
    run = ended(start, timeout_s=120)
    for reader in readers:
        reader.join()
    assert (run.code, run.err, run.out) == (0, "", finished_long.out)
    assert rows(database, "PRAGMA journal_mode") == [("wal",)]
    assert {status for status, _ in found} | statuses == {200}
    assert len(found) > 2


def test_a_missing_database_is_not_made(tmp_path):
    """The dashboard looks; it does not make what it looks at."""
    with pytest.raises(StorageError, match=r"there is no database yet; hpsearch start STUDY\.toml makes one"):
        Dashboard(f"sqlite:///{tmp_path}/none.db", rules=Rules(port=0), report=study_page)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("loggers", "signals")
def test_the_browser_is_opened_once_it_can_come(finished):
    """``--open`` gives the address to a browser when somebody listens there."""
    found = []

    def visit(address):
        with socket.create_connection((urlsplit(address).hostname, urlsplit(address).port), timeout=10):
            found.append(address)
        raise SystemExit

    lines = []
    code = serve(finished.url, rules=Rules(port=0), report=study_page, say=lines.append, visit=visit)
    assert code == 0
    assert lines == [f"dashboard: {found[0]}  (read-only; Ctrl-C ends it)"]


@pytest.fixture
def signals():
    """Leave the signals' handlers as they were."""
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def loggers():
    """Leave the libraries' loggers as they were."""
    before = [
        (logging.getLogger(n), logging.getLogger(n).handlers, logging.getLogger(n).propagate) for n in LOGGERS
    ]
    yield
    for logger, handlers, propagate in before:
        logger.handlers, logger.propagate = handlers, propagate


@pytest.mark.usefixtures("loggers")
def test_what_goes_wrong_is_one_line():
    """A library's log with a traceback in it becomes its first line."""
    lines = []
    _log_to(lines.append)
    logging.getLogger("optuna_dashboard").error("Exception: disk is full\n  File ...")
    logging.getLogger("waitress.queue").warning("Task queue depth is 1")
    assert lines == ["dashboard: Exception: disk is full"]
