"""Faults of the database and of the link to it: locked, restarted, cut, slow."""

import time

import sqlalchemy as sa

from tests.chaos.faults.fault import ON_POSTGRESQL, ON_SQLITE, Fault
from tests.chaos.study import LEASE_S

_TERMINATE = sa.text(
    "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name NOT LIKE 'harness%'"
)


class Hold(Fault):
    """Somebody else holds a lock for a while."""

    lasts_s = (0.1, 2.0)
    statements: tuple[str, ...] = ()

    def inject(self, scene):
        """Take the lock, where it is to be had."""
        held = scene.place.hold(scene.rng.choice(self.statements))
        scene.kept = [] if held is None else [held]
        return held is not None

    def heal(self, scene):
        """Let go."""
        for connection in scene.kept:
            scene.place.let_go(connection)
        return True


class LockFile(Hold):
    """Another process holds SQLite's write lock."""

    databases = ON_SQLITE
    statements = ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE")


class LockStudy(Hold):
    """Another session holds rows, or the whole table, that every claim needs."""

    databases = ON_POSTGRESQL
    statements = (
        "SELECT 1 FROM hpsearch_studies FOR UPDATE",
        "SELECT 1 FROM hpsearch_attempts FOR UPDATE",
        "LOCK TABLE hpsearch_attempts IN EXCLUSIVE MODE",
        "LOCK TABLE hpsearch_studies IN ACCESS EXCLUSIVE MODE",
    )


class RestartFast(Fault):
    """The server ends every session, stops and starts again."""

    databases = ON_POSTGRESQL
    mode = "fast"

    def inject(self, scene):
        """Restart it, with a pause in between."""
        scene.place.server.stop(self.mode)
        time.sleep(scene.rng.uniform(0, 0.5))
        scene.place.server.start()
        return True


class RestartImmediate(RestartFast):
    """The server crashes and recovers."""

    mode = "immediate"


class TerminateBackends(Fault):
    """``pg_terminate_backend`` for every session but the harness's own."""

    databases = ON_POSTGRESQL

    def inject(self, scene):
        """Return whether any was ended."""
        rows = scene.place.rows(_TERMINATE)
        return bool(rows and rows[0][0])


class Cut(Fault):
    """Connections end, all of them or about half."""

    databases = ON_POSTGRESQL
    reset = False

    def inject(self, scene):
        """Cut them."""
        share = scene.rng.choice([0.5, 1.0])
        links = [link for link in scene.place.proxy.links() if scene.rng.random() <= share]
        for link in links:
            link.cut(reset=self.reset)
        return bool(links)


class Reset(Cut):
    """Connections end with a reset."""

    reset = True


class CutCommit(Fault):
    """Connections end after COMMIT was sent, before its reply: nobody knows what became of it."""

    databases = ON_POSTGRESQL
    lasts_s = (0.5, 1.5)

    def inject(self, scene):
        """Wait for the next ones."""
        scene.kept = [scene.place.proxy.cut_commits]
        scene.place.proxy.cut_next_commits(scene.rng.randint(1, 4))
        return True

    def heal(self, scene):
        """Return whether any came."""
        scene.place.proxy.cut_next_commits(0)
        return scene.place.proxy.cut_commits > scene.kept[0]


class Slow(Fault):
    """Each chunk arrives late."""

    databases = ON_POSTGRESQL
    lasts_s = (0.3, 1.5)
    mode = "delay"

    def inject(self, scene):
        """Slow every connection down."""
        if not scene.place.proxy.links():
            return False
        scene.place.proxy.mode = self.mode
        return True

    def heal(self, scene):
        """Back to calm."""
        scene.place.proxy.mode = "calm"
        return True


class Slices(Slow):
    """Bytes arrive one at a time."""

    mode = "slices"


class Freeze(Fault):
    """Nothing passes, nothing ends: a link that hangs, now and then for longer than a lease."""

    databases = ON_POSTGRESQL
    lasts_s = (0.2, LEASE_S + 0.8)

    def inject(self, scene):
        """Hold everything up."""
        if not scene.place.proxy.links():
            return False
        scene.place.proxy.freeze()
        return True

    def heal(self, scene):
        """Let it pass."""
        scene.place.proxy.thaw()
        return True
