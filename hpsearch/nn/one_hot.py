"""Blocks: the ranges of features that are the one-hot categories of one column."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Any, TypeAlias

from hpsearch.errors import DataError
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.types import FloatArray

Blocks: TypeAlias = tuple[tuple[int, int], ...]
"""``(start, stop)`` of each block of features, in their order; features outside all blocks are numbers."""


def checked_blocks(blocks: object, *, n_features: int) -> Blocks:
    """Return blocks as tuples of whole numbers.

    Args:
        blocks: Pairs ``(start, stop)``, in tuples or lists.
        n_features: Features of a row, 1 or more.

    Raises:
        SettingError: They are something else, empty, overlap, or go on past the last feature.

    Example:
        >>> checked_blocks([[0, 3], [4, 6]], n_features=7)
        ((0, 3), (4, 6))
    """
    expected = (
        f"expected (start, stop) pairs of features, in order and apart, 0 <= start < stop <= {n_features}"
    )
    pairs: Any = blocks if isinstance(blocks, tuple | list) else [blocks]
    if not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        raise SettingError("blocks", f"{expected}, found {blocks!r}")
    feature = partial(whole_number, "blocks", least=0)
    whole = tuple((feature(start), feature(stop)) for start, stop in pairs)
    ends = [0, *(end for pair in whole for end in pair), n_features]
    if ends != sorted(ends) or any(start == stop for start, stop in whole):
        raise SettingError("blocks", f"{expected}, found {whole}")
    return whole


def numbers_between(blocks: Blocks, *, n_features: int) -> Iterator[tuple[int, int]]:
    """Yield ``(start, stop)`` of each run of features that are in no block.

    Example:
        >>> list(numbers_between(((0, 3), (4, 6)), n_features=9))
        [(3, 4), (6, 9)]
    """
    ends = [0, *(end for pair in blocks for end in pair), n_features]
    yield from ((start, stop) for start, stop in list(pairwise(ends))[::2] if start < stop)


def expect_one_hot(name: str, X: FloatArray, blocks: Blocks) -> None:
    """Refuse rows ``(n, d)`` that are not one-hot in the blocks; a block of zeros is an unknown category.

    Raises:
        DataError: In some row a block has a number other than 0 and 1, or several ones.
    """
    for start, stop in blocks:
        block = X[:, start:stop]
        if not (((block == 0) | (block == 1)).all() and (block.sum(axis=1) <= 1).all()):
            raise DataError(
                f"{name}: expected features {start} to {stop - 1}, a block of categories, to be 0 except "
                "for one 1 in each row, found other numbers; check blocks, and scale only features outside "
                "them"
            )
