"""The trials of a study as a pandas table."""

from typing import TYPE_CHECKING

from hpsearch.errors import HpsearchError
from hpsearch.report.exports.tables import TrialTable
from hpsearch.store import Ledger, Study

if TYPE_CHECKING:
    import pandas as pd


class FrameError(HpsearchError):
    """pandas is not installed: install it, or use ``hpsearch export``."""


def trials_frame(ledger: Ledger, study: Study) -> "pd.DataFrame":
    """Return one row a trial, its number as the index, with the columns of ``hpsearch export``.

    Args:
        ledger: The database.
        study: The study.

    Raises:
        FrameError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - half a second, and not everybody has it
    except ImportError as error:
        raise FrameError(
            "expected pandas, which tables for notebooks need, found none: "
            "install it with pip install 'hpsearch[frames]'"
        ) from error
    lines = TrialTable(ledger, study).lines()
    columns = [str(name) for name in next(lines)]
    frame = pd.DataFrame.from_records(list(map(tuple, lines)), columns=columns, index="number")
    for name in ("started", "ended"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame
