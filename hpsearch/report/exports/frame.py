"""The trials of a study as a pandas table."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hpsearch.errors import HpsearchError
from hpsearch.report.text import STATE_WORDS
from hpsearch.space import Space
from hpsearch.store import ExportRow, Ledger, Study

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
    epochs, space = ledger.epochs(study), study.space
    columns = [
        *("number", "state", "stage", "value"),
        *(f"params.{name}" for name in space.names),
        *(f"epoch_{epoch}" for epoch in epochs),
        *("attempts", "started", "ended", "seconds", "reason"),
    ]
    rows = (_cells(row, space, epochs) for row in ledger.rows(study))
    frame = pd.DataFrame.from_records(list(map(tuple, rows)), columns=columns, index="number")
    for name in ("started", "ended"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame


def _cells(row: ExportRow, space: Space, epochs: list[int]) -> Iterator[Any]:
    yield from (row.number, STATE_WORDS[row.state], row.stage, row.value)
    yield from (row.params.get(name) for name in space.names)
    yield from (row.curve.get(epoch) for epoch in epochs)
    yield from (row.attempts, row.started, row.ended, row.seconds, row.reason)
