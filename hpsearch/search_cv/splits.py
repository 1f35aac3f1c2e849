"""The splits that score candidates: one list for a whole search, and fresh ones for its confirmation."""

from collections.abc import Iterable
from copy import copy
from inspect import signature
from numbers import Integral
from typing import Any

from sklearn.model_selection import check_cv

from hpsearch.space.checks import show
from hpsearch.types import IntArray


class Splits:
    """A splitter that splits once: each batch of a search is scored on the same rows.

    A splitter that shuffles without a fixed seed would give each batch other rows, and candidates of
    different batches could not be compared.

    Args:
        cv: ``None``, a number of folds or a splitter, as scikit-learn takes it.
        classifier: Whether folds keep the shares of the classes.

    Attributes:
        splitter: The splitter of scikit-learn, once it has split.
    """

    def __init__(self, cv: Any, *, classifier: bool) -> None:
        self._cv = cv
        self._classifier = classifier
        self._splits: list[tuple[IntArray, IntArray]] | None = None
        self.splitter: Any = None

    def split(self, X: Any, y: Any = None, **params: Any) -> Iterable[tuple[IntArray, IntArray]]:
        """Return the rows to train on and those to score on, of each split."""
        if self._splits is None:
            self.splitter = check_cv(self._cv, y, classifier=self._classifier)
            self._splits = list(self.splitter.split(X, y, **params))
        return self._splits


def is_list(cv: Any) -> bool:
    """Return whether ``cv`` is a list or a generator of splits, which scikit-learn reads once itself."""
    return not (cv is None or isinstance(cv, Integral) or hasattr(cv, "split"))


def expect_shuffles(cv: Any) -> None:
    """Refuse a ``cv`` that cannot shuffle.

    Raises:
        ValueError: It is a list of splits, or a splitter whose constructor takes no seed.
    """
    # The attribute alone says nothing: TimeSeriesSplit inherits one that it never reads.
    seeded = cv is None or isinstance(cv, Integral) or "random_state" in signature(type(cv)).parameters
    if is_list(cv) or not seeded:
        raise ValueError(
            "confirm: expected a cv that can be shuffled, a number of folds or a splitter with random_state, "
            f"found {show(cv)}; give confirm=0, or another cv"
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
