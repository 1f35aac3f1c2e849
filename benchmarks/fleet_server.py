"""The PostgreSQL of the fleet's benchmark: a server of its own, and what it says that it has done."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

sys.path.append(str(Path(__file__).parents[1]))  # the server of the tests: its binaries come from a wheel

from tests.machine.postgres import Postgres

SETTINGS = {
    "max_connections": "600",
    "shared_buffers": "256MB",
    # The tests turn these off. Here a commit that is acknowledged survives a power cut, as it should.
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
}
"""A server as installed, but for the connections and a little more memory."""

_TICK_S = 1.0 / os.sysconf("SC_CLK_TCK")
_COUNTERS = """
SELECT xact_commit + xact_rollback, tup_returned, pg_current_wal_insert_lsn() - '0/0',
       (SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}'), pg_database_size('{name}')
FROM pg_stat_database WHERE datname = '{name}'
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a server has done since it was started.

    Attributes:
        cpu_s: Processor time of all its processes.
        transactions: Committed and rolled back, in one database.
        rows: Read by scans and from indexes, in that database.
        wal_bytes: Written to the log.
        connections: To that database, now.
        stored_bytes: On disk, now.
    """

    cpu_s: float
    transactions: int
    rows: int
    wal_bytes: int
    connections: int
    stored_bytes: int

    @classmethod
    def of(cls, server: Postgres, database: str) -> Self:
        """Read the counters of a database; a backend tells of its work at most a second late."""
        found = server.execute(_COUNTERS.format(name=database))[0]
        names = ("transactions", "rows", "wal_bytes", "connections", "stored_bytes")
        numbers = {name: int(number) for name, number in zip(names, found, strict=True)}
        return cls(cpu_s=cpu_s(server.pid), **numbers)


@contextmanager
def started() -> Iterator[tuple[Postgres, dict[str, Any]]]:
    """Give a server and what it is set to."""
    with Postgres(SETTINGS) as server:
        version = server.execute("SHOW server_version")[0][0]
        yield server, {"version": version, **SETTINGS}


def cpu_s(pid: int) -> float:
    """Return the processor time of a process, its children, and those of them that have ended."""
    return sum(map(_own_s, [pid, *_children(pid)])) + _ticks(pid, 15, 16) * _TICK_S


def _own_s(pid: int) -> float:
    return _ticks(pid, 13, 14) * _TICK_S


def _ticks(pid: int, *places: int) -> int:
    """Return the sum of some fields of ``/proc/PID/stat``, counted from 0; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    return sum(int(fields[place - 2]) for place in places)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
