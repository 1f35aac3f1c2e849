"""Workers as tasks of Dask: a cluster of yours, or one on this machine."""

from concurrent.futures import CancelledError, Future
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from hpsearch.engine.base import EngineError, RemoteEngine, library, settle
from hpsearch.engine.subprocess_call import Call
from hpsearch.study_file import FleetSpec

CONNECT_S = 10
"""How long a scheduler is waited for, in seconds; a worker that was lost is given up much later, by Dask."""

LOOPBACK = "127.0.0.1:0"
"""Where the pages of health and metrics are: any free port, for this machine alone."""


class DaskEngine(RemoteEngine):
    """Sends each call as a task of its own that holds one thread of a Dask worker.

    A task whose Dask worker is lost is run again by Dask elsewhere: its worker joins the study once more.
    Only when that has failed several times is the call lost.

    Args:
        fleet: The address of the scheduler. Without one there is a cluster inside this process, with as many
            threads as workers, without a port for other programs. The options go to ``distributed.Client``.

    Raises:
        EngineError: Dask is not installed, the scheduler does not answer, or an option is unknown.
    """

    def __init__(self, fleet: FleetSpec) -> None:
        super().__init__()
        distributed = library("distributed", engine="dask")
        self._lost = (
            distributed.scheduler.KilledWorker,
            distributed.comm.CommClosedError,
            CancelledError,
            OSError,
        )
        self._address = fleet.address
        self._cluster = None
        if fleet.address is None:
            self._cluster = distributed.LocalCluster(
                n_workers=1,
                threads_per_worker=fleet.workers,
                processes=False,  # each call has a process of its own
                memory_limit=0,
                dashboard_address=LOOPBACK,
                worker_dashboard_address=LOOPBACK,
                scheduler_kwargs={"dashboard": False},
            )
        try:
            self._client = distributed.Client(
                self._cluster or fleet.address,
                **{"timeout": CONNECT_S, "set_as_default": False, **fleet.options},
            )
        except Exception as error:  # noqa: BLE001 - what speaks another protocol there may let anything happen
            found = str(error).partition("\n")[0]
            raise EngineError(f"{self._where}: expected a scheduler of Dask, found: {found}") from None

    @property
    def _where(self) -> str:
        return f"engine dask at {self._address}" if self._address else "engine dask"

    @property
    def here(self) -> bool:
        """Whether scheduler and workers have addresses of this machine's loopback."""
        return self._cluster is not None or all(
            _is_loopback(address) for address in (self._address, *self._client.nthreads())
        )

    @property
    def cores(self) -> int:
        """The threads of the cluster's workers."""
        threads = sum(self._client.nthreads().values())
        if not threads:
            raise EngineError(
                f"{self._where}: it has no workers yet; start some, or say how many: --workers N"
            )
        return int(threads)

    def _send(self, call: Call, future: Future[Any]) -> Any:
        task = self._client.submit(call, key=f"worker-{uuid4().hex}", pure=False)
        task.add_done_callback(lambda done: settle(future, done.result, lost=self._lost, where=self._where))
        return task

    def _has_begun(self, sent: Any) -> bool:
        return any(sent.key in keys for keys in self._client.processing().values())

    def _cancel(self, sent: Any) -> None:
        sent.cancel()

    def _leave(self) -> None:
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _is_loopback(address: str | None) -> bool:
    host = urlsplit(address or "").hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
