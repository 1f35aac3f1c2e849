"""Requests that are no requests: each is refused or answered, without a traceback, and the server goes on."""

import json
import re
from urllib.parse import quote

import pytest
from optuna.storages import RDBStorage
from optuna_dashboard import wsgi

from hpsearch.dashboard.login import throttle
from tests.cli.program import rows
from tests.dashboard.servers import TOKEN, complaints, raw, request, serving

DIGITS = "1" * 5000
LONG = "[" * 200_000
STRANGE = (
    "",
    "http://[",
    "http://[::1",
    "http://]",
    f"http://localhost:{DIGITS}",
    "http://localhost:port",
    f"http://localhost/dashboard/studies/{DIGITS}",
    f"http://localhost/dashboard/studies/{10**30}",
    "http://localhost/dashboard/studies/-1",
    LONG,
    "\xff\xfe",
    "null",
    "%",
    "%zz%",
    ",",
    '"',
    "é=ü",
    "bytes=-",
    "bytes=9-1,5",
    "Bearer",
    "Basic %%%",
    "\x01",
)
HEADERS = (
    "Origin",
    "Referer",
    "Host",
    "Cookie",
    "Authorization",
    "Accept",
    "Accept-Encoding",
    "Content-Type",
    "Sec-Fetch-Site",
    "If-Modified-Since",
    "If-None-Match",
    "Range",
    "X-Forwarded-Proto",
    "X-Forwarded-Host",
    "X-Forwarded-For",
    "Forwarded",
    "Expect",
    "Upgrade",
    "Connection",
    "Transfer-Encoding",
    "Content-Length",
)
NUMBERS = (
    "0",
    "-1",
    "999999",
    str(2**31),
    str(2**63),
    str(10**30),
    DIGITS,
    "x",
    "1.5",
    "1e3",
    "%D9%A1",
    "%00",
    "%FF",
)
BODIES = (
    b"",
    b"no JSON",
    b"[]",
    b"null",
    b"1",
    b'"x"',
    b"{}",
    b'{"a": NaN}',
    b'{"version": 1e999, "body": "x"}',
    b'{"version": NaN, "body": "x"}',
    b'{"version": "1", "body": 1}',
    b'{"version": [], "body": {}}',
    b'{"version": 1}',
    b'{"user_attrs": {"a": NaN}}',
    b'{"user_attrs": {"a": 1e999}}',
    b'{"user_attrs": [["a", 1]]}',
    b'{"user_attrs": "text"}',
    b'{"user_attrs": 1}',
    b'{"user_attrs": {"\\ud800": 1}}',
    b'{"user_attrs": {"a": "\\u0000"}}',
    b'{"user_attrs": {"' + b"k" * 600 + b'": 1}}',
    b'{"study_name": 1}',
    b'{"study_name": []}',
    b'{"study_name": null}',
    b'{"a": ' + DIGITS.encode() + b"}",
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b"\xff\xfe\x00",
    b"\xef\xbb\xbf{}",
)


@pytest.fixture(scope="module")
def editable(finished, tmp_path_factory):
    """Return the port of a dashboard that allows edits, on a copy of the finished study."""
    path = finished.copy_to(tmp_path_factory.mktemp("requests"))
    with serving(f"sqlite:///{path}", allow_edit=True) as port:
        yield port


def routes(finished):
    """Return (method, path with ``{}`` for each number or word) of every route of optuna-dashboard."""
    storage = RDBStorage(finished.url)
    found = [(route.method, route.rule) for route in wsgi(storage).routes]
    storage.remove_session()
    storage.engine.dispose()
    return found


def filled(rule, number):
    """Return the path of a route with one thing in the place of everything that it leaves open."""
    rule = rule.replace("<:re:(/.*)?>", f"/studies/{number}")
    return re.sub(r"<[^>]*>", lambda _match: number, rule)


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("token", [None, TOKEN], ids=("open", "locked"))
@pytest.mark.sampled
def test_fault_78_no_header_is_an_error_of_the_server(  # noqa: PLR0917 - fixtures
    port, locked, name, token, capfd, monkeypatch
):
    """Every header that is read, with everything that is none, on pages that read it."""
    monkeypatch.setattr(throttle, "LONGEST_S", 0.0)  # most of them are no token
    where = port if token is None else locked
    targets = [
        ("GET", "/"),
        ("GET", "/report"),
        ("GET", "/static/bundle.js.LICENSE.txt"),
        ("POST", "/login"),
        ("DELETE", "/api/studies/1"),
    ]
    asked = [
        (f"{method} {path} {value[:40]!r}", request(method, path, **{name: value}))
        for method, path in targets
        for value in STRANGE
    ]
    assert complaints(where, asked, capfd) == []


@pytest.mark.parametrize("place", ["port", "editable"])
@pytest.mark.sampled
def test_fault_78_no_path_is_an_error_of_the_server(finished, place, request_port, capfd):
    """Every route of optuna-dashboard and of ours, with ids that are none."""
    ours = [
        ("GET", "/report/<name>"),
        ("GET", "/report<name>"),
        ("GET", "/<name>"),
        ("OPTIONS", "/<name>"),
        ("HEAD", "/<name>"),
    ]
    asked = []
    for method, rule in [*routes(finished), *ours]:
        for number in NUMBERS:
            path = filled(rule, number)
            asked.append((f"{method} {path[:80]}", request(method, path, b"{}" if method != "GET" else b"")))
    assert complaints(request_port(place), asked, capfd) == []


