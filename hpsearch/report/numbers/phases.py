"""The phases of a study: how long its search, its confirmation and its judging took, and how busy it was."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hpsearch.store import Activity, Reader, Study, WorkerRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One phase of a study.

    Attributes:
        name: ``"search"``, ``"confirmation"`` or ``"judging"``.
        seconds: From its first claim to its last result; judging, from there to the end of its last worker.
        workers: How many workers took part.
        training: Share of the workers' time in it that was training, 0 to 1; ``None`` of judging, and where
            nothing was measured.
        idle: Share in which they had nothing to begin, as above.
        together: Mean number of trials in a claim; ``None`` of judging.
    """

    name: str
    seconds: float
    workers: int
    training: float | None = None
    idle: float | None = None
    together: float | None = None


def phases_of(ledger: Reader, search: Study) -> tuple[Phase, ...]:
    """Return the phases of a search, in order; those that have not begun are left out.

    The pauses of a study that was interrupted count as well.

    Args:
        ledger: Where it is.
        search: The search.
    """
    companion = ledger.companion(search)
    found, last = [], None
    for name, study in (("search", search), ("confirmation", companion)):
        span = None if study is None else ledger.span(study)
        if study is not None and span is not None:
            found.append(_phase(ledger, study, name, span[1] - span[0]))
            last = span[1]
    workers = [w for w in ledger.workers(companion or search) if w.spent.get(Activity.JUDGING)]
    if last is not None and workers and ledger.verdict(search) is not None:
        seconds = max(worker.beat_at for worker in workers) - last
        found.append(Phase(name="judging", seconds=max(seconds, 0.0), workers=len(workers)))
    return tuple(found)


def _phase(ledger: Reader, study: Study, name: str, seconds: float) -> Phase:
    workers, claims = ledger.workers(study), ledger.durations(study)
    total_s = math.fsum(_spent(workers, *(a for a in Activity if a is not Activity.JUDGING)))
    return Phase(
        name=name,
        seconds=seconds,
        workers=len(workers),
        training=math.fsum(_spent(workers, Activity.TRAINING)) / total_s if total_s else None,
        idle=math.fsum(_spent(workers, Activity.IDLE)) / total_s if total_s else None,
        together=sum(claim.trials for claim in claims) / len(claims) if claims else None,
    )


def _spent(workers: Sequence[WorkerRow], *activities: Activity) -> list[float]:
    return [float(worker.spent.get(activity, 0.0)) for worker in workers for activity in activities]
