"""Fill missing numbers: by the median of the training rows, with a feature that says where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import quote
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledColumn:
    """A column of numbers some of which are missing.

    Attributes:
        feature: The feature that holds the numbers.
        median: The number in the place of a missing one: the median of the training rows.
        indicator: The feature that is 1 where the number is missing and 0 elsewhere; -1 where no training row
            lacks it, so that nothing can be learned from it.
    """

    feature: int
    median: float
    indicator: int


def fit_fills(X: Float64Array, *, missing: Sequence[int]) -> tuple[FilledColumn, ...]:
    """Return how to fill columns, fitted on training rows.

    The indicators follow the features, in the order of their columns. Where every training row lacks a
    number, its median is 0.

    Args:
        X: Training rows, ``(n, d)``; NaN where a number is missing.
        missing: The features that are missing in some row of the table, ascending.

    Source: D. B. Rubin, "Inference and missing data", 1976 (why what is missing may say something).

    Example:
        >>> X = np.array([[1.0, 5.0], [np.nan, 6.0], [4.0, 7.0]])
        >>> fit_fills(X, missing=[0, 1])
        (FilledColumn(feature=0, median=2.5, indicator=2), FilledColumn(feature=1, median=6.0, indicator=-1))
    """
    filled, indicator = list[FilledColumn](), X.shape[1]
    for feature in missing:
        numbers = X[:, feature]
        known = numbers[~np.isnan(numbers)]
        lacks = len(known) < len(numbers)
        median = float(np.median(known)) if len(known) else 0.0
        filled.append(FilledColumn(feature=feature, median=median, indicator=indicator if lacks else -1))
        indicator += lacks
    return tuple(filled)


def fill_rows(X: Float64Array, filled: Sequence[FilledColumn]) -> Float64Array:
    """Return rows with missing numbers filled and the indicators behind, ``(n, d)`` to ``(n, d + k)``."""
    n_more = sum(column.indicator >= 0 for column in filled)
    rows = np.hstack([X, np.zeros((len(X), n_more))])
    for column in filled:
        gone = np.isnan(rows[:, column.feature])
        rows[gone, column.feature] = column.median
        if column.indicator >= 0:
            rows[gone, column.indicator] = 1.0
    return rows


def missing_notes(X: Float64Array, features: Sequence[str], texts: Mapping[str, int]) -> list[str]:
    """Return what there is to say about missing cells.

    Args:
        X: All rows, ``(n, d)``; NaN where a number is missing.
        features: The names of the columns of ``X``.
        texts: Column of categories -> its missing cells.
    """
    notes, gone = list[str](), np.isnan(X).sum(axis=0)
    if n := int(gone.sum()):
        names = quote(*(features[feature] for feature in np.flatnonzero(gone).tolist()))
        some = "number is" if n == 1 else "numbers are"
        notes.append(
            f"{n:,} missing {some} filled with the median of the training rows; where a training row lacks "
            f"one, a further feature marks such rows: {names}"
        )
    if n := sum(texts.values()):
        some, own = ("cell of categories is", "its") if n == 1 else ("cells of categories are", "their")
        notes.append(f"{n:,} missing {some} a category of {own} own: {quote(*texts)}")
    return notes
