"""The stratified split into training, validation and test rows."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import Examples, quote
from hpsearch.errors import DataError
from hpsearch.types import IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Three sets of rows that share none, each ascending.

    Attributes:
        train: Rows to learn from, ``(n_train,)``.
        validation: Rows that choose among trials, ``(n_validation,)``.
        test: Rows that judge the winner, ``(n_test,)``.
    """

    train: IntArray
    validation: IntArray
    test: IntArray


def split_rows(
    examples: Examples, *, train: int | None = None, validation: float | None, test: float, seed: int
) -> Split:
    """Return a stratified split: the test rows first, then the validation rows, the rest for training.

    At each step every class gives its exact share of the rows it has left, rounded down or up; of a target
    that is a number every tenth of its values does. The order of the rows comes from the raw stream of
    PCG64, which NumPy keeps in all versions; it does not keep the
    methods of ``Generator``. A smaller ``train`` takes a subset of the rows of a larger one.

    Args:
        examples: The rows.
        train: At most this many training rows, or ``None`` for all that are left.
        validation: Share of the rows, in 0..1, or number of rows that choose among trials; ``None`` for
            none, where the training rows are divided into folds.
        test: Share of the rows, in 0..1, or number of rows that judge the winner.
        seed: Seed of the order of the rows.

    Raises:
        DataError: A class is left without a row in one of the sets.

    Source: NumPy Enhancement Proposal 19, "Random number generator policy", 2018 (what stays the same).
    """
    n = len(examples.y)
    sizes = {"test": _n_rows(test, n)}
    if validation is not None:
        sizes["validation"] = _n_rows(validation, n)
    rest = n - sum(sizes.values())
    if not (min(sizes.values()) > 0 and rest > 0):
        found = " and ".join(f"{n_rows} for {name}" for name, n_rows in sizes.items())
        raise DataError(
            f"{examples.where}: expected a split of {n} rows that leaves some for each, found {found}"
        )
    sizes["train"] = rest if train is None else min(train, rest)
    strata = examples.strata
    left = np.bincount(strata, minlength=len(examples.classes))
    parts: dict[str, IntArray] = {}
    for name, n_rows in sizes.items():
        parts[name] = allot(n_rows, left)
        left = left - parts[name]
    if examples.classes:
        _expect_every_class(examples, parts)
    rank = _rank_in_class(strata, seed)
    rows, start = {}, np.zeros_like(left)
    for name, counts in parts.items():
        own = (rank >= start[strata]) & (rank < (start + counts)[strata])
        rows[name] = np.flatnonzero(own)
        start = start + counts
    none = np.arange(0)
    return Split(train=rows["train"], validation=rows.get("validation", none), test=rows["test"])


def fold_numbers(y: IntArray, *, folds: int, seed: int) -> IntArray:
    """Return the fold of each row, ``(n,)``, 0 to ``folds - 1``: a stratified division into equal parts.

    The rows are dealt, one class after the other, each class in a random order: two folds differ by at most
    one row, and by at most one row of a class. The order comes from the raw stream of PCG64.

    Args:
        y: The class or the stratum of each row, ``(n,)``, whole numbers from 0.
        folds: Number of folds, 2 or more.
        seed: Seed of the order of the rows.
    """
    dealt = np.lexsort((_rank_in_class(y, seed), y))
    numbers = np.empty_like(y)
    numbers[dealt] = np.arange(len(y)) % folds
    return numbers


def expect_folds(examples: Examples, split: Split, folds: int) -> None:
    """Refuse training rows of which a fold would lack a class.

    Raises:
        DataError: A class has fewer training rows than there are folds.
    """
    if not examples.classes:
        return
    counts = np.bincount(examples.strata[split.train], minlength=len(examples.classes))
    fewest = int(counts.argmin())
    if counts[fewest] < folds:
        found = f"{counts[fewest]} of class {quote(examples.classes[fewest])}"
        raise DataError(
            f"{examples.where}: expected {folds} rows of every class outside the test split, one a fold, "
            f"found {found}; write folds = {counts[fewest]}, join classes, or leave their rows out"
        )


def allot(n_rows: int, counts: IntArray) -> IntArray:
    """Return how many of ``n_rows`` each class gives, by largest remainder.

    A class whose share rounds down to nothing comes before the others, so that small classes are kept where
    that is possible; no class is a whole row or more away from its exact share.

    Args:
        n_rows: Rows wanted, at most ``counts.sum()``.
        counts: Rows of each class, ``(n_classes,)``.

    Source: A. Hamilton's method of apportionment, 1792, with that one preference.
    """
    share, remainder = np.divmod(n_rows * counts, max(counts.sum(), 1))
    kept = (share > 0) | (counts == 0)
    first = np.lexsort((-remainder, kept))  # ties go to the class that sorts first
    share[first[: n_rows - share.sum()]] += 1
    return share


def _n_rows(share: float, n: int) -> int:
    return share if isinstance(share, int) else math.floor(share * n + 0.5)


def _rank_in_class(y: IntArray, seed: int) -> IntArray:
    """Return each row's place in a random order of the rows of its class, ``(n,)``."""
    order = np.argsort(np.random.PCG64(seed).random_raw(len(y)), kind="stable")
    by_class = order[np.argsort(y[order], kind="stable")]
    counts = np.bincount(y)
    starts = np.cumsum(counts) - counts
    rank = np.empty_like(y)
    rank[by_class] = np.arange(len(y)) - starts[y[by_class]]
    return rank


def _expect_every_class(examples: Examples, parts: dict[str, IntArray]) -> None:
    counts = np.bincount(examples.strata, minlength=len(examples.classes))
    starved = np.flatnonzero(np.min([*parts.values()], axis=0) < 1)
    if not len(starved):
        return
    first = starved[0]
    name = next(name for name, given in parts.items() if given[first] < 1)
    label = quote(examples.classes[first])
    others = [f"{quote(examples.classes[k])} ({counts[k]})" for k in starved[1:6]]
    more = f"; so are {', '.join(others)}{', ...' if len(starved) > 6 else ''}" if others else ""
    names = [name for name in ("train", "validation", "test") if name in parts]
    numbers = all(isinstance(name, int | float) for name in examples.classes)
    regression = '; task = "regression" predicts the number instead' if numbers else ""
    raise DataError(
        f"{examples.where}: expected rows of every class in {', '.join(names[:-1])} and {names[-1]}, found "
        f"class {label} with {counts[first]} rows, fewer than a split needs: none for {name}{more}; "
        f"join classes, or leave their rows out{regression}"
    )
