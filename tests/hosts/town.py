"""Four hosts and the wire between them: a database, two machines of workers, a dashboard."""

import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import sqlalchemy as sa

from tests.chaos.fleet import ROOT, Fleet
from tests.chaos.storage.places import Place, Yard
from tests.hosts.netns import Host, hosts
from tests.hosts.wire import Wire
from tests.machine.postgres import Postgres

DATABASE, ALPHA, BETA, DASHBOARD = "database", "alpha", "beta", "dashboard"
HOUR_S = 3600
CLOCKS = {DATABASE: 0, ALPHA: HOUR_S, BETA: -HOUR_S, DASHBOARD: 0}
"""Host -> how far its clock is ahead."""
HOST_OF = {"start": ALPHA, "worker": BETA}
"""Command -> where it runs."""


class Town:
    """The hosts, the wire and the server, for one run after the other; a context.

    Attributes:
        hosts: Name -> host.
        wire: Between them.
        yard: Where databases are made.
    """

    def __enter__(self) -> Self:
        """Make the hosts and start the server on one of them.

        Raises:
            HostsUnavailableError: There can be no hosts here.
            PostgresUnavailableError: There can be no server here.
        """
        with ExitStack() as stack:
            self.hosts = stack.enter_context(hosts(CLOCKS))
            self.wire = stack.enter_context(Wire(self.hosts.values()))
            here = self.hosts[DATABASE]
            server = Postgres({"listen_addresses": here.address})
            stack.callback(server.close)
            with (server.folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet scram-sha-256\n")
            here.inside(server.start)
            self.yard = stack.enter_context(Yard(server))
            self._ends = stack.pop_all()
        return self

    def __exit__(self, *_error: object) -> None:
        """End everything."""
        self._ends.close()


class TownPlace(Place):
    """A database of the town: the hosts reach it over the wire, the harness through the server's socket."""

    def __init__(self, town: Town) -> None:
        self.wire = town.wire
        self.server = town.yard.server
        self.secret = self.server.password
        name = sa.make_url(town.yard.new_database(empty=False)).database
        self.url = self.server.url(name, host=town.hosts[DATABASE].address)
        self.direct = self.server.url(name, host=str(self.server.folder))
        self.reader = sa.create_engine(self.direct, pool_size=1, pool_pre_ping=True)


@contextmanager
def town_place(town: Town):
    """Give a database with its tables; it is dropped at the end."""
    place = TownPlace(town)
    try:
        yield place
    finally:
        place.reader.dispose()
        place.server.drop_database(place.direct)


@dataclass(slots=True, kw_only=True)
class TownFleet(Fleet):
    """Commands on the hosts that they belong to, each host with a cache of its own.

    Attributes:
        hosts: Name -> host.
    """

    hosts: dict[str, Host] = field(default_factory=dict)

    def machine(self, arguments):
        """Return how a command gets to its host, and what it finds there."""
        host = self.hosts[HOST_OF[arguments[0]]]
        return host.command(), host.environment(ROOT) | {"HPSEARCH_CACHE": str(self.folder / host.name)}

    def furnish(self, cache: Path):
        """Give each host a copy of the prepared data."""
        for name in HOST_OF.values():
            shutil.copytree(cache, self.folder / name)
