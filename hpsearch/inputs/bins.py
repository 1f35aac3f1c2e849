"""The piecewise linear encoding of numbers: for each bin, the part of it that lies below the number."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class BinnedColumn:
    """A feature of numbers with its bins, each a feature of its own.

    Attributes:
        feature: The feature that holds the numbers.
        first: The feature of the first bin; the others follow.
        edges: The ends of the bins, at least 2, finite and rising.

    Raises:
        ValueError: The edges are no such numbers.
    """

    feature: int
    first: int
    edges: tuple[float, ...]

    def __post_init__(self) -> None:
        rising = all(low < high for low, high in pairwise(self.edges))
        if len(self.edges) < 2 or not rising or not all(map(math.isfinite, self.edges)):
            raise ValueError(f"bins: expected edges that rise, at least 2, found {list(self.edges)}")

    @property
    def features(self) -> range:
        """The features of its bins."""
        return range(self.first, self.first + len(self.edges) - 1)


def fit_bins(X: Float64Array, *, n_bins: int, features: Sequence[int]) -> tuple[BinnedColumn, ...]:
    """Return the bins of features, fitted on training rows: each holds about as many rows as another.

    The edges are quantiles; equal ones count once, and a feature that is left with one bin has none. The
    features of the bins follow the features of ``X``.

    Args:
        X: Training rows, ``(n, d)``, finite.
        n_bins: Bins of a feature, 2 or more.
        features: The features that hold numbers.

    Source: Y. Gorishniy, I. Rubachev and A. Babenko, "On embeddings for numerical features in tabular deep
    learning", NeurIPS 2022, section 3.2.1 (quantiles).

    Example:
        >>> fit_bins(np.array([[0.0], [1.0], [2.0]]), n_bins=2, features=[0])
        (BinnedColumn(feature=0, first=1, edges=(0.0, 1.0, 2.0)),)
    """
    columns, first = list[BinnedColumn](), X.shape[1]
    for feature in features:
        with np.errstate(over="ignore", invalid="ignore"):
            edges = np.unique(np.quantile(X[:, feature], np.linspace(0, 1, n_bins + 1)))
        # The data set refuses a column whose quantiles overflow.
        if len(edges) > 2 and np.isfinite(edges).all():
            columns.append(BinnedColumn(feature=feature, first=first, edges=tuple(edges.tolist())))
            first += len(edges) - 1
    return tuple(columns)


def fill_bins(rows: Float64Array, columns: Sequence[BinnedColumn]) -> None:
    """Write the features of the bins of rows ``(n, d)``, in place.

    For a bin from ``a`` to ``b`` the feature is ``min(1, max(0, (x - a) / (b - a)))``, in the first and the
    last bin as well: a number beyond all training rows looks like the last of them.

    Source: as above, equation 1, where the first and the last bin go on without an end.

    Example:
        >>> rows = np.array([[1.5, 0.0, 0.0], [9.0, 0.0, 0.0]])
        >>> fill_bins(rows, [BinnedColumn(feature=0, first=1, edges=(0.0, 1.0, 2.0))])
        >>> rows.tolist()
        [[1.5, 1.0, 0.5], [9.0, 1.0, 1.0]]
    """
    for column in columns:
        edges = np.array(column.edges)
        with np.errstate(over="ignore", invalid="ignore"):
            below = (rows[:, column.feature, None] - edges[:-1]) / np.diff(edges)
        rows[:, column.features.start : column.features.stop] = np.clip(below, 0, 1)
