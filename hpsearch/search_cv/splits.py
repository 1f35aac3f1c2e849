"""The splits that score candidates: one list for a whole search, and fresh ones for its confirmation."""

from collections.abc import Iterable
from copy import copy
from inspect import signature
from typing import Any

from hpsearch.space.checks import show
from hpsearch.types import IntArray


class Splits:
    """A splitter that splits once: each batch of a search is scored on the same rows.

    A splitter that shuffles without a fixed seed would give each batch other rows, and candidates of
    different batches could not be compared.

    Args:
        splitter: The splitter of scikit-learn.
    """

    def __init__(self, splitter: Any) -> None:
        self._splitter = splitter
        self._splits: list[tuple[IntArray, IntArray]] | None = None

    def split(self, X: Any, y: Any = None, **params: Any) -> Iterable[tuple[IntArray, IntArray]]:
        """Return the rows to train on and those to score on, of each split."""
        if self._splits is None:
            self._splits = list(self._splitter.split(X, y, **params))
        return self._splits


def expect_shuffles(splitter: Any) -> None:
    """Refuse a splitter that cannot shuffle.

    Raises:
        ValueError: Its constructor takes no seed.
    """
    # The attribute alone says nothing: TimeSeriesSplit inherits one that it never reads.
    if "random_state" not in signature(type(splitter)).parameters:
        raise ValueError(
            "confirm: expected a cv that can be shuffled, a number of folds or a splitter with random_state, "
            f"found {show(splitter)}; give confirm=0, or another cv"
        )


def reseeded(splitter: Any, seed: int) -> Any:
    """Return a splitter of the same kind that shuffles with another seed.

    Args:
        splitter: A splitter that can shuffle.
        seed: 0 to ``2**32 - 1``.
    """
    fresh = copy(splitter)
    fresh.random_state = seed
    if hasattr(fresh, "shuffle"):
        fresh.shuffle = True
    return fresh
