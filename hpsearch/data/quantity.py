"""Recognise a target that is a quantity rather than a class."""

import re
from collections.abc import Sequence

from hpsearch.data.examples import Label, quote
from hpsearch.errors import DataError
from hpsearch.number import read_number
from hpsearch.study_file import DataSpec

_FEW, _MANY = 10, 30
"""Up to the first many different numbers are classes; beyond the second even whole ones are quantities."""
_ROWS_A_CLASS = 5

_CODE = re.compile(r"0[0-9]")

LATER = "regression comes with a later version"


def expect_classes(labels: Sequence[Label], *, kind: str, spec: DataSpec, where: str) -> None:
    """Refuse a target that looks like a quantity, unless the study says that it holds classes.

    Args:
        labels: The target of each row.
        kind: The type of the labels, as NumPy spells it; empty for that of ``labels``.
        spec: The data's part of the study.
        where: Path of the file and name of the column, for errors.

    Raises:
        DataError: It looks like a quantity.
    """
    if spec.task is not None or not _are_numbers(labels, kind):
        return
    different = set(labels)
    numbers = [read_number(str(label)) for label in different]
    whole = all(isinstance(n, int) or (isinstance(n, float) and n.is_integer()) for n in numbers)
    many = len(different) > (_MANY if whole else _FEW)
    if many or (len(different) > _FEW and _ROWS_A_CLASS * len(different) > len(labels)):
        shown = quote(*sorted(different, key=float)[:3])
        raise DataError(
            f"{where}: expected classes, found {len(different):,} different numbers in {len(labels):,} rows "
            f'({shown}, ...), which is a quantity: {LATER}; task = "classification" in [data] makes each '
            "number a class"
        )


def _are_numbers(labels: Sequence[Label], kind: str) -> bool:
    if kind:  # numbers with zeros in front are codes
        return kind[1] in "iufO" and not any(_CODE.match(label) for label in labels if isinstance(label, str))
    return all(isinstance(label, int | float) and not isinstance(label, bool) for label in labels)
