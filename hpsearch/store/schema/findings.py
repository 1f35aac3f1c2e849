"""What is found wrong with a database, in words."""

from dataclasses import dataclass

MOST = 100
"""So many findings of one rule are told; a file that is broken is broken in many places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is not as it should be.

    Attributes:
        study: The study, or ``None`` for the whole file.
        number: The trial, or ``None`` for the whole study.
        text: What is the matter.
        is_damage: Whether a promise is broken; otherwise the next claim puts it right.
    """

    study: str | None
    number: int | None
    text: str
    is_damage: bool

    def __str__(self) -> str:
        places = ("" if self.study is None else f"study {self.study!r}", _trial(self.number))
        place = ", ".join(place for place in places if place)
        return f"{place}: {self.text}" if place else self.text


def _trial(number: int | None) -> str:
    return "" if number is None else f"trial {number}"
