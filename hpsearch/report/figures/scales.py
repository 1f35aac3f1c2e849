"""Axis scales: they map numbers to places along an axis, 0 to 1, and choose its ticks."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from hpsearch.report.figures.ticks import (
    linear_labels,
    linear_ticks,
    log_labels,
    log_ticks,
    mirrored_labels,
    mirrored_ticks,
)
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis with a label.

    Attributes:
        at: The place, 0..1.
        label: What is written there.
    """

    at: float
    label: str


class AxisScale(Protocol):
    """What each kind of axis offers: the places of values, and its ticks."""

    def at(self, values: Float64Array) -> Float64Array:
        """Return the places of values, ``(n,)``, kept inside 0..1; NaN stays NaN."""

    def ticks(self, most: int) -> list[Tick]:
        """Return at most about ``most`` ticks."""


def _inside(places: Float64Array) -> Float64Array:
    return np.clip(places, 0.0, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearAxis:
    """An axis on which equal distances are equal differences.

    Attributes:
        low: Lower end.
        high: Upper end, above ``low``.
        whole: Whether ticks stand at whole numbers alone.
    """

    low: float
    high: float
    whole: bool = False

    def __post_init__(self) -> None:
        _expect_range(self.low, self.high)

    def at(self, values: Float64Array) -> Float64Array:
        """Return the places of values, ``(n,)``."""
        return _inside((np.asarray(values, float) - self.low) / (self.high - self.low))

    def ticks(self, most: int) -> list[Tick]:
        """Return round numbers."""
        found = linear_ticks(self.low, self.high, max(2, most), whole=self.whole)
        return _ticks(self, found, linear_labels(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class LogAxis:
    """An axis on which equal distances are equal ratios.

    Attributes:
        low: Lower end, above 0.
        high: Upper end, above ``low``.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _expect_range(self.low, self.high)
        if self.low <= 0:
            raise ValueError(f"low: expected a number above 0 on a log scale, found {self.low}")

    def at(self, values: Float64Array) -> Float64Array:
        """Return the places of values, ``(n,)``; what is not above 0 stands at the lower end."""
        kept = np.maximum(np.asarray(values, float), self.low)
        return _inside(np.log(kept / self.low) / math.log(self.high / self.low))

    def ticks(self, most: int) -> list[Tick]:
        """Return powers of ten, or round multiples of them."""
        found = log_ticks(self.low, self.high, max(2, most))
        return _ticks(self, found, log_labels(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class MirroredAxis:
    """An axis even in the logarithm of the distance from 1: for a momentum, or for an accuracy near 1.

    Attributes:
        low: Lower end.
        high: Upper end, above ``low`` and below 1; what is above it stands there.
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        _expect_range(self.low, self.high)
        if self.high >= 1:
            raise ValueError(f"high: expected a number below 1 on a mirrored scale, found {self.high}")

    def at(self, values: Float64Array) -> Float64Array:
        """Return the places of values, ``(n,)``."""
        distance = np.maximum(1 - np.asarray(values, float), 1 - self.high)
        decades = math.log((1 - self.low) / (1 - self.high))
        return _inside(np.log((1 - self.low) / distance) / decades)

    def ticks(self, most: int) -> list[Tick]:
        """Return numbers whose distance from 1 is round."""
        found = mirrored_ticks(self.low, self.high, max(2, most))
        return _ticks(self, found, mirrored_labels(found))


@dataclass(frozen=True, slots=True)
class CategoryAxis:
    """An axis with an equal share for each of a few names; values are their indices.

    Attributes:
        names: The names, at least one.
    """

    names: tuple[str, ...]

    def at(self, values: Float64Array) -> Float64Array:
        """Return the middles of the shares, ``(n,)``."""
        return _inside((np.asarray(values, float) + 0.5) / len(self.names))

    def ticks(self, most: int) -> list[Tick]:  # noqa: ARG002 - every name is shown
        """Return every name."""
        return [Tick((i + 0.5) / len(self.names), name) for i, name in enumerate(self.names)]


def value_scale(values: Float64Array, *, share: bool) -> LinearAxis | MirroredAxis:
    """Return a scale for results: logarithmic in the error where shares come near 1, else even.

    Half of the errors of a good search lie within a hundredth of each other; an even axis that also shows its
    failures would draw them on top of each other.

    Args:
        values: The results, of any shape.
        share: Whether they are shares, 0 to 1, of which 1 is the best.
    """
    seen = values[np.isfinite(values)]
    if not len(seen):
        return LinearAxis(low=0.0, high=1.0)
    low, high = float(seen.min()), float(seen.max())
    if share and low >= 0 and high <= 1:
        errors = 1 - seen
        least = float(errors[errors > 0].min(initial=1.0))
        worst = float(errors.max())
        if high >= 0.8 and worst >= 4 * least:
            return MirroredAxis(low=1 - 1.12 * worst, high=1 - least / (1.6 if high < 1 else 2))
    pad = 0.06 * (high - low) or max(0.01, abs(high) * 0.01)
    return LinearAxis(low=low - pad, high=high + pad)


def _ticks(scale: AxisScale, values: Sequence[float], labels: Sequence[str]) -> list[Tick]:
    places = scale.at(np.asarray(values, float)).tolist()
    return [Tick(at, label) for at, label in zip(places, labels, strict=True)]


def _expect_range(low: float, high: float) -> None:
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"low, high: expected two finite numbers, the second larger, found {low} and {high}")
