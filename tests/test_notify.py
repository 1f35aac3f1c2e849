"""A record of the end reaches an address, or a line says why not."""

import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from hpsearch.notify import Notifier, NotifyError

RECORD = {"schema_version": 1, "event": "finished", "study": "digits"}
SECRET = "T0k3n"


@contextmanager
def listening(*answers, location=None):
    """Serve on loopback: one answer a request, the last one again and again; give host and requests."""
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            requests.append((self.path, dict(self.headers), json.loads(body or b"null")))
            self.send_response(answers[min(len(requests), len(answers)) - 1])
            if location:
                self.send_header("Location", location)
            self.end_headers()

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_port}", requests
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def lines(monkeypatch):
    """Return the lines that a notifier says; no proxy stands between it and the loopback interface."""
    monkeypatch.setenv("no_proxy", "*")
    return []


def deliver(url, lines, **how):
    """Deliver the record; return whether it was taken."""
    options = {"pauses_s": (0.0, 0.0), "timeout_s": 5.0} | how
    return Notifier(url, say=lines.append, **options).deliver(RECORD)


def test_a_record_arrives_as_json_with_its_login(lines):
    """The body is the record; a name and a password in the address become an Authorization header."""
    with listening(204) as (host, requests):
        assert deliver(f"http://me:p%40ss@{host}/hook/{SECRET}?a=1#part", lines)
    ((path, headers, body),) = requests
    assert (path, body) == (f"/hook/{SECRET}?a=1", RECORD)
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Basic bWU6cEBzcw=="  # me:p@ss
    assert lines == []


def test_what_fails_for_a_moment_is_tried_again(lines):
    """A server that answers 500, then 429, then 200 has taken it."""
    with listening(500, 429, 200) as (host, requests):
        assert deliver(f"http://{host}/", lines)
    assert len(requests) == 3
    assert lines == []


@pytest.mark.parametrize(("answer", "tries"), [(500, 3), (404, 1), (302, 1), (307, 1)])
def test_what_is_refused_is_one_line_without_the_secret(lines, answer, tries):
    """Three tries at most; what will not change is tried once, and no redirect takes the record elsewhere."""
    with listening(200) as (elsewhere, strayed):
        with listening(answer, location=f"http://{elsewhere}/stolen") as (host, requests):
            assert not deliver(f"http://me:{SECRET}@{host}/{SECRET}?key={SECRET}", lines)
        assert strayed == []
    assert len(requests) == tries
    told = f"hpsearch: the end of study 'digits' could not be told to http://{host}/…: it answered {answer}"
    assert lines == [told]


def test_nobody_there_is_one_line(lines):
    """A refused connection."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    assert not deliver(f"http://127.0.0.1:{port}/", lines)
    assert [line.rpartition(": ")[2] for line in lines] == ["Connection refused"]


def test_a_server_that_hangs_is_left(lines):
    """It takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert not deliver(url, lines, timeout_s=0.1)
    assert [line.rpartition(": ")[2] for line in lines] == ["no answer within 0.1 s"]


def test_rubbish_in_place_of_an_answer_is_one_line(lines):
    """What does not speak HTTP has not taken the record."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def chatter():
            for _ in range(3):
                connection, _ = server.accept()
                with connection:
                    connection.recv(65536)
                    connection.sendall(b"SSH-2.0-none\r\n\r\n")

        thread = threading.Thread(target=chatter)
        thread.start()
        assert not deliver(f"http://127.0.0.1:{server.getsockname()[1]}/", lines)
        thread.join()
    assert [line.rpartition(": ")[2] for line in lines] == ["BadStatusLine"]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        (f"ftp://me:{SECRET}@host/{SECRET}", "found the scheme 'ftp'"),
        ("file:///etc/passwd", "found the scheme 'file'"),
        (f"hooks.example.com/{SECRET}", "found no scheme"),
        (f"http:///{SECRET}", "found one without a host"),
        (f"http://host:port/{SECRET}", "found something else"),
        (f"http://ho st/{SECRET}", "with blanks"),
        (f"http://höst/{SECRET}", "other than ASCII"),
        (f"http://[::1/{SECRET}", "found something else"),
    ],
)
def test_other_addresses_are_refused_at_the_door(lines, url, found):
    """Only http and https with a host; the message does not quote what may be secret."""
    with pytest.raises(NotifyError, match=found) as refused:
        Notifier(url, say=lines.append)
    assert SECRET not in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_fault_93_no_proxy_reads_what_this_machine_gets(monkeypatch, variable, host):
    """A record for this machine, and its password, do not go to the proxy that the environment names."""
    monkeypatch.delenv("no_proxy", raising=False)
    lines = []
    with listening(200) as (place, requests), listening(200) as (proxy, seen):
        monkeypatch.setenv(variable, f"http://{proxy}")
        port = place.rpartition(":")[2]
        assert deliver(f"http://user:{SECRET}@{host}:{port}/hook", lines), lines
    assert (len(requests), seen, lines) == (1, [], [])


def test_fault_93_another_host_is_reached_through_the_proxy(monkeypatch):
    """A record for another machine goes through the proxy that the environment names."""
    monkeypatch.delenv("no_proxy", raising=False)
    lines = []
    with listening(200) as (proxy, seen):
        monkeypatch.setenv("http_proxy", f"http://{proxy}")
        assert deliver("http://hooks.invalid/hook", lines), lines
    assert [path for path, _, _ in seen] == ["http://hooks.invalid/hook"]
