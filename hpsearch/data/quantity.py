"""Recognise a target that is a quantity rather than a class."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.data.examples import Label, quote
from hpsearch.number import read_number
from hpsearch.study_file import DataSpec
from hpsearch.types import Float64Array

_FEW, _MANY = 10, 30
"""Up to the first many different numbers are classes; beyond the second even whole ones are quantities."""
_ROWS_A_CLASS = 5
_LEAST_ROWS = 3
"""Rows without which a class is missing in the training, validation or test rows."""

_CODE = re.compile(r"0[0-9]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Quantity:
    """A target that is a number.

    Attributes:
        values: The number of each row, ``(n, 1)``.
        notes: What was decided about it.
        faults: What is wrong with it; then some values are NaN or all are the same.
    """

    values: Float64Array
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def find_quantity(labels: Sequence[Label], *, name: str, kind: str, spec: DataSpec) -> Quantity | None:
    """Return a target as numbers where the study says so, or where it looks like a quantity; else ``None``.

    It looks like one when it has many different numbers, or some with few rows each or with one that has too
    few rows to be a class.

    Args:
        labels: The target of each row.
        name: Its name.
        kind: The type of the labels, as NumPy spells it; empty for that of ``labels``.
        spec: The data's part of the study.
    """
    if spec.task == "classification" or not (spec.task or _are_numbers(labels, kind)):
        return None
    different = Counter(labels)
    known = {label: read_number(str(label)) for label in different}
    if spec.task is None:
        whole = all(isinstance(n, int) or (isinstance(n, float) and n.is_integer()) for n in known.values())
        if len(different) <= _FEW:
            return None
        few_rows = min(different.values()) < _LEAST_ROWS or _ROWS_A_CLASS * len(different) > len(labels)
        if whole and len(different) <= _MANY and not few_rows:
            return None
    values = np.array([np.nan if known[label] is None else known[label] for label in labels], np.float64)
    bad = np.flatnonzero(~np.isfinite(values))
    faults = []
    if len(bad):
        found = f"found {quote(labels[bad[0]])} in {len(bad):,} rows"
        faults.append(f"column {quote(name)}, row {bad[0]}: expected a number, for a regression, {found}")
    elif len(different) < 2:
        faults.append(
            f"column {quote(name)}: expected at least 2 different numbers, found 1: {quote(labels[0])}"
        )
    note = (
        f"the target has {len(different):,} different numbers in {len(labels):,} rows: a regression; "
        'task = "classification" makes each number a class'
    )
    notes = () if spec.task == "regression" else (note,)
    return Quantity(values=values[:, None], notes=notes, faults=tuple(faults))


def _are_numbers(labels: Sequence[Label], kind: str) -> bool:
    if kind:  # numbers with zeros in front are codes
        return kind[1] in "iufO" and not any(_CODE.match(label) for label in labels if isinstance(label, str))
    return all(isinstance(label, int | float) and not isinstance(label, bool) for label in labels)
