"""Dashboards that run inside the test's own process, and how they are asked."""

import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection

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
