"""The time that a fleet waited for slow trials of lower numbers, and the parallelism that would mend it."""

import heapq
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hpsearch.store import Activity, ClaimDuration, Reader, Study, WorkerRow

MATTERS = 0.1
"""A share of waiting up to this is not worth a line."""
GOOD = 0.05
"""A share of waiting that is good enough; the last trials of a study cost as much."""
FEWEST = 10
"""Claims whose durations must be known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """The waiting of a fleet.

    Attributes:
        share: Share of the workers' time in which they had no trial to begin, as measured, 0 to 1.
        parallelism: The study's.
        better: A parallelism that would mend it, by the durations that were measured.
        share_then: The share of waiting that it would leave, as simulated.
    """

    share: float
    parallelism: int
    better: int
    share_then: float

    def __str__(self) -> str:
        return (
            f"workers waited {self.share:.0%} of their time for slow trials of lower numbers "
            f"(parallelism = {self.parallelism}); by the durations measured, a study with "
            f"parallelism = {self.better} would wait {self.share_then:.0%}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the numbers as JSON holds them."""
        return asdict(self)


def read_waiting(ledger: Reader, study: Study) -> Waiting | None:
    """Return the waiting of a study's fleet; ``None`` where it does not matter, or is not known."""
    if study.recorded is not None:
        return None
    return waiting_of(ledger.workers(study), ledger.durations(study), parallelism=study.parallelism)


def waiting_of(
    workers: Sequence[WorkerRow], claims: Sequence[ClaimDuration], *, parallelism: int
) -> Waiting | None:
    """Return the waiting of a fleet; ``None`` where it does not matter, or no parallelism would mend it.

    Trials that were claimed together count as one: they begin and end together.

    Args:
        workers: The workers that a study has had.
        claims: What they claimed, in the order of numbers.
        parallelism: The study's.
    """
    spent = [worker.spent for worker in workers if worker.spent]
    total_s = math.fsum(seconds for one in spent for seconds in one.values())
    idle_s = math.fsum(one.get(Activity.IDLE, 0.0) for one in spent)
    if len(claims) < FEWEST or idle_s <= MATTERS * total_s:
        return None
    durations = np.array([claim.seconds for claim in claims])
    together = math.fsum(claim.trials for claim in claims) / len(claims)
    fleet = _most_at_once(workers)

    def share_of(window: int) -> float:
        return 1 - busy_share(durations, workers=fleet, parallelism=max(1, round(window / together)))

    # What a fleet waits for else, such as a study that was paused, no parallelism mends.
    now, least = share_of(parallelism), share_of(math.ceil(len(claims) * together))
    if now <= MATTERS or now - least <= GOOD:
        return None
    better = parallelism
    while share_of(better) > max(GOOD, least + GOOD / 2):
        better *= 2
    share, then = idle_s / total_s, share_of(better)
    if then > share - GOOD:
        return None
    return Waiting(share=share, parallelism=parallelism, better=better, share_then=then)


def busy_share(durations: np.typing.NDArray[np.float64], *, workers: int, parallelism: int) -> float:
    """Return the share of their time that workers train, simulated: they wait for nothing else.

    Args:
        durations: Of each trial in the order of numbers, ``(n,)``, above 0.
        workers: How many there are, 1 or more.
        parallelism: Trial ``n`` begins when all up to ``n - parallelism`` are settled, 1 or more.

    Example:
        >>> busy_share(np.array([3.0, 1.0, 1.0, 1.0]), workers=2, parallelism=2)
        0.75
    """
    clock, prefix, begun, idle = 0.0, 0, 0, workers
    running: list[tuple[float, int]] = []
    settled = np.zeros(len(durations) + 1, np.bool_)
    while begun < len(durations) or running:
        while idle and begun < min(len(durations), prefix + parallelism):
            heapq.heappush(running, (clock + float(durations[begun]), begun))
            begun, idle = begun + 1, idle - 1
        clock, number = heapq.heappop(running)
        settled[number], idle = True, idle + 1
        while settled[prefix]:
            prefix += 1
    return math.fsum(durations) / (workers * clock) if clock else 1.0


def _most_at_once(workers: Sequence[WorkerRow]) -> int:
    """Return how many workers there were at the same time, at most."""
    ends = [(worker.started_at, 1) for worker in workers]
    ends += [(max(worker.started_at, worker.ended_at or worker.beat_at), -1) for worker in workers]
    now = most = 0
    for _, change in sorted(ends):
        now += change
        most = max(most, now)
    return max(1, most)
