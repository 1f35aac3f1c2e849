"""A TCP proxy between workers and PostgreSQL that can spoil the link while it runs."""

import socket
import struct
import threading
import time
from contextlib import suppress
from typing import Self

_ENCRYPTION = {80877103, 80877104}
"""What a client asks for before it starts: TLS, GSSAPI. No type byte, and another start follows."""
_CHUNK = 65536
_DELAY_S = 0.02
_RESET = struct.pack("ii", 1, 0)
_ROUTE = {"calm": _CHUNK, "delay": _CHUNK, "slices": 1}
MODES = tuple(_ROUTE)
"""Calm; each chunk a little late; one byte at a time."""


class Messages:
    """Cuts what a client sends into PostgreSQL's messages, to find the COMMIT among them.

    Source: PostgreSQL documentation, "Message Formats": a type byte, then a length that counts itself; the
    first messages of a connection have no type byte.
    """

    def __init__(self) -> None:
        self._rest = b""
        self._started = False

    def feed(self, data: bytes) -> list[bytes]:
        """Return the messages that are whole now."""
        self._rest += data
        found = []
        while (size := self._size()) and len(self._rest) >= size:
            found.append(self._rest[:size])
            self._rest = self._rest[size:]
            if not self._started:
                self._started = int.from_bytes(found[-1][4:8], "big") not in _ENCRYPTION
        return found

    def _size(self) -> int:
        """Return the size of the next message, 0 while that is not known."""
        skip = 1 if self._started else 0
        head = self._rest[skip : skip + 4]
        return skip + int.from_bytes(head, "big") if len(head) == 4 else 0


def is_commit(message: bytes) -> bool:
    """Tell whether a message asks to commit: a query, or the parsing of one."""
    text = message[5:].lstrip(b"\0").upper()
    return message[:1] in {b"Q", b"P"} and text.startswith(b"COMMIT")


class Link:
    """One client's connection, with a thread for each direction."""

    def __init__(self, proxy: "Proxy", client: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = socket.create_connection(proxy.upstream, timeout=5)
        self._server.settimeout(None)
        for end in (self._client, self._server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._deaf = False
        self._client_ends_by = socket.SHUT_RDWR
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._up, self._down)]

    def start(self) -> None:
        """Pass on what comes, in both directions."""
        for thread in self._threads:
            thread.start()

    def cut(self, *, reset: bool = False) -> None:
        """End both sides; with ``reset`` the client gets a reset in place of an end."""
        if reset:
            self._client_ends_by = socket.SHUT_RD  # an end, once sent, would come before the reset
            with suppress(OSError):
                self._client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        for end, how in ((self._client, self._client_ends_by), (self._server, socket.SHUT_RDWR)):
            with suppress(OSError):
                end.shutdown(how)

    def join(self) -> None:
        """Wait for both threads, which close the sockets."""
        for thread in self._threads:
            thread.join(5)

    def _up(self) -> None:
        messages = Messages()
        with suppress(OSError):
            while data := self._client.recv(_CHUNK):
                for message in messages.feed(data):
                    if is_commit(message) and self._proxy.take_commit():
                        self._deaf = True
                        self._server.sendall(message)
                        self._client.shutdown(socket.SHUT_RDWR)
                        return  # the server goes on alone: its answer ends the other direction
                    self._proxy.pass_on(message, self._server)
        if not self._deaf:
            self.cut()

    def _down(self) -> None:
        with suppress(OSError):
            while (data := self._server.recv(_CHUNK)) and not self._deaf:
                self._proxy.pass_on(data, self._client)
        self.cut()
        self._threads[0].join(5)
        self._client.close()
        self._server.close()
        self._proxy.forget(self)


class Proxy:
    """Listens on a port of its own and passes connections on; use it as a context.

    Args:
        upstream: Host and port of the server.

    Attributes:
        mode: One of ``MODES``, for every connection.
        port: Where it listens.
        cut_commits: Connections cut after a COMMIT was sent, before its reply.
    """

    def __init__(self, upstream: tuple[str, int]) -> None:
        self.upstream = upstream
        self.mode = "calm"
        self.cut_commits = 0
        self._due_commits = 0
        self._open = threading.Event()
        self._open.set()
        self._lock = threading.Lock()
        self._links: list[Link] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.thaw()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener.close()
        for link in self.links():
            link.cut()
            link.join()

    def links(self) -> list[Link]:
        """Return the connections there are."""
        with self._lock:
            return list(self._links)

    def forget(self, link: Link) -> None:
        """Take a connection off the list: it has ended."""
        with self._lock, suppress(ValueError):
            self._links.remove(link)

    def cut_next_commits(self, n: int) -> None:
        """Cut the next ``n`` connections that send COMMIT, after it was sent."""
        with self._lock:
            self._due_commits = n

    def take_commit(self) -> bool:
        """Tell whether this COMMIT is one to cut after."""
        with self._lock:
            due = self._due_commits > 0
            self._due_commits -= due
            self.cut_commits += due
            return due

    def freeze(self) -> None:
        """Let nothing pass, in either direction, until ``thaw``; no connection ends."""
        self._open.clear()

    def thaw(self) -> None:
        """Let everything that waits pass."""
        self._open.set()

    def pass_on(self, data: bytes, end: socket.socket) -> None:
        """Send bytes on, as the mode has it."""
        step = _ROUTE[self.mode]
        for start in range(0, len(data), step):
            if self.mode == "delay":
                time.sleep(_DELAY_S)
            self._open.wait()
            end.sendall(data[start : start + step])

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                link = Link(self, client)
            except OSError:  # the server is down: the client sees its connection end
                client.close()
                continue
            with self._lock:
                self._links.append(link)
            link.start()  # not before it is on the list: it may end at once