@pytest.fixture
def request_port(port, editable):
    """Return a function from the name of a dashboard to its port."""
    return {"port": port, "editable": editable}.__getitem__


def test_fault_78_no_parameter_is_an_error_of_the_server(port, capfd):
    """Parameters of the paths that have some, and every plot."""
    plots = (
        "contour",
        "slice",
        "parallel_coordinate",
        "rank",
        "edf",
        "timeline",
        "pareto_front",
        "none",
        "%FF",
    )
    paths = [f"/api/studies/1/plot/{plot}" for plot in plots] + [
        f"/api/studies/99/plot/{plot}" for plot in plots
    ]
    for value in (*NUMBERS, "", "%", quote("[" * 1000), "1&after=x", "1;after=x", "NaN"):
        paths += [
            f"/api/studies/1?after={value}",
            f"/csv/1?trial_ids={value}",
            f"/api/studies/1?%61fter={value}",
        ]
    asked = [(path[:80], request("GET", path)) for path in paths]
    asked.append(
        (
            "a body on GET",
            request("GET", "/api/studies/1", b"after=x", Content_Type="application/x-www-form-urlencoded"),
        )
    )
    assert complaints(port, asked, capfd) == []


def test_fault_78_no_body_is_an_error_of_the_server(finished, editable, capfd):
    """Every route that may change something, with bodies that are no edits."""
    ((trial,),) = rows(finished.database, "SELECT min(trial_id) FROM trials")
    paths = [
        ("PUT", "/api/studies/1/note"),
        ("PUT", f"/api/studies/1/{trial}/note"),
        ("POST", f"/api/trials/{trial}/user-attrs"),
        ("POST", "/api/studies/1/rename"),
        ("DELETE", "/api/studies/1"),
        ("POST", "/api/studies"),
        ("POST", "/api/trials/1/tell"),
        ("POST", "/login"),
    ]
    asked = [(f"{m} {path} {body[:40]!r}", request(m, path, body)) for m, path in paths for body in BODIES]
    kinds = (
        "application/json; charset=x",
        "application/json ;a",
        "APPLICATION/JSON",
        "application/json,text/html",
    )
    note = json.dumps({"user_attrs": {"seen": "yes"}}).encode()
    asked += [
        (kind, request("POST", f"/api/trials/{trial}/user-attrs", note, Content_Type=kind)) for kind in kinds
    ]
    assert complaints(editable, asked, capfd) == []


HERE = b" HTTP/1.1\r\nHost: localhost\r\n"
END = b"\r\n\r\n"
GET, OPTIONS, LOGIN = b"GET ", b"OPTIONS ", b"POST /login" + HERE
CHUNKED = LOGIN + b"Transfer-Encoding: chunked" + END
BROKEN = {
    "an address that cannot be read": GET + b"http://[" + HERE + b"\r\n",
    "an address of brackets": GET + b"http://" + LONG.encode() + HERE + b"\r\n",
    "another host in the address": GET + b"http://evil.example/" + HERE + b"\r\n",
    "a port of digits": GET + b"http://localhost:" + DIGITS.encode() + b"/" + HERE + b"\r\n",
    "two slashes": GET + b"//evil.example/x" + HERE + b"\r\n",
    "a star": OPTIONS + b"*" + HERE + b"\r\n",
    "no host": b"GET / HTTP/1.1" + END,
    "two hosts": GET + b"/" + HERE + b"Host: localhost" + END,
    "version 9": b"GET / HTTP/9.9\r\nHost: localhost" + END,
    "version 0.9": b"GET /healthz" + END,
    "no method": b"/" + HERE + b"\r\n",
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + END,
    "bytes": bytes(range(256)) + END,
    "bare line ends": b"GET / HTTP/1.1\nHost: localhost\n\n" + END,
    "a length of digits": LOGIN + b"Content-Length: " + DIGITS.encode() + END,
    "a length below zero": LOGIN + b"Content-Length: -1" + END,
    "a length of another alphabet": LOGIN + b"Content-Length: \xb2" + END,
    "two lengths": LOGIN + b"Content-Length: 1\r\nContent-Length: 2" + END + b"ab",
    "a chunk of rubbish": CHUNKED + b"zz\r\n\r\n0" + END,
    "a chunk below zero": CHUNKED + b"-5\r\nhello\r\n0" + END,
    "chunks of another kind": LOGIN + b"Transfer-Encoding: gzip, chunked" + END + b"0" + END,
    "long headers": GET + b"/" + HERE + b"X: " + b"x" * 400_000 + END,
    "many headers": GET + b"/" + HERE + b"X: y\r\n" * 20_000 + b"\r\n",
}
"""What arrives -> its bytes."""


@pytest.mark.parametrize("sent", BROKEN.values(), ids=BROKEN)
def test_fault_78_what_is_no_http_is_refused(port, sent, capfd):
    """The server says so, and nothing reaches the terminal."""
    assert complaints(port, [("broken", sent)], capfd) == []


def test_fault_78_a_plain_program_gets_the_page(port, capfd):
    """A program that names no encoding, as curl does, gets the script as it is; a browser gets it packed."""
    plain = raw(port, request("GET", "/static/bundle.js"))
    packed = raw(port, request("GET", "/static/bundle.js", Accept_Encoding="gzip"))
    assert plain.startswith(b"HTTP/1.1 200")
    assert b"Content-Encoding: gzip" in packed.partition(b"\n\n")[0]
    assert len(packed) < len(plain)
    assert raw(port, request("GET", "/favicon.ico")).startswith(b"HTTP/1.1 200")
    assert complaints(port, [], capfd) == []
