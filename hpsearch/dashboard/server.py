"""Serves the site with waitress, and ends when it is asked to."""

import errno
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from types import FrameType, TracebackType
from typing import Any, Self

from waitress.wasyncore import close_all, loop

from hpsearch.dashboard.connections import ConnectionLimits, Server
from hpsearch.dashboard.host_header import is_loopback
from hpsearch.dashboard.login.token import TokenError, expect_token
from hpsearch.dashboard.optuna_app import optuna_app
from hpsearch.dashboard.site import Report, Rules, Site
from hpsearch.dashboard.storage import close_storage, open_storage
from hpsearch.errors import ExitCode, HpsearchError
from hpsearch.signals import ENDING, notice
from hpsearch.store import Ledger

THREADS = 4
PATIENCE_S = 2.0
"""Patience with a database that is away: a visitor gets an error soon, and the next request tries again."""
PAUSE_S = 1.0
LARGEST_BODY = 1 << 20
LARGEST_HEADERS = 1 << 18
"""As much as a browser sends: the cookies of every program of the host are in it."""
LEAVING_S = 10.0
"""To end what is being answered, and to close the database."""
LOGGERS = ("bottle", "optuna_dashboard", "waitress")


class BindError(HpsearchError):
    """The address cannot be listened on: choose another with ``--host`` and ``--port``."""

    exit_code = ExitCode.USAGE


class Dashboard:
    """A site that listens, but does not serve yet; a context that closes what it opened.

    Args:
        url: The database; refused when it has no studies of hpsearch's kind.
        rules: Who may do what.
        report: Makes the page of a report.
        limits: The limits of connections.

    Raises:
        StorageError: The database cannot be used.
        BindError: The address cannot be listened on.
        TokenError: The address is not this machine's alone and there is no token, or not a good one.
    """

    def __init__(
        self, url: str, *, rules: Rules, report: Report, limits: ConnectionLimits | None = None
    ) -> None:
        rules = _expect_safe(rules)
        with ExitStack() as opened:
            ledger = Ledger(url, patience_s=PATIENCE_S, foreign=True)
            opened.callback(ledger.close)
            listening = opened.enter_context(_listen(rules))
            self.port: int = listening.getsockname()[1]
            self.address = f"http://{_shown(rules.host)}:{self.port}/"
            storage = open_storage(ledger.database, allow_edit=rules.allow_edit)
            opened.callback(close_storage, storage)
            app = optuna_app(storage, ping=ledger.ping)
            site = Site(ledger, app, rules=replace(rules, port=self.port), report=report)
            self._map: dict[int, Any] = {}
            opened.callback(close_all, self._map)
            self._server = Server(
                site,
                self._map,
                listening,
                limits=limits or ConnectionLimits(),
                threads=THREADS,
                ident=None,
                trusted_proxy="::1" if listening.family == socket.AF_INET6 else "127.0.0.1",
                trusted_proxy_headers={"x-forwarded-proto"},
                max_request_body_size=LARGEST_BODY,
                max_request_header_size=LARGEST_HEADERS,
            )
            opened.callback(self._server.task_dispatcher.shutdown)  # its threads pull the trigger: first
            self._ended = False
            self._opened = opened.pop_all()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Close what is open."""
        self._opened.close()

    def run(self) -> None:
        """Serve until ``stop``, or until the handler of a signal raises in this thread."""
        while not self._ended:
            loop(PAUSE_S, map=self._map, count=1)
            self._server.close_late()

    def stop(self) -> None:
        """End ``run``, from another thread; nothing is closed before the context ends."""
        self._ended = True
        self._server.pull_trigger()


def serve(
    url: str, *, rules: Rules, report: Report, say: Callable[[str], None], visit: Callable[[str], object]
) -> ExitCode:
    """Serve the dashboard until SIGINT, SIGTERM or SIGHUP; return the exit code that says which.

    Args:
        url: The database.
        rules: Who may do what.
        report: Makes the page of a report.
        say: Where the address and later troubles go.
        visit: Is given the address once it can be visited.

    Raises:
        StorageError, BindError, TokenError: As ``Dashboard``.
    """
    _log_to(say)
    asked: list[int] = []

    def end(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        raise SystemExit

    with Dashboard(url, rules=rules, report=report) as dashboard:
        mode = "edits allowed" if rules.allow_edit else "read-only"
        with suppress(SystemExit), notice(LEAVING_S):
            for number in ENDING:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    signal.signal(number, end)
            say(f"dashboard: {dashboard.address}  ({mode}; Ctrl-C ends it)")
            visit(dashboard.address)
            dashboard.run()
    return ExitCode(128 + asked[0]) if asked else ExitCode.DONE


class _FirstLineHandler(logging.Handler):
    """Says the first line of what a library logs; the rest is its traceback."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        """Say a line."""
        self._say(f"dashboard: {record.getMessage().partition(chr(10))[0]}")


def _log_to(say: Callable[[str], None]) -> None:
    for name in LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [_FirstLineHandler(say)]
        logger.propagate = False


def _expect_safe(rules: Rules) -> Rules:
    if rules.token is not None:
        return replace(rules, token=expect_token(rules.token))
    if is_loopback(rules.host):
        return rules
    raise TokenError(
        f"--host {rules.host}: others can reach it, so it needs a token; "
        "set HPSEARCH_DASHBOARD_TOKEN, or name a file that holds it with --token-file"
    )


def _listen(rules: Rules) -> socket.socket:
    try:
        kind, _, _, _, address = socket.getaddrinfo(
            rules.host, rules.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError) as error:
        raise BindError(f"--host {rules.host}: there is no such address; for example 127.0.0.1") from error
    try:
        return socket.create_server(address[:2], family=kind)
    except OSError as error:
        mine = error.errno == errno.EADDRNOTAVAIL
        flag, what = (f"--host {rules.host}", "address") if mine else (f"--port {rules.port}", "port")
        raise BindError(f"{flag}: {os.strerror(error.errno or 0)}; choose another {what}") from error


def _shown(host: str) -> str:
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - shown, not bound
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
