"""Serves optuna-dashboard on the loopback interface."""

from collections.abc import Callable
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from optuna.storages import RDBStorage
from optuna_dashboard import wsgi

from hpsearch.errors import ExitCode, HpsearchError
from hpsearch.store import opened

HOST = "127.0.0.1"
BUSY_TIMEOUT_S = 30.0


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Say nothing: a line for every request hides the address."""


class PortError(HpsearchError):
    """The port is taken: choose another with ``--port``."""

    exit_code = ExitCode.USAGE


def serve(url: str, *, port: int, say: Callable[[str], None]) -> None:
    """Serve the dashboard until the process is interrupted.

    Args:
        url: The database; refused when it has no studies of hpsearch's kind.
        port: Where to listen, on the loopback interface alone.
        say: Where the address goes.

    Raises:
        StorageError: The database cannot be used.
        PortError: Something else listens there.
    """
    server = make_dashboard(url, port=port)
    say(f"dashboard: http://{HOST}:{server.server_port}/dashboard/  (Ctrl-C ends it)")
    with server:
        server.serve_forever()


def make_dashboard(url: str, *, port: int) -> WSGIServer:
    """Return the server, listening but not serving yet; port 0 takes any that is free.

    Raises:
        StorageError, PortError: As ``serve``.
    """
    with opened(url) as ledger:
        address = ledger.database.optuna_url
        patience = {"timeout": BUSY_TIMEOUT_S} if ledger.database.path else {}
    storage = RDBStorage(address, engine_kwargs={"connect_args": patience})
    try:
        return make_server(HOST, port, wsgi(storage), handler_class=_QuietHandler)
    except OSError as error:
        raise PortError(f"--port {port}: {error.strerror}; choose another port") from error
