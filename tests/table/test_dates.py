"""Columns of dates are recognised, left out, or taken apart."""

import numpy as np
import pandas as pd
import pytest

from hpsearch.table.dates import as_dates
from tests.data.tables.reading import read

DAYS = pd.date_range("2023-12-20 08:30:00", periods=40, freq="25h")
FORMS = [
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%m-%d-%Y", "%d-%m-%Y"),
    *("%m/%d/%y", "%d.%m.%y", "%d-%b-%Y", "%d-%b-%y", "%d/%B/%Y", "%d %b %Y", "%d %B %Y"),
    *("%b %d, %Y", "%B %d, %Y"),
]
TIMES = ["", " %H:%M", " %H:%M:%S", " %I:%M %p"]
OTHERS = [
    "10-50",
    "1-2-3",
    "99 99 99",
    "192.168.1.1",
    "555-12-1234",
    "2024-13-45",
    "May",
    "3.14.15",
    "12:30",
    "1/2",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("time", TIMES)
def test_dates_of_any_form_are_read(form, time):
    """The year, the month and the day in any order, with a time or without; as pandas reads them."""
    texts = DAYS.strftime(form + time).tolist()
    wanted = pd.to_datetime(texts, format=form + time)
    assert as_dates(texts).tolist() == wanted.to_numpy("M8[us]").tolist()


@pytest.mark.parametrize("texts", [DAYS.map(pd.Timestamp.isoformat), (DAYS.tz_localize("UTC")).map(str)])
def test_moments_of_iso_8601_are_read(texts):
    """With a zone, too."""
    assert as_dates(list(texts)).tolist() == DAYS.to_numpy("M8[us]").tolist()


@pytest.mark.parametrize("text", OTHERS)
def test_what_only_looks_like_a_date_is_none(text):
    """A range, a number of a telephone, an address; also among dates."""
    assert as_dates([text]) is None
    assert as_dates(["2024-01-01", text]) is None


def table(dates):
    """Return a file with a column of dates."""
    rows = [f"{k % 7},{date},{'xy'[k % 2]}" for k, date in enumerate(dates)]
    return "\n".join(["a,when,kind", *rows])


def test_dates_are_left_out_and_said_or_taken_apart():
    """Year, month, day, weekday and hour, a missing date missing in each."""
    dates = [*DAYS.strftime("%Y-%m-%d %H:%M")[:-1], "NA"]
    found = read(table(dates))
    assert found.features == ("a",)
    assert found.notes == ("column 'when' is left out: it holds dates; dates = \"parts\" takes dates apart",)
    parts = read(table(dates), dates="parts")
    names = ["year", "month", "day", "weekday", "hour"]
    assert parts.features == ("a", *(f"when.{name}" for name in names))
    wanted = np.transpose(
        [DAYS[:-1].year, DAYS[:-1].month, DAYS[:-1].day, DAYS[:-1].day_of_week, DAYS[:-1].hour]
    )
    assert (parts.X[:-1, 1:] == wanted).all()
    assert np.isnan(parts.X[-1, 1:]).all()
    assert read(table(dates), keep=("when",)).features == parts.features


def test_a_part_that_never_changes_is_no_feature():
    """Days of one month have neither a year nor an hour to learn from."""
    dates = [f"2024-03-{1 + k % 28:02d}" for k in range(40)]
    assert read(table(dates), dates="parts").features == ("a", "when.day", "when.weekday")
