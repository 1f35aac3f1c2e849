"""The rule of label types: what a model predicts compares equal to what the table holds.

A class has a name, which decides its place among the classes, and a label, which a model predicts. The label
has the type of the column: as pandas reads it from text, as Parquet declares it, as an array has it.
"""

import math
import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, quote
from hpsearch.errors import DataError
from hpsearch.number import read_number

TEXT, TRUTH, REAL, ANY_WHOLE = "<U", "|b1", "<f8", "|O"
"""Types of labels: texts, truth values, real numbers, whole numbers of any size."""

_TRUTHS = {"false": False, "true": True}
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


def read_labels(texts: Sequence[str], *, where: str) -> tuple[list[Label], str]:
    """Return the name of each row's class, and the type of the labels, of a column that is text.

    Whole numbers in their plain spelling are names themselves, so that 10 comes after 9; any other class has
    its text for a name. Texts that pandas reads as one number, such as ``1`` and ``1.0``, are two classes
    with one label.

    Args:
        texts: The class of each row.
        where: Path of the file and name of the column, for errors.

    Raises:
        DataError: A class is NaN or infinite among numbers.
    """
    spellings = sorted(set(texts))
    kind = _text_type(spellings)
    for text in spellings if kind == REAL else ():
        if not math.isfinite(float(text)):
            raise DataError(f"{where}: expected a finite number as a class, found {quote(text)}")
    return [int(text) for text in texts] if all(map(_PLAIN.fullmatch, spellings)) else list(texts), kind


def as_labels(classes: Sequence[Label], kind: str) -> NDArray[Any]:
    """Return the labels of classes, ``(n_classes,)``.

    Args:
        classes: Their names.
        kind: Their type, as NumPy spells it; empty for the type of the names.
    """
    if not kind or kind == TEXT:
        return np.array([str(name) for name in classes] if kind else list(classes))
    if kind[1] in "mM":
        return np.array([str(name) for name in classes], kind)
    return np.array([_value(name, kind) for name in classes], kind)


def _text_type(spellings: Sequence[str]) -> str:
    """Return the type that pandas gives to a column of texts."""
    if all(text.lower() in _TRUTHS for text in spellings):
        return TRUTH
    numbers = [read_number(text) for text in spellings]
    if any(number is None for number in numbers):
        return TEXT
    wholes = [number for number in numbers if isinstance(number, int)]
    if len(wholes) < len(numbers):
        return REAL
    low, high = min(wholes), max(wholes)
    unsigned = any(2**63 <= number < 2**64 for number in wholes)
    if unsigned and low < 0 and high < 2**64:
        return TEXT
    if low < -(2**63) or high >= 2**64:
        return ANY_WHOLE
    return "<u8" if unsigned else "<i8"


def _value(name: Label, kind: str) -> Any:
    """Return the label of one name."""
    if kind == TRUTH:
        return _TRUTHS[name.lower()] if isinstance(name, str) else bool(name)
    return float(name) if kind[1] == "f" else int(name)
