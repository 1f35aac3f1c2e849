"""The numbers of nursings: their curves, part by part, and their interventions."""

import hashlib
import json
import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from hpsearch.store import (
    Intervention,
    InterventionKind,
    NursedEpoch,
    NursingRow,
    NursingState,
    Reader,
    Study,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NursingNumbers:
    """The numbers of one nursing.

    Attributes:
        number: Its number.
        trial: The trial that it goes on with; ``None`` for the declared defaults.
        origin: What it goes on with, in words.
        parent: The nursing that it is a branch of, or ``None``.
        state: Where it stands.
        first_epoch: The epoch from which a person steers.
        epoch: The last epoch on the way that led to where it stands; ``first_epoch`` before any.
        epochs: The epoch at which it ends.
        parts: What came of each epoch, part by part: a new one begins after a rewind and after an epoch that
            diverged.
        interventions: Its interventions in order.
        best: The epoch of the best value on that way, or ``None``.
        value: The value after the last epoch on that way, or ``None``.
        fingerprint: Its fingerprint.
    """

    number: int
    trial: int | None
    origin: str
    parent: int | None
    state: NursingState
    first_epoch: int
    epoch: int
    epochs: int
    parts: Sequence[Sequence[NursedEpoch]]
    interventions: Sequence[Intervention]
    best: NursedEpoch | None
    value: float | None
    fingerprint: str


def nursings_of(ledger: Reader, study: Study) -> list[NursingNumbers]:
    """Return the numbers of the nursings of a study, by number."""
    return [_numbers(ledger, study, row) for row in ledger.nursings(study)]


def _numbers(ledger: Reader, study: Study, row: NursingRow) -> NursingNumbers:
    made, done = ledger.interventions(study, row.number), ledger.nursed_epochs(study, row.number)
    here = standing(made, done, first=row.plan.first_epoch)
    way = way_of(done, here=here)
    valued = [point for point in way if point.value is not None]
    parts = sorted({point.part for point in done})
    return NursingNumbers(
        number=row.number,
        trial=row.plan.trial,
        origin=origin_words(row),
        parent=row.parent,
        state=row.state,
        first_epoch=row.plan.first_epoch,
        epoch=here,
        epochs=row.plan.epochs,
        parts=[[point for point in done if point.part == part] for part in parts],
        interventions=made,
        best=max(valued, key=lambda point: study.sign * (point.value or 0.0), default=None),
        value=way[-1].value if way else None,
        fingerprint=nursing_fingerprint(made, done),
    )


def origin_words(row: NursingRow) -> str:
    """Return what a nursing goes on with, in words."""
    if row.parent is not None:
        return f"a branch of nursing {row.parent}"
    return "the declared defaults" if row.plan.trial is None else f"trial {row.plan.trial}"


def intervention_words(one: Intervention) -> str:
    """Return an intervention as a person would type it.

    Example:
        >>> kind = InterventionKind.REWIND
        >>> intervention_words(Intervention(sequence=0, part=0, epoch=9, kind=kind, settings={"to": 5}))
        'rewind 5'
    """
    if one.kind is InterventionKind.SET:
        return " ".join(f"{name}={_shown(value)}" for name, value in one.settings.items())
    return " ".join([str(one.kind), *(str(value) for value in one.settings.values())])


def _shown(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def way_of(history: Sequence[NursedEpoch], *, here: int) -> list[NursedEpoch]:
    """Return what came of each epoch on the way that led to where a nursing stands.

    Args:
        history: What came of each epoch, in the order in which they were trained.
        here: The epoch after which it stands.
    """
    way: list[NursedEpoch] = []
    for point in history:
        while way and way[-1].epoch >= point.epoch:
            way.pop()
        if not point.diverged:
            way.append(point)
    return [point for point in way if point.epoch <= here]


def standing(made: Sequence[Intervention], done: Sequence[NursedEpoch], *, first: int) -> int:
    """Return the epoch after which a nursing stands, by what the ledger knows of it.

    Args:
        made: Its interventions.
        done: Its epochs.
        first: The epoch from which it is steered.
    """
    part = max(
        [0, *(one.part + (one.kind is InterventionKind.REWIND) for one in made), *(one.part for one in done)]
    )
    here = [one.epoch for one in done if one.part == part and not one.diverged]
    here += [one.epoch for one in made if one.part == part and one.kind is not InterventionKind.REWIND]
    here += [int(str(one.settings["to"])) for one in made if one.part + 1 == part and "to" in one.settings]
    return max(here, default=first)


def nursing_fingerprint(interventions: Sequence[Intervention], epochs: Sequence[NursedEpoch]) -> str:
    """Return the line that is equal for two nursings exactly when they are the same training.

    Interventions enter, and of each epoch its loss, its value and its parameters, as bits. Reasons, times and
    the numbers of branches do not.

    Args:
        interventions: The interventions in order.
        epochs: What came of each epoch, in the order in which they were trained.
    """
    whole = hashlib.sha256()
    for one in interventions:
        settings = {} if one.kind is InterventionKind.BRANCH else dict(one.settings)
        fact = [one.part, one.epoch, str(one.kind), settings]
        whole.update(json.dumps(fact, sort_keys=True).encode())
    for point in epochs:
        numbers = [math.nan if value is None else value for value in (point.loss, point.value)]
        whole.update(struct.pack("<2q2d", point.part, point.epoch, *numbers) + point.digest.encode())
    return whole.hexdigest()


def stored_fingerprint(ledger: Reader, study: Study, number: int) -> str:
    """Return the fingerprint of a nursing as the ledger has it.

    Raises:
        NotFoundError: There is no such nursing.
    """
    ledger.nursing(study, number)
    return nursing_fingerprint(ledger.interventions(study, number), ledger.nursed_epochs(study, number))
