"""Recognise a target that is a quantity rather than a class."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import Label, quote
from hpsearch.errors import DataError
from hpsearch.number import read_number
from hpsearch.study_file import DataSpec
from hpsearch.types import Float64Array

_FEW, _MANY = 10, 30
"""Up to the first many different numbers are classes; beyond the second even whole ones are quantities."""
_ROWS_A_CLASS = 5

_CODE = re.compile(r"0[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """A target that is a number.

    Attributes:
        values: The number of each row, ``(n, 1)``.
        notes: What was decided about it.
    """

    values: Float64Array
    notes: tuple[str, ...] = ()


def find_quantity(labels: Sequence[Label], *, kind: str, spec: DataSpec, where: str) -> Quantity | None:
    """Return a target as numbers where the study says so, or where it looks like a quantity; else ``None``.

    It looks like one when it has many different numbers, or some with few rows each.

    Args:
        labels: The target of each row.
        kind: The type of the labels, as NumPy spells it; empty for that of ``labels``.
        spec: The data's part of the study.
        where: Path of the file and name of the column, for errors.

    Raises:
        DataError: The study says that it is a number, and a row has none, or all rows have the same.
    """
    if spec.task == "classification" or not (spec.task or _are_numbers(labels, kind)):
        return None
    different = set(labels)
    known = {label: read_number(str(label)) for label in different}
    if spec.task is None:
        whole = all(isinstance(n, int) or (isinstance(n, float) and n.is_integer()) for n in known.values())
        many = len(different) > (_MANY if whole else _FEW)
        if not many and (len(different) <= _FEW or _ROWS_A_CLASS * len(different) <= len(labels)):
            return None
    for row, label in enumerate(labels):
        number = known[label]
        if number is None or not math.isfinite(number):
            found = f"expected a number, for a regression, found {quote(label)}"
            raise DataError(f"{where}, row {row}: {found}")
    if len(different) < 2:
        raise DataError(f"{where}: expected at least 2 different numbers, found 1: {quote(labels[0])}")
    values = np.array([known[label] for label in labels], np.float64)[:, None]
    if spec.task == "regression":
        return Quantity(values=values)
    note = (
        f"the target has {len(different):,} different numbers in {len(labels):,} rows: a regression; "
        'task = "classification" makes each number a class'
    )
    return Quantity(values=values, notes=(note,))


def _are_numbers(labels: Sequence[Label], kind: str) -> bool:
    if kind:  # numbers with zeros in front are codes
        return kind[1] in "iufO" and not any(_CODE.match(label) for label in labels if isinstance(label, str))
    return all(isinstance(label, int | float) and not isinstance(label, bool) for label in labels)
