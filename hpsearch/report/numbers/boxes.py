"""The boxes of a search: the ranges that it proposed its trials in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hpsearch.space import Space
from hpsearch.store import Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The range of one parameter in one box.

    Attributes:
        name: The parameter; a choice has no side.
        low: Its lower end, in the parameter's own unit.
        high: Its upper end.
        evidence: Name -> the number that it was decided by, as in ``Box``; empty in a first
            round.
    """

    name: str
    low: float
    high: float
    evidence: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundBox:
    """One box, of a random round or of TPE.

    Attributes:
        stage: The round, or ``"tpe"``.
        first_number: Its first trial.
        reason: One sentence: why the box is what it is.
        sides: One a parameter that is a range, in the order of the study file.
    """

    stage: str
    first_number: int
    reason: str
    sides: tuple[Side, ...]


def boxes_of(space: Space, rounds: Sequence[Round]) -> tuple[RoundBox, ...]:
    """Return the boxes that trials were proposed in, in order."""
    return tuple(
        RoundBox(
            stage=round_.place,
            first_number=round_.first_number,
            reason=round_.reason,
            sides=tuple(
                Side(
                    name=parameter.name,
                    low=parameter.from_unit(low),
                    high=parameter.from_unit(high),
                    evidence=round_.evidence.get(parameter.name, {}),
                )
                for parameter, low, high in zip(space, round_.low, round_.high, strict=True)
                if parameter.kind != "choice"
            ),
        )
        for round_ in rounds
    )
