"""The verdict: the answer of a study, from the race that confirms it to the page that shows it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hpsearch.space import Value, frozen_list, is_json_value, json_value


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleScore:
    """The ensemble of a study, judged on the test rows.

    Attributes:
        size: Number of networks: the best trials, and the confirming runs of the winner and its equals.
        test: Metric -> its value on the test rows, of the average of their predictions.
        interval: 95 % interval of the study's metric on new rows; ``None`` while not known.
    """

    size: int
    test: Mapping[str, float]
    interval: tuple[float, float] | None = None

    @property
    def test_accuracy(self) -> float | None:
        """The accuracy on the test rows; ``None`` for a regression."""
        return self.test.get("accuracy")


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineScore:
    """A well-known model at its usual settings, judged on the test rows beside the winner.

    Attributes:
        name: Its name in the study file.
        test: Metric -> mean of its value on the test rows over its seeds; empty where it could not be fitted.
        interval: 95 % interval of the study's metric on new rows and new seeds.
        lead: By how much the winner is better; below 0 it is worse.
        lead_interval: 95 % interval of that, on the same rows.
        problem: Why it could not be fitted, or ``None``.
    """

    name: str
    test: Mapping[str, float] = field(default_factory=dict)
    interval: tuple[float, float] | None = None
    lead: float | None = None
    lead_interval: tuple[float, float] | None = None
    problem: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "name": self.name,
            "test": dict(self.test),
            "interval": _listed(self.interval),
            "lead": self.lead,
            "lead_interval": _listed(self.lead_interval),
            "problem": self.problem,
        }

    @classmethod
    def from_json(cls, note: Mapping[str, Any]) -> "BaselineScore":
        """Return what ``to_json`` wrote.

        Raises:
            TypeError: A field is not known.
            ValueError: A field holds what it cannot.
        """
        fits = {"name": lambda value: isinstance(value, str), **_BASELINE_FITS}
        for key, value in note.items():
            if key in fits and not fits[key](value):
                raise ValueError(f"baseline.{key} {value!r}")
        lists = {key: tuple(value) for key, value in note.items() if isinstance(value, list)}
        return cls(**{**note, **lists})


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer of a study: its confirmed winner, or the best trial so far.

    Attributes:
        number: The trial, or ``None`` for a declared default that no finalist has tried.
        value: Its value in the search, or ``None``; the best of many noisy values is too good.
        params: Its parameters, name -> value.
        mean: Mean of the metric over the fresh seeds, on the validation rows, as measured; ``value`` without
            any.
        estimate: That mean, shrunken towards the means of the others: the highest one wins. ``None`` without
            confirmation, and where ``shrunken``.
        seeds: Fresh seeds that confirmed it; 0 without confirmation.
        interval: 95 % interval of the metric on new seeds and new rows; ``None`` with fewer than two fresh
            seeds, and while its networks have not been looked at.
        tied: The other candidates that are not worse than it by more than seeds and rows explain at 95 %, in
            the order of the race: numbers of trials, and ``"default"`` for a default that no finalist has
            tried. In version 1 of a study only seeds count.
        default: Whether it is the declared default: no trial of the search was better.
        better: Whether it is better than the declared default, on the same rows and at 95 %; ``None`` where
            it is the default, where none raced, and in version 1 of a study.
        gain: By how much its score is to be expected above the default's, more is better; ``None`` as
            ``better``.
        default_mean: Mean of the declared default over its fresh seeds, as measured; ``None`` where it did
            not race.
        shrunken: Whether ``mean`` and ``default_mean`` are shrunken: an earlier version stored no others.
        test: Metric -> mean of its value on the test rows over its networks, one a fresh seed; empty while
            not known.
        test_interval: 95 % interval of the study's metric on new rows and new seeds, by the test rows;
            ``None`` while not known.
        confusion: Test rows of each class that were predicted as each class, summed over its networks, rows
            of truth by columns of predictions; empty for a regression, and with more than 30 classes.
        classes: The labels of the classes as texts, in the order of ``confusion``; empty for a regression.
        rows: ``"train"``, ``"validation"`` and ``"test"`` -> number of rows; empty while not known.
        features: Features that a row has for a model; ``None`` while not known.
        constant: The study's metric on the test rows for a constant prediction: the commonest class, the
            shares of the classes, or the mean; ``None`` while not known.
        ensemble: The ensemble; ``None`` while not known, or where it is turned off.
        baseline: The baseline; ``None`` where the study names none.
        refit: Whether the networks were trained again on training and validation rows together.
        by_values: Whether the values of its trials are all that is known: no rows judge it.
        noiseless: Whether fresh seeds gave, to the last bit, the values of the search: the measured best is
            the best, and no interval is needed.
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
    better: bool | None = None
    gain: float | None = None
    test: Mapping[str, float] = field(default_factory=dict)
    test_interval: tuple[float, float] | None = None
    confusion: tuple[tuple[int, ...], ...] = ()
    classes: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    features: int | None = None
    constant: float | None = None
    ensemble: EnsembleScore | None = None
    baseline: BaselineScore | None = None
    refit: bool = False
    by_values: bool = False
    noiseless: bool = False

    @property
    def final(self) -> bool:
        """Whether it is the study's answer, and not the best trial so far."""
        return self.judged or self.by_values

    @property
    def judged(self) -> bool:
        """Whether the test rows have judged it."""
        return bool(self.test)

    @property
    def test_accuracy(self) -> float | None:
        """The accuracy on the test rows; ``None`` while not known, and for a regression."""
        return self.test.get("accuracy")

    @property
    def confirmed(self) -> float | None:
        """The mean over fresh seeds; ``None`` without confirmation."""
        return self.mean if self.seeds else None

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as the ledger stores it."""
        return {
            "number": self.number,
            "value": self.value,
            "params": {name: json_value(value) for name, value in self.params.items()},
            "seeds": self.seeds,
            "mean": self.mean,
            "estimate": self.estimate,
            "shrunken": self.shrunken,
            "interval": _listed(self.interval),
            "better": self.better,
            "gain": self.gain,
            "test": dict(self.test),
            "test_interval": _listed(self.test_interval),
            "confusion": [list(row) for row in self.confusion],
            "classes": list(self.classes),
            "rows": dict(self.rows),
            "constant": self.constant,
            "ensemble": self.ensemble.size if self.ensemble else 0,
            "ensemble_test": dict(self.ensemble.test) if self.ensemble else {},
            "ensemble_interval": _listed(self.ensemble.interval) if self.ensemble else None,
            "default": self.default,
            "default_mean": self.default_mean,
            "tied": list(self.tied),
            "refit": self.refit,
            **({"baseline": self.baseline.to_json()} if self.baseline else {}),
        } | {name: value for name in ("features", "by_values", "noiseless") if (value := getattr(self, name))}

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
        n, named = len(known.get("confusion", ())), len(known.get("classes", ()))
        if n not in {0, named}:
            raise ValueError(f"confusion of {n} classes, where {named} are named")
        for key in ("test", "ensemble_test"):
            accuracy = known.pop(f"{key}_accuracy", None)  # all that earlier versions stored
            known.setdefault(key, {} if accuracy is None else {"accuracy": accuracy})
        size, judged = known.pop("ensemble", 0), known.pop("ensemble_test")
        ends = known.pop("ensemble_interval", None)
        score = EnsembleScore(size=size, test=judged, interval=ends and tuple(ends)) if judged else None
        lists = {key: tuple(value) for key, value in known.items() if isinstance(value, list)}
        lists |= {key: tuple(map(tuple, value)) for key, value in lists.items() if key == "confusion"}
        beside = known.pop("baseline", None)
        baseline = None if beside is None else BaselineScore.from_json(beside)
        if "params" in known:
            known["params"] = {name: frozen_list(value) for name, value in known["params"].items()}
        return cls(**{**known, **lists}, ensemble=score, baseline=baseline)


def _listed(ends: tuple[float, float] | None) -> list[float] | None:
    return None if ends is None else list(ends)


def _is_number(value: Any) -> bool:
    return type(value) in {int, float} and math.isfinite(value)


def _is_measured(value: Any) -> bool:
    return value is None or _is_number(value)


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_scores(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _is_interval(value: Any) -> bool:
    return value is None or (isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)))


def _is_table(value: Any) -> bool:
    """Return whether a value is a square table of counts."""
    return isinstance(value, list) and all(
        isinstance(row, list) and len(row) == len(value) and all(map(_is_count, row)) for row in value
    )


_FITS: Mapping[str, Callable[[Any], bool]] = {
    "number": lambda value: value is None or _is_count(value),
    "value": _is_measured,
    "params": lambda value: isinstance(value, dict) and all(map(is_json_value, value.values())),
    "seeds": _is_count,
    "mean": _is_number,
    "estimate": _is_measured,
    "shrunken": lambda value: isinstance(value, bool),
    "interval": _is_interval,
    "test_interval": _is_interval,
    "ensemble_interval": _is_interval,
    "better": lambda value: value is None or isinstance(value, bool),
    "gain": _is_measured,
    "confusion": _is_table,
    "classes": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    "rows": lambda value: isinstance(value, dict) and all(map(_is_count, value.values())),
    "features": _is_count,
    "test_accuracy": _is_measured,
    "test": _is_scores,
    "constant": _is_measured,
    "ensemble": _is_count,
    "ensemble_test_accuracy": _is_measured,
    "ensemble_test": _is_scores,
    "default": lambda value: isinstance(value, bool),
    "default_mean": _is_measured,
    "tied": lambda value: (
        isinstance(value, list) and all(isinstance(one, str) or _is_count(one) for one in value)
    ),
    "refit": lambda value: isinstance(value, bool),
    "by_values": lambda value: isinstance(value, bool),
    "baseline": lambda value: value is None or isinstance(value, dict),
    "noiseless": lambda value: isinstance(value, bool),
}
"""Key -> whether a value may stand there."""

_BASELINE_FITS: Mapping[str, Callable[[Any], bool]] = {
    "test": _is_scores,
    "interval": _is_interval,
    "lead": _is_measured,
    "lead_interval": _is_interval,
    "problem": lambda value: value is None or isinstance(value, str),
}
