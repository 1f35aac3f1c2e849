"""Notification: the record of a study that has ended is posted to a web address."""

import base64
import http.client
import json
import threading
import time
import urllib.request
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, unquote, urlsplit

from hpsearch.errors import ExitCode, HpsearchError

TIMEOUT_S = 5.0
PAUSES_S = (0.5, 2.0)
"""Before the second and the third try: a service that restarts is back by then, and the wait is short."""

DEADLINE_S = 15.0
"""Over all tries, whatever they wait for: a name, a connection, an answer that comes byte by byte."""

_EXPECTED = "expected an address http://HOST/... or https://HOST/..."


class NotifyError(HpsearchError):
    """The address cannot be posted to: correct ``--notify`` or ``HPSEARCH_NOTIFY``."""

    exit_code = ExitCode.USAGE


class Notifier:
    """Posts a record as JSON to an address, in a thread that has a deadline; ``wait`` for it at the end.

    Whatever happens to a record, nothing is raised: a line says that it could not be delivered, without what
    may be secret, which is all of the address but its host. Redirects are not followed, because they would
    take the record to another place or leave it behind.

    Args:
        url: An ``http`` or ``https`` address; a name and a password in it become an ``Authorization``.
        say: Where a line goes about what could not be delivered.
        pauses_s: Between tries, in seconds.
        timeout_s: How long a try may wait for the next bytes of an answer, in seconds.
        deadline_s: How long all tries may last together, in seconds.

    Raises:
        NotifyError: It is another sort of address. The message shows none of it but its scheme.
    """

    def __init__(
        self,
        url: str,
        *,
        say: Callable[[str], None],
        pauses_s: tuple[float, ...] = PAUSES_S,
        timeout_s: float = TIMEOUT_S,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._parts = _parse(url)
        self._say = say
        self._pauses_s = pauses_s
        self._timeout_s = timeout_s
        self._deadline_s = deadline_s
        self._under_way: tuple[threading.Thread, str, float] | None = None
        self._problem: str | None = None
        # A proxy of the environment is on another machine: it cannot reach this one, and must not read this.
        direct = [urllib.request.ProxyHandler({})] if _is_here(self._parts.hostname or "") else []
        self._opener = urllib.request.build_opener(_NoRedirect, *direct)

    def __str__(self) -> str:
        """Return the address as it may be shown."""
        return f"{self._parts.scheme}://{_host(self._parts)}/…"

    def __call__(self, record: Mapping[str, Any]) -> None:
        """Begin to deliver a record."""
        request = self._request(json.dumps(record, allow_nan=False).encode())
        ends_at = time.monotonic() + self._deadline_s
        self._problem = None
        # A daemon: what hangs in the look-up of a name cannot be ended, only left.
        thread = threading.Thread(target=self._try, args=(request, ends_at), name="notify", daemon=True)
        self._under_way = (thread, str(record["study"]), ends_at)
        thread.start()

    def wait(self) -> bool:
        """Wait until the record is delivered or its time is over; return whether the service has accepted it.

        A signal may end the wait, by its handler.
        """
        if self._under_way is None:
            return False
        thread, study, ends_at = self._under_way
        self._under_way = None
        thread.join(max(0.0, ends_at - time.monotonic()))
        problem = f"no answer within {self._deadline_s:g} s" if self._problem is None else self._problem
        if problem:
            self._say(f"hpsearch: the end of study {study!r} could not be told to {self}: {problem}")
        return not problem

    def deliver(self, record: Mapping[str, Any]) -> bool:
        """Deliver a record; return whether the service has accepted it."""
        self(record)
        return self.wait()

    def _try(self, request: urllib.request.Request, ends_at: float) -> None:
        for pause_s in (*self._pauses_s, None):
            problem, again = self._post(request)
            if not problem or pause_s is None or not again or time.monotonic() + pause_s > ends_at:
                break
            time.sleep(pause_s)
        self._problem = problem

    def _request(self, data: bytes) -> urllib.request.Request:
        parts = self._parts
        url = parts._replace(netloc=_host(parts), fragment="").geturl()
        headers = {"Content-Type": "application/json", "User-Agent": "hpsearch"}
        if parts.username is not None:
            login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
        return urllib.request.Request(url, data=data, headers=headers)  # noqa: S310 - http or https, see _parse

    def _post(self, request: urllib.request.Request) -> tuple[str, bool]:
        """Return what went wrong, or nothing, and whether another try may succeed."""
        try:
            with self._opener.open(request, timeout=self._timeout_s):
                return "", False
        except HTTPError as error:
            with error:
                return f"it answered {error.code}", error.code >= 500 or error.code == 429
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                return f"no answer within {self._timeout_s:g} s", True
            return getattr(reason, "strerror", None) or type(reason).__name__, True


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """PredictionKind a redirect as the answer: it is not followed."""

    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


def _parse(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises where it is no number
        host = parts.hostname
    except ValueError:
        raise NotifyError(f"notify: {_EXPECTED}, found something else") from None
    if parts.scheme not in {"http", "https"}:
        found = f"the scheme {parts.scheme!r}" if "://" in url else "no scheme"
        raise NotifyError(f"notify: {_EXPECTED}, found {found}")
    if not host or not url.isascii() or any(c.isspace() or not c.isprintable() for c in url):
        raise NotifyError(
            f"notify: {_EXPECTED}, found one without a host, or with blanks or other than ASCII"
        )
    return parts


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2]


def _is_here(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return f".{host.rstrip('.')}".endswith(".localhost")
