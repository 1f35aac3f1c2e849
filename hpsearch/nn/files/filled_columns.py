"""Columns of numbers some of which may be missing, as a model fills them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np

from hpsearch.nn.config import SettingError
from hpsearch.types import Float64Array, Json

_KEY = "filled"


class FilledColumnLike(Protocol):
    """A column of numbers some of which may be missing."""

    @property
    def feature(self) -> int:
        """The feature that holds the numbers."""

    @property
    def median(self) -> float:
        """The number in the place of a missing one."""

    @property
    def indicator(self) -> int:
        """The feature that is 1 where the number is missing, or -1 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRule:
    """The rule by which a model fills the missing numbers of a column.

    Attributes:
        feature: The feature that holds the numbers.
        median: The number in the place of a missing one, finite.
        indicator: The feature that is 1 where the number is missing and 0 elsewhere; -1 for none.
    """

    feature: int
    median: float
    indicator: int = -1


def as_fill_rules(columns: Sequence[FilledColumnLike], n_features: int) -> tuple[FillRule, ...]:
    """Return the rules of columns, checked against the number of features.

    Raises:
        SettingError: A feature is out of range or there twice, or a median is not finite.
    """
    rules = tuple(
        FillRule(feature=int(c.feature), median=float(c.median), indicator=int(c.indicator)) for c in columns
    )
    taken = [rule.feature for rule in rules] + [rule.indicator for rule in rules if rule.indicator != -1]
    if len(set(taken)) < len(taken) or not all(0 <= feature < n_features for feature in taken):
        raise SettingError(_KEY, f"expected different features up to {n_features}, found {taken}")
    if not all(np.isfinite(rule.median) for rule in rules):
        raise SettingError(_KEY, f"expected finite medians, found {[rule.median for rule in rules]}")
    return rules


def fill_rules_to_json(rules: Sequence[FillRule]) -> list[Json]:
    """Return rules as plain JSON."""
    return [asdict(rule) for rule in rules]


def fill_rules_from_json(saved: Any, n_features: int) -> tuple[FillRule, ...]:
    """Return the rules that ``fill_rules_to_json`` wrote.

    Raises:
        KeyError, SettingError, TypeError, ValueError: They are none.
    """
    return as_fill_rules(
        [FillRule(**{k: c[k] for k in ("feature", "median", "indicator")}) for c in saved], n_features
    )


def fill_missing(rows: Float64Array, rules: Sequence[FillRule]) -> None:
    """Fill the missing numbers of rows ``(n, n_features)``, in place, and set their indicators."""
    for rule in rules:
        gone = np.isnan(rows[:, rule.feature])
        rows[gone, rule.feature] = rule.median
        if rule.indicator >= 0:
            rows[:, rule.indicator] = gone
