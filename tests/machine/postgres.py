"""A real PostgreSQL for tests: its binaries come from a wheel, its data live in a temporary folder.

Only POSIX systems are served. No system package is needed, and no particular user: started by root, the
server runs as ``nobody``, because PostgreSQL refuses to run as root.
"""

import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from tests.machine.postgres_programs import PATIENCE_S, installation, owner, run

USER = "postgres"
SIGNALS = {"smart": signal.SIGTERM, "fast": signal.SIGINT, "immediate": signal.SIGQUIT}
"""Ways to stop: wait for the clients; end their transactions; crash, and recover at the next start."""

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "shared_buffers": "32MB",
    # A crash of the server is survived without these two, a power cut is not: no test cuts the power.
    "fsync": "off",
    "full_page_writes": "off",
    # A commit that was acknowledged is in the log when the server crashes.
    "synchronous_commit": "on",
    # With these two a new database takes 27 ms, without them 80.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "timezone": "UTC",
}

_PAUSE_S = 0.01
# Below the range that systems give to clients: while the server is down, nobody takes its port, and
# no client that tries again and again connects to itself.
_PORTS = range(20_000, 32_000)

# Ends the server and removes the folder ($1) when its standard input closes: when close() says so, or when
# the tests have died in whatever way.
_GUARD = """
cat > /dev/null
if read -r pid < "$1/data/postmaster.pid"; then
    kill -QUIT "$pid"
    for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" || break; sleep 0.1; done
fi
rm -rf "$1"
"""


class Postgres:
    """One server, on a TCP port of 127.0.0.1 and on a Unix socket in ``folder``.

    It is made stopped: call ``start``. Use it as a context manager to have it started, ended and its folder
    removed.

    Args:
        settings: Settings of the server, over ``SETTINGS``.

    Attributes:
        folder: What is the server's alone: data, socket, log.
        port: Its TCP port, the same after a restart.
        password: The password of ``USER``; without it no other user of the machine gets in.

    Raises:
        PostgresUnavailableError: The wheel is missing or does not run here.
    """

    def __init__(self, settings: Mapping[str, str] | None = None) -> None:
        self.port = _free_port()
        self.password = secrets.token_hex(16)
        self._settings = {**SETTINGS, **(settings or {})}
        self._process: subprocess.Popen | None = None
        self._owner = owner()
        install = installation()
        self.folder = Path(tempfile.mkdtemp(prefix="hps-pg-"))
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "guard", str(self.folder)],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is not for it
        )
        try:
            self._give_away(self.folder)
            self._bin = self._reachable(install) / "bin"
            self._make_cluster()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Start the server."""
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_error: object) -> None:
        """End the server and remove its folder."""
        self.close()

    @property
    def pid(self) -> int:
        """The process id of the postmaster.

        Raises:
            RuntimeError: The server does not run.
        """
        if self._process is None:
            raise RuntimeError("pid: expected a server that runs; call start() first")
        return self._process.pid

    @property
    def runs(self) -> bool:
        """Whether it was started, and not stopped since."""
        return self._process is not None

    @property
    def log(self) -> str:
        """What the server has written so far."""
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def url(self, database: str = "postgres", *, host: str = "127.0.0.1", port: int | None = None) -> str:
        """Return the address of a database, password included.

        Args:
            database: Its name; letters, digits and underscores.
            host: Where to connect; ``str(folder)`` for the Unix socket.
            port: Where to connect, for a proxy in between; ``None`` for the server itself.
        """
        place = f"?host={host}&port={port or self.port}" if host.startswith("/") else None
        server = "" if place else f"{host}:{port or self.port}"
        return f"postgresql+psycopg://{USER}:{self.password}@{server}/{database}{place or ''}"

    def start(self) -> Self:
        """Start the server and wait until it takes connections; return it.

        Raises:
            RuntimeError: It runs already, or did not come up; the message ends with its log.
        """
        if self._process is not None:
            raise RuntimeError(f"start: the server runs already, process {self._process.pid}")
        settings = {**self._settings, "port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._bin / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is not for it: the session ends it
                **self._how,
            )
        deadline = time.monotonic() + PATIENCE_S
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._kill()
                raise RuntimeError(f"start: the server did not come up; its log ends:\n{self.log[-2000:]}")
            time.sleep(_PAUSE_S)
        return self

    def stop(self, mode: str = "fast") -> None:
        """Stop the server, if it runs, and wait until it is gone; ``mode`` is a key of ``SIGNALS``."""
        if self._process is None:
            return
        self._process.send_signal(SIGNALS[mode])
        try:
            self._process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(f"stop: the server still runs {PATIENCE_S} s after {mode!r}") from error
        self._process = None

    def restart(self, mode: str = "fast") -> None:
        """Stop and start on the same port with the same data."""
        self.stop(mode)
        self.start()

    def execute(self, statement: str, database: str = "postgres") -> list[tuple]:
        """Run one statement as the superuser, outside a transaction; return its rows."""
        import psycopg  # noqa: PLC0415 - without it everything but this file's users still runs

        place = {"host": str(self.folder), "port": self.port, "user": USER, "password": self.password}
        with psycopg.connect(dbname=database, autocommit=True, connect_timeout=60, **place) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def new_database(self, template: str = "template1") -> str:
        """Make a database, a copy of another that nobody is connected to; return its address."""
        name = f"hps_{secrets.token_hex(6)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop the database of an address and end the connections to it."""
        name = sa.make_url(url).database
        self.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def close(self) -> None:
        """End the server and remove its folder; nothing happens the second time."""
        if self._process is not None:
            with suppress(RuntimeError):
                self.stop("immediate")
            self._kill()
        if self._guard.stdin is not None and not self._guard.stdin.closed:
            self._guard.stdin.close()
            self._guard.wait()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _how(self) -> dict:
        """How its processes are started: as whom, where, and untouched by the user's own settings."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        who = {}
        if self._owner:
            who = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
        return {"env": environment | {"LC_ALL": "C"}, "cwd": self.folder, **who}

    def _give_away(self, path: Path) -> None:
        if self._owner:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)

    def _reachable(self, install: Path) -> Path:
        """Return an installation that the server's user may run: the wheel's, or a copy of it."""
        try:
            run([install / "bin" / "postgres", "--version"], self._how)
        except PermissionError:
            # A virtual environment in the home of root, as containers have it. The programs find their
            # libraries by their place in it: a folder beside the package.
            packages, copy = install.parent.parent, self.folder / "packages"
            shutil.copytree(install, copy / install.relative_to(packages), symlinks=True)
            for libraries in packages.glob(f"{install.parent.name}*.libs"):
                shutil.copytree(libraries, copy / libraries.name, symlinks=True)
            return copy / install.relative_to(packages)
        return install

    def _make_cluster(self) -> None:
        # Rounds of hashing protect passwords that can be guessed; this one is 128 random bits.
        secret = self.folder / "password"
        secret.write_text(self.password)
        self._give_away(secret)
        how = [
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "-c",
            "scram_iterations=1",
        ]
        run([self._bin / "initdb", "-D", self._data, "-U", USER, *how, "--no-instructions"], self._how)
        secret.unlink()

    def _is_ready(self) -> bool:
        """Tell whether the server's own note says so; it names the process that wrote it."""
        with suppress(OSError, IndexError):
            lines = (self._data / "postmaster.pid").read_text().splitlines()
            return lines[0] == str(self.pid) and lines[7].strip() == "ready"
        return False

    def _kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _free_port() -> int:
    for port in random.sample(_PORTS, 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise RuntimeError(f"expected a free TCP port of {_PORTS}, found none in 100 tries")
