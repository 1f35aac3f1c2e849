"""Recognise a target that is a quantity rather than a class."""

import re
from collections.abc import Sequence

from hpsearch.data.examples import Label, quote
from hpsearch.number import read_number
from hpsearch.study_file import DataSpec

_FEW, _MANY = 10, 30
"""Up to the first many different numbers are classes; beyond the second even whole ones are quantities."""
_ROWS_A_CLASS = 5

_CODE = re.compile(r"0[0-9]")

LATER = "regression comes with a later version"


def quantity_faults(labels: Sequence[Label], *, name: str, kind: str, spec: DataSpec) -> list[str]:
    """Return what is wrong with a target that looks like a quantity; nothing where the study says otherwise.

    Args:
        labels: The target of each row.
        name: Its name.
        kind: The type of the labels, as NumPy spells it; empty for that of ``labels``.
        spec: The data's part of the study.
    """
    if spec.task is not None or not _are_numbers(labels, kind):
        return []
    different = set(labels)
    numbers = [read_number(str(label)) for label in different]
    whole = all(isinstance(n, int) or (isinstance(n, float) and n.is_integer()) for n in numbers)
    many = len(different) > (_MANY if whole else _FEW)
    if not many and (len(different) <= _FEW or _ROWS_A_CLASS * len(different) <= len(labels)):
        return []
    shown = quote(*sorted(different, key=float)[:3])
    found = f"{len(different):,} different numbers in {len(labels):,} rows ({shown}, ...)"
    mend = 'task = "classification" in [data] makes each number a class'
    return [f"column {quote(name)}: expected classes, found {found}, which is a quantity: {LATER}; {mend}"]


def _are_numbers(labels: Sequence[Label], kind: str) -> bool:
    if kind:  # numbers with zeros in front are codes
        return kind[1] in "iufO" and not any(_CODE.match(label) for label in labels if isinstance(label, str))
    return all(isinstance(label, int | float) and not isinstance(label, bool) for label in labels)
