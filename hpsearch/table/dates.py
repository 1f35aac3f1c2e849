"""Columns of dates: recognised, and taken apart into numbers."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.types import Float64Array

_LIKE_A_DATE = re.compile(
    r"[0-9]{1,4}[-/. ](?:[0-9]{1,2}|[A-Za-z]{3,9})[-/. ],? ?[0-9]{1,4}(?:[T ,].*)?"
    r"|[A-Za-z]{3,9}\.? [0-9]{1,2},? [0-9]{4}.*"
)
ISO = "ISO8601"
"""The form of dates that begins with the year; a time may follow."""

_DAYS = (
    ISO,
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    *(f"%m{sep}%d{sep}{year}" for year in ("%Y", "%y") for sep in "/-"),
    *(f"%d{sep}%m{sep}{year}" for year in ("%Y", "%y") for sep in "/-."),
    *(f"%d{sep}{month}{sep}{year}" for sep in " -/." for month in ("%b", "%B") for year in ("%Y", "%y")),
    *(f"{month} %d{comma} %Y" for month in ("%b", "%B") for comma in ("", ",")),
)
_TIMES = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
PARTS = ("year", "month", "day", "weekday", "hour")


def as_dates(texts: Sequence[str]) -> NDArray[np.datetime64] | None:
    """Return the dates that texts are, ``(n,)``, or ``None`` where one of them is no date."""
    form = date_form(texts)
    return None if form is None else read_dates(texts, form)


def date_form(texts: Sequence[str]) -> str | None:
    """Return the form of dates that fits all texts, or ``None`` where one of them is no date.

    The month comes before the day where both orders are possible.
    """
    if not texts or not all(map(_LIKE_A_DATE.fullmatch, texts)):
        return None
    times = _TIMES if any(":" in text for text in texts) else ("",)
    forms = (day if day == ISO else f"{day}{time}" for day in _DAYS for time in times)
    return next((form for form in forms if not np.isnat(read_dates(texts, form)).any()), None)


def read_dates(dates: Sequence[Any], form: str) -> NDArray[np.datetime64]:
    """Return dates of a form, or moments of Python and pandas, in UTC, ``(n,)``; NaT where one is neither."""
    import pandas as pd  # noqa: PLC0415 - half a second, and only for what looks like a date

    found = pd.to_datetime(list(dates), format=form, errors="coerce", utc=True)
    return np.asarray(found.tz_localize(None).to_numpy("datetime64[us]"))


def date_parts(dates: NDArray[np.datetime64]) -> list[tuple[str, NDArray[Any]]]:
    """Return the parts of dates, name and numbers ``(n,)`` each; NaN where a date is missing.

    A part that is the same in all rows is left out.

    Example:
        >>> parts = date_parts(np.array(["2024-01-01", "2024-02-03"], "M8[D]"))
        >>> [(name, numbers.tolist()) for name, numbers in parts]
        [('month', [1.0, 2.0]), ('day', [1.0, 3.0]), ('weekday', [0.0, 5.0])]
    """
    known = ~np.isnat(dates)
    return [(name, part) for name, part in every_part(dates).items() if len(np.unique(part[known])) > 1]


def every_part(dates: NDArray[np.datetime64]) -> dict[str, Float64Array]:
    """Return part -> numbers ``(n,)`` of dates; NaN where a date is missing, and Monday is weekday 0."""
    moments = dates.astype("M8[us]")
    days, months = moments.astype("M8[D]"), moments.astype("M8[M]")
    years = months.astype("M8[Y]")
    numbers = (
        years.astype(np.int64) + 1970,
        (months - years).astype(np.int64) + 1,
        (days - months.astype("M8[D]")).astype(np.int64) + 1,
        (days.astype(np.int64) + 3) % 7,
        (moments - days).astype("m8[h]").astype(np.int64),
    )
    gone = np.isnat(moments)
    return {name: np.where(gone, np.nan, part) for name, part in zip(PARTS, numbers, strict=True)}
