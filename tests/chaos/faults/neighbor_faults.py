"""Faults that come from other programs on the database, and of the processes that Python starts itself."""

import os
import signal
import subprocess
import sys

from tests.chaos.faults.fault import Fault
from tests.chaos.faults.process_faults import EXISTS, Strike
from tests.chaos.fleet import ROOT, hit


class NeighborDeleted(Fault):
    """Studies of another program are made, and deleted through Optuna."""

    how = "delete"

    def inject(self, scene):
        """Start the program, once there are tables; it belongs to the fleet, so the storm hits it as well."""
        if not scene.place.rows(EXISTS):
            return False
        url = getattr(scene.place, "direct", scene.place.url)
        seed = str(scene.rng.getrandbits(32))
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.neighbor", url, self.how, f"{scene.rng.random():.2f}", seed],
            cwd=scene.fleet.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        scene.fleet.sessions.append(process.pid)
        scene.fleet.guests.append(process)
        return True


class ForeignRows(NeighborDeleted):
    """The rows of another study are changed as no program should change them."""

    how = "damage"


class KillTracker(Strike):
    """SIGKILL of the process by which Python keeps track of shared memory."""

    def victims(self, scene):
        """The tracker of a launcher."""
        return scene.fleet.trackers()


class KillHelpers(Fault):
    """SIGKILL of the fork server and the tracker together."""

    def inject(self, scene):
        """Kill both; only both count."""
        servers, trackers = scene.fleet.fork_servers(), scene.fleet.trackers()
        if not servers or not trackers:
            return False
        struck = [hit(pid, signal.SIGKILL) for pid in (*servers, *trackers)]
        return all(struck)
