"""Faults of the wire between hosts: cut, one-way, flapping, late, lossy; and of workers on them."""

from tests.chaos.faults.fault import ON_POSTGRESQL, Fault
from tests.chaos.faults.process_faults import KillWorker
from tests.chaos.study import LEASE_S
from tests.hosts.town import ALPHA, BETA, DASHBOARD, DATABASE

OVER_A_LEASE = (LEASE_S + 0.3, LEASE_S + 1.5)
DELAY_S = 0.2


class Wound(Fault):
    """Something is done to routes, and undone later."""

    databases = ON_POSTGRESQL
    lasts_s = OVER_A_LEASE

    def routes(self, scene):
        """Return the routes that it hits."""
        host = scene.rng.choice([ALPHA, BETA])
        return [scene.place.wire.routes[host, DATABASE], scene.place.wire.routes[DATABASE, host]]

    def inject(self, scene):
        """Do it to each of them."""
        scene.kept = self.routes(scene)
        for route in scene.kept:
            self.wound(route, scene)
        return True

    def heal(self, scene):
        """Undo it."""
        for route in scene.kept:
            self.mend(route)
        return True

    def wound(self, route, _scene):
        """Cut a route."""
        route.cuts += 1

    def mend(self, route):
        """Take the cut away; other faults may have cut it, too."""
        route.cuts -= 1


class CutLink(Wound):
    """Nothing passes between one host of workers and the database, for longer than a lease."""


class CutOneWay(Wound):
    """Nothing arrives in one direction; the other one is as before."""

    def routes(self, scene):
        """Return one direction of one link."""
        return [scene.rng.choice(super().routes(scene))]


class CutDatabase(Wound):
    """Nobody reaches the database."""

    def routes(self, scene):
        """Return every route to and from it."""
        return [route for ends, route in scene.place.wire.routes.items() if DATABASE in ends]


class Flap(CutDatabase):
    """The database's link goes away and comes back, several times: for so much of each second."""

    lasts_s = (2.0, 4.0)

    def wound(self, route, scene):
        """Let it flap."""
        route.up_share = scene.rng.uniform(0.2, 0.5)

    def mend(self, route):
        """Let it rest."""
        route.up_share = 1.0


class Late(CutDatabase):
    """Each packet is 200 ms late, in both directions: every statement takes 0.4 s."""

    lasts_s = (2.0, 4.0)

    def wound(self, route, _scene):
        """Slow it down."""
        route.delay_s += DELAY_S

    def mend(self, route):
        """As before."""
        route.delay_s -= DELAY_S


class SnapAtClaim(Wound):
    """The link is cut once the last statement of a claim has reached the database, before its answer."""

    lasts_s = (LEASE_S + 1.5, LEASE_S + 3.0)
    statement = b"INSERT INTO hpsearch_attempts"

    def wound(self, route, _scene):
        """Wait for the statement."""
        route.snaps_at = self.statement

    def heal(self, scene):
        """Mend what has snapped; return whether anything has."""
        snapped = any(route.snapped for route in scene.kept)
        super().heal(scene)
        return snapped

    def mend(self, route):
        """Wait no longer."""
        route.snaps_at, route.snapped = None, False


class SnapAtFinish(SnapAtClaim):
    """The link is cut in the middle of storing results."""

    statement = b"INSERT INTO trial_values"


class SnapAtCommit(SnapAtClaim):
    """The link is cut after a COMMIT has arrived: nobody knows what became of it."""

    statement = b"COMMIT\0"


class CutDashboard(Wound):
    """The dashboard reaches neither the database nor those who look at it."""

    def routes(self, scene):
        """Return every route to and from it."""
        return [route for ends, route in scene.place.wire.routes.items() if DASHBOARD in ends]


FAULTS = {
    "cut link": CutLink,
    "cut one way": CutOneWay,
    "cut database": CutDatabase,
    "flap": Flap,
    "late": Late,
    "cut in a claim": SnapAtClaim,
    "cut in a finish": SnapAtFinish,
    "cut at a commit": SnapAtCommit,
    "cut dashboard": CutDashboard,
    "kill worker": KillWorker,
}
"""Name -> fault."""
