"""Signs of life for the trials in hand, from a thread of their own."""

import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from hpsearch.store import Claim, Ledger

BEAT_S = 5.0
"""Between two reports: a lease outlives several that are lost."""


class Heartbeat:
    """Extends the leases of claims and stores their curves while they train.

    Use it as a context around a training. When a report fails for good, the error is raised in the
    training by the next ``curve``.

    Args:
        ledger: Where the claims are.
        worker_id: Who holds them.
        claims: The claims.
        every_s: Seconds between two reports.
    """

    def __init__(
        self, ledger: Ledger, worker_id: int, claims: Sequence[Claim], *, every_s: float = BEAT_S
    ) -> None:
        self._ledger = ledger
        self._worker_id = worker_id
        self._claims = claims
        self._every_s = every_s
        self._curves: list[tuple[float, ...]] = [()] * len(claims)
        self._ended = threading.Event()
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def curve(self, place: int, curve: tuple[float, ...]) -> None:
        """Note the curve so far of the claim at ``place``."""
        if self._error is not None:
            raise self._error
        self._curves[place] = curve

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._ended.wait(self._every_s):
                self._ledger.report(self._worker_id, list(zip(self._claims, self._curves, strict=True)))
        except BaseException as error:  # noqa: BLE001 - raised again in the training
            self._error = error
