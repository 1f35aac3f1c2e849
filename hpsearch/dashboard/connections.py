"""The connections of the dashboard: how many there may be, and how long each may make the server wait."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from wsgiref.types import WSGIApplication, WSGIEnvironment

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from hpsearch.dashboard.messages import HOLD

_EVERY_S = 1.0
"""Between two looks for connections that are late."""
_NO_LIMIT = 1 << 20
"""waitress itself would stop to take connections at its limit; here the oldest one makes room."""
_NETWORK = 64
"""Bits of an IPv6 address that one household has for itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """The limits of connections.

    Attributes:
        headers_s: Seconds until the headers of a request must be complete; then the connection is closed.
        body_s: Seconds until its body must be complete, counted from the first byte of its headers.
        answer_s: Seconds until the visitor must have read the answer.
        idle_s: Seconds that a connection without a request is kept.
        per_address: Connections of one address; this machine's own, a proxy among them, may take all.
        in_all: Connections of all addresses.
    """

    headers_s: float = 20.0
    body_s: float = 60.0
    answer_s: float = 300.0
    idle_s: float = 60.0
    per_address: int = 32
    in_all: int = 100


class RequestReader(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads requests; one that cannot be read is answered with 400, never with 500."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers of a request."""
        try:
            super().parse_header(header_plus)
        except ValueError as error:  # such as the target http://[, or a length of 5,000 digits
            raise ParsingError("The request cannot be read") from error


class RequestTask(WSGITask):  # type: ignore[misc]  # as above
    """Lets the site hold an answer."""

    def get_environment(self) -> WSGIEnvironment:
        """Return what the site reads of a request."""
        environ: WSGIEnvironment = super().get_environment()
        environ[HOLD] = self.channel.hold
        return environ


class Connection(HTTPChannel):  # type: ignore[misc]  # as above
    """One connection: since when the server waits for it, and until when an answer is held.

    A held answer costs no thread: it lies ready, and nothing is sent.
    """

    task_class = RequestTask
    parser_class = RequestReader

    def __init__(self, server: "Server", sock: socket.socket, addr: Any, *rest: Any, **named: Any) -> None:
        self.since = time.monotonic()
        self.held_until = 0.0
        self.visitor = _visitor(str(addr[0]))
        super().__init__(server, sock, addr, *rest, **named)

    def received(self, data: bytes) -> bool:
        """Take bytes; the first ones of a request begin its time."""
        if self.request is None and not self.requests:
            self.since = time.monotonic()
        return bool(super().received(data))

    def service(self) -> None:
        """Answer a request, in a thread of its own."""
        super().service()
        self.since = time.monotonic()

    def hold(self, seconds: float) -> None:
        """Hold what is sent from now on for so many seconds."""
        self.held_until = time.monotonic() + seconds

    def writable(self) -> bool:
        """Return whether there is something to send now."""
        return bool(super().writable()) and time.monotonic() >= self.held_until

    def send(self, data: bytes, do_close: bool = True) -> int:  # noqa: FBT001, FBT002 - waitress calls it so
        """Send bytes unless they are held; return how many were sent."""
        return int(super().send(data, do_close)) if time.monotonic() >= self.held_until else 0

    @property
    def awaited(self) -> bool:
        """Whether the server waits for the visitor, and not the other way round."""
        return not self.requests or self.total_outbufs_len > 0

    def is_late(self, limits: ConnectionLimits) -> bool:
        """Return whether the server has waited long enough."""
        if not self.awaited:
            return False
        if self.total_outbufs_len > 0:
            patience_s = limits.answer_s
        elif self.request is None:
            patience_s = limits.idle_s
        else:
            patience_s = limits.body_s if self.request.headers_finished else limits.headers_s
        return time.monotonic() - max(self.since, self.held_until) >= patience_s


class Server(TcpWSGIServer):  # type: ignore[misc]  # as above
    """Listens on a socket, and closes connections that are late or too many.

    At a limit the connection that the server has awaited longest makes room for a new one. So connections
    that send nothing, or a byte now and then, keep no visitor out.

    Args:
        application: The site.
        map: The dispatchers of the loop, by file descriptor.
        listening: The socket.
        limits: The limits of connections.
        threads: So many requests are answered at a time.
        options: Further settings of waitress.
    """

    channel_class = Connection

    def __init__(
        self,
        application: WSGIApplication,
        map: dict[int, Any],  # noqa: A002 - waitress calls it so
        listening: socket.socket,
        *,
        limits: ConnectionLimits,
        threads: int,
        **options: Any,
    ) -> None:
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        self._limits = limits
        self._next_look = 0.0
        super().__init__(
            application,
            map,
            True,
            listening,
            dispatcher=dispatcher,
            adj=Adjustments(sockets=[listening], connection_limit=_NO_LIMIT, **options),
            bind_socket=False,
            sockinfo=(listening.family, listening.type, listening.proto, listening.getsockname()),
        )

    def handle_accept(self) -> None:
        """Take a connection, and close one where there are too many."""
        super().handle_accept()
        found: list[Connection] = list(self.active_channels.values())
        if not found:
            return
        newest = found[-1]
        crowd = found if len(found) > self._limits.in_all else []
        if not ipaddress.ip_network(newest.visitor).is_loopback:
            same = [one for one in found if one.visitor == newest.visitor]
            crowd = same if len(same) > self._limits.per_address else crowd
        if crowd:
            idle = [one for one in crowd if one.awaited and one is not newest]
            min(idle, key=attrgetter("since"), default=newest).handle_close()

    def close_late(self) -> None:
        """Close the connections that are late; between two turns of the loop, which must not see them go."""
        if time.monotonic() < self._next_look:
            return
        self._next_look = time.monotonic() + _EVERY_S
        for one in list(self.active_channels.values()):
            if one.is_late(self._limits):
                one.handle_close()


def _visitor(address: str) -> str:
    """Return what is taken for one visitor: an IPv4 address, or a network of IPv6."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = ip.ipv4_mapped if ip.version == 6 else None
    if ip.version == 4 or mapped is not None:
        return str(mapped or ip)
    return str(ip) if ip.is_loopback else str(ipaddress.ip_network((ip, _NETWORK), strict=False))
