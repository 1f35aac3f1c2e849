"""Faults of processes: killed, stopped, asked to end, late."""

import signal

import sqlalchemy as sa

from tests.chaos.faults.fault import OUTSIDE, Fault, Scene
from tests.chaos.fleet import hit
from tests.chaos.study import LEASE_S, NAME

EXISTS = (
    sa.select(sa.column("study_id")).select_from(sa.table("studies")).where(sa.column("study_name") == NAME)
)


class Strike(Fault):
    """Signals to processes, for good."""

    def victims(self, scene: Scene) -> list[int]:
        """Return the processes it may hit."""
        raise NotImplementedError

    def inject(self, scene):
        """Kill one of the victims."""
        victims = self.victims(scene)
        return bool(victims) and hit(scene.rng.choice(victims), signal.SIGKILL)


class KillWorker(Strike):
    """SIGKILL of one worker."""

    def victims(self, scene):
        """Any worker."""
        return scene.fleet.workers()


class KillLauncher(Strike):
    """SIGKILL of ``hpsearch start`` alone; its workers are left behind."""

    def victims(self, scene):
        """The launcher."""
        return scene.fleet.launchers()


class KillForkServer(Strike):
    """SIGKILL of the process that workers are forked from."""

    def victims(self, scene):
        """Fork servers with workers."""
        return scene.fleet.fork_servers()


class KillTrial(Strike):
    """SIGKILL of the process that evaluates a trial: it costs an attempt, and the worker goes on."""

    studies = OUTSIDE

    def victims(self, scene):
        """What runs a function or a command."""
        return scene.fleet.trials()


class KillAll(Fault):
    """SIGKILL of every process, so that nobody is left to notice."""

    def inject(self, scene):
        """Kill whatever there is."""
        return sum(hit(pid, signal.SIGKILL) for pid in scene.fleet.processes()) > 0


class StopWorker(Fault):
    """SIGSTOP of one worker until its lease has run out, then SIGCONT."""

    lasts_s = (LEASE_S + 0.3, LEASE_S + 1.5)

    def inject(self, scene):
        """Stop some."""
        scene.kept = [pid for pid in self.victims(scene) if hit(pid, signal.SIGSTOP)]
        return bool(scene.kept)

    def heal(self, scene):
        """Let them go on, where they still live."""
        for pid in scene.kept:
            hit(pid, signal.SIGCONT)
        return True

    def victims(self, scene):
        """One worker, drawn."""
        workers = scene.fleet.workers()
        return [scene.rng.choice(workers)] if workers else []


class PauseWorker(StopWorker):
    """SIGSTOP of one worker for less than half its lease: nobody may take its trials."""

    lasts_s = (0.1, LEASE_S / 2 - 0.1)


class StopAll(StopWorker):
    """SIGSTOP of every process until all leases have run out: a machine put to sleep."""

    def victims(self, scene):
        """Everything, trials in processes of their own as well."""
        return sorted({*scene.fleet.processes(), *scene.fleet.trials()})


class HandBack(Fault):
    """SIGTERM to a command: once to drain, or twice to hand back at once."""

    lasts_s = (0.05, 0.3)

    def inject(self, scene):
        """Ask once."""
        commands = scene.fleet.commands()
        if not commands:
            return False
        victim = scene.rng.choice(commands)
        scene.kept = [victim] if scene.rng.random() < 0.5 else []
        return hit(victim, signal.SIGTERM)

    def heal(self, scene):
        """Ask for the second time, or leave it at once."""
        for pid in scene.kept:
            hit(pid, signal.SIGTERM)
        return True


class TakeAway(Fault):
    """SIGTERM to a worker, then SIGKILL while it trains on or saves: a machine that is taken away."""

    lasts_s = (0.05, 1.0)

    def inject(self, scene):
        """Give notice."""
        workers = scene.fleet.workers()
        scene.kept = [scene.rng.choice(workers)] if workers else []
        return any(hit(pid, signal.SIGTERM) for pid in scene.kept)

    def heal(self, scene):
        """Kill it, unless it has ended in time."""
        for pid in scene.kept:
            if pid in scene.fleet.workers():
                hit(pid, signal.SIGKILL)
        return True


class Join(Fault):
    """One more worker, late."""

    def inject(self, scene):
        """Launch it, if there is a study to join."""
        if not scene.place.rows(EXISTS):
            return False
        scene.fleet.join(NAME)
        return True
