"""The time of each worker, by activity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hpsearch.store import Activity, WorkerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTime:
    """The time of one worker, by activity.

    Attributes:
        name: Host and process, such as ``"node1:4711"``; no two workers of a study share one.
        wall_s: Seconds from its start to its end, or to its last sign of life.
        spent: ``Activity`` -> seconds, every activity; ``None`` where nothing was measured, as with a
            worker of an older version.
        other_s: What is left of ``wall_s``: bookkeeping between two activities; ``None`` as above.
        at_work: Whether it has not ended.
    """

    name: str
    wall_s: float
    spent: Mapping[Activity, float] | None
    other_s: float | None
    at_work: bool


def times_of(workers: Sequence[WorkerRow], names: Sequence[str]) -> tuple[WorkerTime, ...]:
    """Return the times of workers, in order; ``names`` has one for each."""
    return tuple(_time(worker, name) for worker, name in zip(workers, names, strict=True))


def _time(worker: WorkerRow, name: str) -> WorkerTime:
    spent = {activity: float(worker.spent.get(activity, 0.0)) for activity in Activity}
    wall_s = max(worker.beat_at - worker.started_at, 0.0)
    return WorkerTime(
        name=name,
        wall_s=wall_s,
        spent=spent if worker.spent else None,
        other_s=max(wall_s - sum(spent.values()), 0.0) if worker.spent else None,
        at_work=worker.ended_at is None,
    )
