"""The numbers of a report as text for the cells of its tables."""

import math
from datetime import datetime

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.text import show_value
from hpsearch.types import IntArray


def value_text(column: ParameterColumn, value: float) -> str:
    """Return a parameter's value as text; empty where it is not active."""
    if math.isnan(value):
        return ""
    if column.scale is ScaleKind.CHOICE:
        return column.choices[int(value)]
    return show_value(int(value) if column.whole else float(value))


def range_text(column: ParameterColumn, low: float, high: float) -> str:
    """Return a range of a parameter as text; of a choice, its choices."""
    if column.scale is ScaleKind.CHOICE:
        return ", ".join(column.choices)
    return (
        f"{value_text(column, low)} to {value_text(column, high)}" if low < high else value_text(column, low)
    )


def good_text(column: ParameterColumn, numbers: IntArray) -> str:
    """Return the values of a parameter in some trials as text: a range, or how often each choice occurs."""
    values = column.values[numbers]
    values = values[~np.isnan(values)]
    if not len(values):
        return ""
    if column.scale is not ScaleKind.CHOICE:
        return range_text(column, float(values.min()), float(values.max()))
    places, counts = np.unique(values.astype(np.int64), return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return ", ".join(f"{column.choices[places[i]]} {counts[i]}" for i in order)


def number_text(value: float) -> str:
    """Return an accuracy as text; empty where there is none."""
    return "" if math.isnan(value) else rounded(value)


def moment_text(moment: datetime | None) -> str:
    """Return a time as text, to the second."""
    return (
        "not yet"
        if moment is None
        else moment.isoformat(sep=" ", timespec="seconds").replace("+00:00", " UTC")
    )


def fact_text(fact: object) -> str:
    """Return a fact of an environment as text."""
    return "unknown" if fact is None else str(fact)
