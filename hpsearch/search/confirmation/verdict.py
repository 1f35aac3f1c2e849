"""The verdict: the answer of a study, from the race that confirms it to the page that shows it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hpsearch.space import Value


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleScore:
    """The ensemble of a study, judged on the test rows.

    Attributes:
        size: Number of networks: the best trials, and the confirming runs of the winner and its equals.
        test_accuracy: Test accuracy of the average of their predictions.
    """

    size: int
    test_accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of a study: its confirmed winner, or the best trial so far.

    Attributes:
        number: The trial, or ``None`` for a declared default that no finalist has tried.
        value: Its validation accuracy in the search, or ``None``; the best of many noisy values is too good.
        params: Its parameters, name -> value.
        mean: Mean validation accuracy over the fresh seeds, as measured; ``value`` without any.
        estimate: That mean, shrunken towards the means of the others: the highest one wins. ``None`` without
            confirmation, and where ``shrunken``.
        seeds: Fresh seeds that confirmed it; 0 without confirmation.
        interval: 95 % interval of its accuracy on new seeds and new rows; ``None`` with fewer than two fresh
            seeds, and while its networks have not been looked at.
        tied: The other candidates that are not worse than it by more than seeds explain at 95 %, in the order
            of the race: numbers of trials, and ``"default"`` for a default that no finalist has tried.
        default: Whether it is the declared default: no trial of the search was better.
        default_mean: Mean validation accuracy of the declared default over its fresh seeds, as measured;
            ``None`` where it did not race.
        shrunken: Whether ``mean`` and ``default_mean`` are shrunken: an earlier version stored no others.
        test_accuracy: Mean test accuracy of its networks, one a fresh seed; ``None`` while not known.
        ensemble: The ensemble; ``None`` while not known, or where it is turned off.
        refit: Whether the networks were trained again on training and validation rows together.
    """

    number: int | None
    value: float | None
    params: Mapping[str, Value]
    mean: float
    estimate: float | None = None
    seeds: int = 0
    interval: tuple[float, float] | None = None
    tied: tuple[int | str, ...] = ()
    default: bool = False
    default_mean: float | None = None
    shrunken: bool = False
    test_accuracy: float | None = None
    ensemble: EnsembleScore | None = None
    refit: bool = False

    @property
    def confirmed(self) -> float | None:
        """The mean over fresh seeds; ``None`` without confirmation."""
        return self.mean if self.seeds else None

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as the ledger stores it."""
        return {
            "number": self.number,
            "value": self.value,
            "params": dict(self.params),
            "seeds": self.seeds,
            "mean": self.mean,
            "estimate": self.estimate,
            "shrunken": self.shrunken,
            "interval": None if self.interval is None else list(self.interval),
            "test_accuracy": self.test_accuracy,
            "ensemble": self.ensemble.size if self.ensemble else 0,
            "ensemble_test_accuracy": self.ensemble.test_accuracy if self.ensemble else None,
            "default": self.default,
            "default_mean": self.default_mean,
            "tied": list(self.tied),
            "refit": self.refit,
        }

    @classmethod
    def from_json(cls, note: Mapping[str, Any]) -> "Verdict":
        """Return the verdict that ``to_json`` wrote, in this version or an earlier one.

        Raises:
            TypeError: A field is missing or not known.
            ValueError: A field holds what it cannot.
        """
        known = {"shrunken": "estimate" not in note and bool(note.get("seeds")), **note}
        for key, value in known.items():
            if key in _FITS and not _FITS[key](value):
                raise ValueError(f"{key} {value!r}")
        size, accuracy = known.pop("ensemble", 0), known.pop("ensemble_test_accuracy", None)
        score = None if accuracy is None else EnsembleScore(size=size, test_accuracy=accuracy)
        lists = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
        return cls(**{**known, **lists}, ensemble=score)


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and math.isfinite(value)


def _is_measured(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "number": lambda value: value is None or _is_count(value),
    "value": _is_measured,
    "params": lambda value: (
        isinstance(value, dict)
        and all(isinstance(one, str | bool) or _is_number(one) for one in value.values())
    ),
    "seeds": _is_count,
    "mean": _is_number,
    "estimate": _is_measured,
    "shrunken": lambda value: isinstance(value, bool),
    "interval": lambda value: (
        value is None or (isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)))
    ),
    "test_accuracy": _is_measured,
    "ensemble": _is_count,
    "ensemble_test_accuracy": _is_measured,
    "default": lambda value: isinstance(value, bool),
    "default_mean": _is_measured,
    "tied": lambda value: (
        isinstance(value, list) and all(isinstance(one, str) or _is_count(one) for one in value)
    ),
    "refit": lambda value: isinstance(value, bool),
}
"""Key -> whether a value may stand there."""
