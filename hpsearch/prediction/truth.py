"""The target of rows that a file has beside them, as a model names its classes or as numbers."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.number import read_number, read_quantity
from hpsearch.table.rules import TableRules
from hpsearch.types import Float64Array, IntArray

MISSING, UNKNOWN = -1, -2
"""The place of a missing class, and of one that the model does not know."""

_TRUTHS = {"true": True, "false": False}


def true_classes(cells: NDArray[Any], classes: NDArray[Any], rules: TableRules) -> IntArray:
    """Return the place of each cell among the classes, ``(n,)``, or ``MISSING`` or ``UNKNOWN``.

    A cell and a class are equal where they are as values of the type of the classes: the text ``1`` is the
    class 1.0.

    Args:
        cells: The cells of the target, ``(n,)``.
        classes: The labels that the model predicts, ``(n_classes,)``.
        rules: The rules of the model.
    """
    key = _key(classes)
    places: dict[Any, int] = {}
    for place, label in enumerate(_plain(classes)):
        places.setdefault(key(label), place)

    def find(cell: object) -> int:
        found = places.get(key(cell))
        if found is not None:
            return found
        return MISSING if _is_missing(cell, rules) else UNKNOWN

    return np.array([find(cell) for cell in _plain(cells)], dtype=np.int64)


def true_numbers(cells: NDArray[Any], rules: TableRules) -> Float64Array:
    """Return each cell as a number, ``(n,)``; NaN where it is missing, infinite where it is none."""

    def read(cell: object) -> float:
        if _is_missing(cell, rules):
            return math.nan
        if not isinstance(cell, str):
            return float(cell) if isinstance(cell, int | float) else math.inf
        if read_number(cell) is not None and rules.decimal != ",":
            return float(cell)
        found = read_quantity(cell, decimal=rules.decimal or ".")
        return math.inf if found is None else found[0]

    return np.array([read(cell) for cell in _plain(cells)], dtype=np.float64)


def _plain(cells: NDArray[Any]) -> Sequence[Any]:
    """Return cells as Python has them; dates stay dates of NumPy."""
    return list(cells) if cells.dtype.kind == "M" else cells.tolist()


def _is_missing(cell: object, rules: TableRules) -> bool:
    if isinstance(cell, str):
        return not cell.strip() or cell.strip() in rules.missing
    return cell is None or bool(cell != cell)  # noqa: PLR0124 - NaN and NaT


def _key(classes: NDArray[Any]) -> Callable[[Any], Any]:
    """Return the function by which cells and classes are compared; ``None`` is equal to no class."""

    def as_date(cell: Any) -> Any:
        try:
            return str(np.datetime64(cell).astype(classes.dtype))
        except ValueError:
            return None

    def as_truth(cell: Any) -> Any:
        if isinstance(cell, str):
            return _TRUTHS.get(cell.strip().lower())
        return cell if isinstance(cell, bool) else None

    def as_number(cell: Any) -> Any:
        if isinstance(cell, str):
            return read_number(cell.strip())
        return cell if isinstance(cell, int | float) and cell == cell else None  # noqa: PLR0124

    kinds = {"M": as_date, "b": as_truth, "i": as_number, "u": as_number, "f": as_number}
    texts = classes.dtype.kind == "U" or any(isinstance(label, str) for label in classes.tolist())
    if texts:
        return lambda cell: None if cell is None else str(cell).strip()
    return kinds.get(classes.dtype.kind, as_number)
