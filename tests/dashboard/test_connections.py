"""Connections that hold the server up: half-sent requests, slow ones, too many of them, fetched slowly."""

import socket
import threading
import time
from contextlib import ExitStack, contextmanager

import pytest

from hpsearch.dashboard import Dashboard, Rules, study_page
from hpsearch.dashboard.connections import ConnectionLimits, _visitor
from hpsearch.dashboard.login.token import SHORTEST
from tests.cli.program import eventually
from tests.dashboard.servers import TOKEN, ask

pytestmark = pytest.mark.long

MANY = 120
SOON_S = 10.0
HALF = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "


@contextmanager
def limited(url, *, host="127.0.0.1", **limits):
    """Serve a database with a token and with limits of connections; give the port."""
    rules = Rules(host=host, port=0, token=TOKEN)
    with Dashboard(url, rules=rules, report=study_page, limits=ConnectionLimits(**limits)) as dashboard:
        thread = threading.Thread(target=dashboard.run)
        thread.start()
        try:
            yield dashboard.port
        finally:
            dashboard.stop()
            thread.join(30)


def connected(port, opened, *, sent=b"", host="127.0.0.1"):
    """Return a connection on which some bytes have been sent."""
    one = opened.enter_context(socket.create_connection((host, port), timeout=60))
    one.sendall(sent)
    return one


def is_closed(connection):
    """Return whether the other side has closed a connection."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


@pytest.mark.parametrize(
    "sent", [b"", b"G", HALF, b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n"]
)
def test_fault_76_half_sent_requests_keep_no_visitor_out(locked, sent):
    """120 connections that send nothing more: a visitor is answered at once, well before any deadline."""
    with ExitStack() as opened:
        for _ in range(MANY):
            connected(locked, opened, sent=sent)
        began = time.monotonic()
        assert ask(locked, "/healthz").status == 200
        assert ask(locked, "/api/studies", Authorization=f"Bearer {TOKEN}").status == 200
        assert time.monotonic() - began < SOON_S


@pytest.mark.parametrize(
    ("limit", "sent"),
    [
        ("idle_s", b""),
        ("headers_s", HALF),
        ("body_s", b"POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n"),
        ("body_s", b"POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n384\r\n"),
        ("idle_s", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    ],
    ids=["nothing", "half of the headers", "no body", "half a chunk", "an answered request"],
)
def test_fault_76_a_byte_now_and_then_is_no_reason_to_wait(finished, limit, sent):
    """The time of each part of a request is counted from its beginning, not from its latest byte."""
    with limited(finished.url, **{limit: 2.0}) as port, ExitStack() as opened:
        one = connected(port, opened, sent=sent)
        if b"/healthz" in sent:
            assert one.recv(65536).startswith(b"HTTP/1.1 200")
            sent = b""

        def drips():
            if sent:
                try:
                    one.setblocking(True)
                    one.sendall(b"x")
                except ConnectionError:
                    return True
            return is_closed(one)

        began = time.monotonic()
        eventually(drips, what="the end of the connection", timeout_s=30)
        assert 1.0 < time.monotonic() - began < 2.0 + SOON_S
        assert ask(port, "/healthz").status == 200


def test_fault_76_an_answer_that_is_not_fetched_is_dropped(finished):
    """Six megabytes are asked for and not read: the connection ends, even with the kernel's buffers full."""
    with limited(finished.url, answer_s=2.0) as port, ExitStack() as opened:
        one = opened.enter_context(socket.socket())
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        one.connect(("127.0.0.1", port))
        lines = (
            "GET /static/bundle.js HTTP/1.1",
            "Host: localhost",
            f"Authorization: Bearer {TOKEN}",
            "",
            "",
        )
        one.sendall("\r\n".join(lines).encode())
        assert one.recv(15) == b"HTTP/1.1 200 OK"
        time.sleep(5)  # this visitor does not read
        one.settimeout(30)
        read = 0
        while chunk := one.recv(65536):
            read += len(chunk)
        assert read < 6_000_000


def test_fault_76_one_address_has_its_share(finished, monkeypatch):
    """Another machine's connections make room for its own; this machine's are limited in all alone."""
    monkeypatch.setattr("hpsearch.dashboard.connections._visitor", lambda _address: "192.0.2.7/32")
    with limited(finished.url, per_address=5) as port, ExitStack() as opened:
        crowd = [connected(port, opened, sent=HALF) for _ in range(12)]
        eventually(lambda: sum(map(is_closed, crowd)) == 7, what="the end of the oldest seven")
        assert [is_closed(one) for one in crowd] == [True] * 7 + [False] * 5
    monkeypatch.undo()
    with limited(finished.url, per_address=5, in_all=9) as port, ExitStack() as opened:
        crowd = [connected(port, opened, sent=HALF) for _ in range(12)]
        eventually(lambda: sum(map(is_closed, crowd)) == 3, what="the end of the oldest three")
        assert [is_closed(one) for one in crowd] == [True] * 3 + [False] * 9


def test_an_address_is_a_visitor():
    """A household has a network of IPv6; an IPv4 address may come in the form of IPv6."""
    assert _visitor("192.0.2.7") == _visitor("::ffff:192.0.2.7") == "192.0.2.7"
    assert _visitor("2001:db8::1") == _visitor("2001:db8::ffff") == "2001:db8::/64"
    assert _visitor("2001:db8:0:1::1") != _visitor("2001:db8::1")
    assert _visitor("fe80::1%eth0") == "fe80::/64"
    assert _visitor("::1") == "::1"


def test_fault_77_guesses_are_slowed_over_all_and_the_token_is_not(finished):
    """Forty wrong tokens on forty connections: their answers come late, the right one's at once."""
    with limited(finished.url) as port, ExitStack() as opened:
        crowd = []
        for n in range(40):
            lines = ("GET / HTTP/1.1", "Host: localhost", f"Authorization: Bearer {n:0{SHORTEST}}", "", "")
            crowd.append(connected(port, opened, sent="\r\n".join(lines).encode()))
        began = time.monotonic()
        assert ask(port, "/api/studies", Authorization=f"Bearer {TOKEN}").status == 200
        assert time.monotonic() - began < SOON_S / 2
        for one in crowd:
            one.settimeout(60)
            assert one.recv(12) == b"HTTP/1.1 401"
        assert time.monotonic() - began > SOON_S / 2
