"""Workers as actors of Ray: a cluster of yours, or one on this machine."""

from concurrent.futures import Future
from typing import Any

from hpsearch.cgroups import usable_cores
from hpsearch.engine.base import EngineError, RemoteEngine, library, settle
from hpsearch.engine.subprocess_call import Answer, Call
from hpsearch.study_file import FleetSpec


class Caller:
    """An actor, which makes one call."""

    def ready(self) -> None:
        """Return once the actor is there."""

    def make(self, call: Call) -> Answer:
        """Make the call."""
        return call()


class RayEngine(RemoteEngine):
    """Makes each call in an actor of its own that holds one core.

    An actor whose node is lost is started again elsewhere, and its worker joins the study once more.

    Args:
        fleet: The address of a cluster (``"auto"`` for the one that this machine is part of). Without one
            there is a cluster of this machine, with as many cores as workers. The options go to
            ``ray.init``.

    Raises:
        EngineError: Ray is not installed, the cluster does not answer, or an option is unknown.
    """

    def __init__(self, fleet: FleetSpec) -> None:
        super().__init__()
        self._ray = ray = library("ray", engine="ray")
        self._address = fleet.address
        self._lost = (
            ray.exceptions.RayActorError,
            ray.exceptions.RaySystemError,
            ray.exceptions.GetTimeoutError,
        )
        own = {"num_cpus": fleet.workers, "include_dashboard": False} if fleet.address is None else {}
        usual = {"address": fleet.address or "local", "log_to_driver": False, "logging_level": "ERROR"}
        try:
            ray.init(**(usual | own | dict(fleet.options)))
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise EngineError(f"{self._where}: expected a cluster, found: {error}") from error
        again = {"max_restarts": -1, "max_task_retries": -1, "num_cpus": 1}
        self._caller = ray.remote(**again)(Caller)

    @property
    def _where(self) -> str:
        return f"engine ray at {self._address}" if self._address else "engine ray"

    @property
    def here(self) -> bool:
        """Whether the cluster is this engine's own."""
        return self._address is None

    @property
    def cores(self) -> int:
        """The cores of the cluster."""
        return int(self._ray.cluster_resources().get("CPU", 0)) or usable_cores()

    def _send(self, call: Call, future: Future[Any]) -> Any:
        actor = self._caller.remote()
        ready, answer = actor.ready.remote(), actor.make.remote(call)
        answer.future().add_done_callback(
            lambda done: settle(future, done.result, lost=self._lost, where=self._where)
        )
        return actor, ready, answer

    def _has_begun(self, sent: Any) -> bool:
        _, ready, _ = sent
        there, _ = self._ray.wait([ready], timeout=0)
        return bool(there)

    def _cancel(self, sent: Any) -> None:
        actor, _, _ = sent
        self._ray.kill(actor)

    def _leave(self) -> None:
        self._ray.shutdown()
