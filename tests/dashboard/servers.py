"""Dashboards that run inside the test's own process, and how they are asked."""

import json
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse

from hpsearch.dashboard import Dashboard, Rules, study_page

TOKEN = "correct-horse-battery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: dict
    body: bytes

    @property
    def text(self):
        """The body as text."""
        return self.body.decode()

    @property
    def reason(self):
        """Why it was refused."""
        return json.loads(self.body)["reason"]


def ask(port, path, method="GET", body=None, host="127.0.0.1", **headers):
    """Send a request and return what came back; ``X_Y`` is the header ``X-Y``."""
    connection = HTTPConnection(host, port, timeout=180)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if isinstance(body, dict):
        body, named = json.dumps(body), {"Content-Type": "application/json"} | named
    try:
        connection.request(method, path, body=body, headers=named)
        response = connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(status=response.status, headers=found, body=response.read())
    finally:
        connection.close()


@contextmanager
def serving(url, *, report=study_page, **rules):
    """Serve a database from a thread; give the port."""
    with Dashboard(url, rules=Rules(port=0, **rules), report=report) as dashboard:
        thread = threading.Thread(target=dashboard.run)
        thread.start()
        try:
            yield dashboard.port
        finally:
            dashboard.stop()
            thread.join(30)
            assert not thread.is_alive()


def raw(port, *parts):
    """Send bytes and return the answer: its first line, its headers and its body."""
    sent = b"".join(parts)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        with suppress(ConnectionError):  # it may have answered before all was sent
            connection.sendall(sent)
        answer = HTTPResponse(connection, method=sent.partition(b" ")[0].decode("latin-1"))
        try:
            answer.begin()
            body = answer.read()
        except (OSError, HTTPException) as error:
            return f"no answer: {error!r}".encode()
        return f"HTTP/1.1 {answer.status}\r\n{answer.headers}".encode() + body


def request(method, path, body=b"", **headers):
    """Return the bytes of a request on a connection of its own; ``X_Y`` is the header ``X-Y``."""
    named = {"Host": "localhost", "Connection": "close", "Content-Type": "application/json"}
    if body or method not in {"GET", "HEAD"}:
        named["Content-Length"] = str(len(body))
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def complaint(answer, what):
    """Return what is wrong with an answer: 500, none, a traceback; 501 is right for one header alone."""
    status = answer[9:12]
    if not answer.startswith(b"HTTP/1.") or b"Traceback" in answer or b'File "' in answer:
        return f"{what}: {answer[:200]!r}"
    known = b"200" <= status < b"500" or (status == b"501" and b"Transfer-Encoding" in answer)
    return None if known else f"{what}: {answer[:200]!r}"


def complaints(port, asked, capfd):
    """Return what is wrong with the answers, with the terminal, and with the server afterwards."""
    found = [complaint(raw(port, sent), what) for what, sent in asked]
    found.append(complaint(raw(port, request("GET", "/healthz")), "afterwards"))
    out, err = capfd.readouterr()
    loud = err if "Traceback" in err or 'File "' in err else ""
    return [one for one in [*found, out, loud] if one]
