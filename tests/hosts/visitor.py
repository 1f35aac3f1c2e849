"""Somebody who looks at the dashboard of another host while a study runs."""

import os
import subprocess
import sys
import threading
from collections import Counter
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

from tests.chaos.fleet import ROOT
from tests.hosts.netns import Host

TOKEN = "a-token-of-the-hosts-test"
PORT = 8080
PAGES = ("/healthz", "/")
_PAUSE_S = 0.25
_TIMEOUT_S = 3.0


class Visitor:
    """Serves a dashboard on one host, and asks it from another again and again; a context.

    Args:
        serves: Where it runs.
        asks: Where it is asked from.
        environment: What the dashboard finds in its environment.
        folder: Where its log goes.

    Attributes:
        answers: (page, HTTP status) -> how often that was the answer; the status is 0 for no answer.
    """

    def __init__(self, serves: Host, asks: Host, *, environment: dict[str, str], folder: Path) -> None:
        self.answers: Counter = Counter()
        self._address = serves.address
        self._asks = asks
        self._log = folder / "dashboard.log"
        self._command = serves.command(
            *(sys.executable, "-m", "hpsearch", "dashboard"), "--host", serves.address, "--port", str(PORT)
        )
        self._environment = (
            os.environ
            | environment
            | serves.environment(ROOT)
            | {"HPSEARCH_DASHBOARD_TOKEN": TOKEN, "HPSEARCH_CACHE": str(folder / serves.name)}
        )
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._visit, name="visitor", daemon=True)

    def __enter__(self) -> Self:
        with self._log.open("w") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def log(self) -> str:
        """What the dashboard has written."""
        return self._log.read_text()

    def _visit(self) -> None:
        self._asks.inside(self._ask_again_and_again)

    def _ask_again_and_again(self) -> None:
        while not self._ended.wait(_PAUSE_S):
            for page in PAGES:
                self.answers[page, self._ask(page)] += 1

    def _ask(self, page: str) -> int:
        connection = HTTPConnection(self._address, PORT, timeout=_TIMEOUT_S)
        headers = {} if page == "/healthz" else {"Authorization": f"Bearer {TOKEN}"}
        try:
            connection.request("GET", page, headers=headers)
            return connection.getresponse().status
        except (OSError, HTTPException):
            return 0
        finally:
            connection.close()
