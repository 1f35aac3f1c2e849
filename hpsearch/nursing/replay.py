"""Replay of nursings: each is trained again from its interventions alone, and compared."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hpsearch.nursing.origin import CourseMaker
from hpsearch.report.numbers.nursings import nursing_fingerprint
from hpsearch.store import NursedEpoch, Reader, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class NursingReplay:
    """A nursing that was trained again.

    Attributes:
        number: The nursing.
        epochs: Epochs that were trained again.
        fingerprint: The fingerprint of what was computed.
        stored: The fingerprint of what the ledger has.
        first: The first epoch that comes out otherwise, in words; empty where none does.
    """

    number: int
    epochs: int
    fingerprint: str
    stored: str
    first: str = ""


def replay_nursings(
    ledger: Reader, study: Study, *, say: Callable[[str], None] = lambda _line: None
) -> list[NursingReplay]:
    """Train every nursing of a study again, from the study, its trial and its interventions.

    Args:
        ledger: Where the study is.
        study: A search.
        say: Where news go, a line each.

    Raises:
        ContractError: The data here are not the data of the study.
    """
    rows = ledger.nursings(study)
    if not rows:
        return []
    maker, found = CourseMaker.of(ledger, study), []
    for row in rows:
        made, stored = ledger.interventions(study, row.number), ledger.nursed_epochs(study, row.number)
        again: list[NursedEpoch] = []
        course = maker.course(row)
        course.follow(made, on_epoch=again.append)
        while len(again) < len(stored) and not (again and course.diverged):
            again.append(course.advance())
        found.append(
            NursingReplay(
                number=row.number,
                epochs=len(again),
                fingerprint=nursing_fingerprint(made, again),
                stored=nursing_fingerprint(made, stored),
                first=_difference(stored, again),
            )
        )
        say(f"{study.name}: nursing {row.number}: {len(again)} epochs trained again")
    return found


def _difference(stored: Sequence[NursedEpoch], again: Sequence[NursedEpoch]) -> str:
    for one, other in zip(stored, again, strict=False):
        if one != other:
            return f"epoch {one.epoch}: {_told(one)} -> {_told(other)}"
    return "" if len(stored) == len(again) else f"epochs: {len(stored)} -> {len(again)}"


def _told(point: NursedEpoch) -> str:
    return f"loss {point.loss}, value {point.value}, parameters {point.digest[:12] or 'diverged'}"
