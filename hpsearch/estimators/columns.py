"""The encoding of categories and missing numbers as an estimator takes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hpsearch.types import Float64Array, FloatArray

ONEHOT, ORDINAL, NATIVE = "onehot", "ordinal", "native"
ENCODINGS = (ONEHOT, ORDINAL, NATIVE)
"""Names of the encodings."""


@dataclass(frozen=True)
class ColumnEncoding:
    """Features with one-hot categories and filled numbers to the columns that an estimator takes.

    With ``"onehot"`` rows stay as they are. With ``"ordinal"`` the features of a column of categories become
    one column: the place of the category, and -1 for one that is missing or new. With ``"native"`` that is
    NaN, missing numbers are NaN as well, and the features that say where numbers are missing are left out.

    Attributes:
        kind: A name in ``ENCODINGS``.
        blocks: ``(start, stop)`` of the one-hot features of each column of categories, ascending.
        missing: ``(feature, indicator)`` of each feature of numbers of which some are missing.

    Example:
        >>> encoding = ColumnEncoding("native", blocks=((1, 3),), missing=((0, 3),))
        >>> encoding.apply(np.array([[0.5, 0, 1, 0], [0.0, 1, 0, 1]])).tolist()
        [[0.5, 1.0], [nan, 0.0]]
        >>> encoding.categorical
        (1,)
    """

    kind: str
    blocks: tuple[tuple[int, int], ...] = ()
    missing: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in ENCODINGS:
            raise ValueError(f"encoding: expected one of {', '.join(ENCODINGS)}, found {self.kind!r}")

    def apply(self, X: FloatArray) -> Float64Array:
        """Return rows ``(n, n_features)`` as columns, ``(n, n_columns)``."""
        rows = np.asarray(X, np.float64)
        if self.kind == ONEHOT:
            return rows
        lacking = np.nan if self.kind == NATIVE else -1.0
        numbers = rows.copy()
        if self.kind == NATIVE:
            for feature, indicator in self.missing:
                numbers[rows[:, indicator] > 0, feature] = np.nan
        columns = []
        for start, stop in self._spans(rows.shape[1]):
            if (start, stop) not in self._categories:
                columns.append(numbers[:, start])
                continue
            block = rows[:, start:stop]
            columns.append(np.where(block.any(axis=1), block.argmax(axis=1), lacking))
        return np.column_stack(columns)

    @property
    def categorical(self) -> tuple[int, ...]:
        """The columns of categories, by their places; none with ``"onehot"``."""
        if self.kind == ONEHOT or not self.blocks:
            return ()
        last = self.blocks[-1][1]
        spans = list(self._spans(last))
        return tuple(place for place, span in enumerate(spans) if span in self._categories)

    def counts(self) -> tuple[int, ...]:
        """Return the number of categories of each column of ``categorical``."""
        return tuple(stop - start for start, stop in self.blocks) if self.kind != ONEHOT else ()

    @cached_property
    def _categories(self) -> frozenset[tuple[int, int]]:
        return frozenset(self.blocks)

    def _spans(self, n_features: int) -> Sequence[tuple[int, int]]:
        """Return the features of each column: a block, or a feature outside the blocks."""
        starts = dict(self.blocks)
        left_out = {indicator for _, indicator in self.missing} if self.kind == NATIVE else set()
        spans, feature = list[tuple[int, int]](), 0
        while feature < n_features:
            stop = starts.get(feature, feature + 1)
            if feature not in left_out:
                spans.append((feature, stop))
            feature = stop
        return spans
