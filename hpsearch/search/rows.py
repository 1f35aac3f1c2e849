"""What follows from each trial by itself, remembered while a history grows."""

from collections.abc import Callable, Hashable

import numpy as np

from hpsearch.types import BoolArray, Float64Array


class RowMemory:
    """A memory of which rows of a table fulfil a condition that looks at each row by itself.

    Each proposal asks for the same of all earlier trials, of which all except the last few were there the
    time before. The memory never changes an answer: rows are compared bit by bit with those that it knows.
    """

    def __init__(self) -> None:
        self._about: Hashable = None
        self._rows = np.empty((0, 0))
        self._found = np.empty(0, np.bool_)

    def of(
        self, about: Hashable, rows: Float64Array, condition: Callable[[Float64Array], BoolArray]
    ) -> BoolArray:
        """Return ``condition(rows)``, ``(n,)``, computed for the rows that are new.

        Args:
            about: All that the condition depends on except the rows.
            rows: ``(n, d)``.
            condition: Rows ``(m, d)`` -> which of them fulfil it, ``(m,)``, each by itself.
        """
        n_same = self._n_same(rows) if about == self._about else 0
        if n_same < len(rows):
            found = np.concatenate([self._found[:n_same], condition(rows[n_same:])])
            self._about, self._rows, self._found = about, rows, found
        return self._found[: len(rows)]

    def _n_same(self, rows: Float64Array) -> int:
        """Return how many leading rows are those that are known."""
        n = min(len(rows), len(self._rows))
        if rows.shape[1] != self._rows.shape[1]:
            return 0
        # As whole numbers, so that NaN equals itself.
        same = rows[:n].view(np.int64) == self._rows[:n].view(np.int64)
        return n if same.all() else int(np.argmin(same.all(axis=1)))
