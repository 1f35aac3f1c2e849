"""The record of how a run of a study ended, for whatever is to be notified."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from hpsearch.errors import HpsearchError, StorageError
from hpsearch.number import rounded
from hpsearch.report.summary import Summary
from hpsearch.report.text import counts_line


class RunEnd(StrEnum):
    """How a run of a study ended."""

    FINISHED = "finished"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


class RunResult:
    """What a run found, filled in before the run ends.

    Attributes:
        summary: The study in numbers, once they are known.
    """

    summary: Summary | None = None


@contextmanager
def announced_end(
    on_end: Callable[[dict[str, Any]], object] | None,
    study: str,
    *,
    look: Callable[[], Summary],
    asked: type[Exception],
) -> Iterator[RunResult]:
    """Call ``on_end`` with the record of a run when the run ends, by its result, an error or a signal.

    Args:
        on_end: Called with what ``ending_to_json`` returns; ``None`` for no call.
        study: The study's name.
        look: Reads the study in numbers; called where the run itself did not come to it.
        asked: The error of a run that was asked to end; ``KeyboardInterrupt`` is another.
    """
    result = RunResult()
    try:
        yield result
    except BaseException as error:
        if on_end is not None:
            end = RunEnd.INTERRUPTED if isinstance(error, asked | KeyboardInterrupt) else RunEnd.FAILED
            if not isinstance(error, StorageError):  # a second attempt to read would wait as long again
                with suppress(HpsearchError):
                    result.summary = look()
            on_end(ending_to_json(end, study=study, summary=result.summary, error=error))
        raise
    if on_end is not None:
        on_end(ending_to_json(RunEnd.FINISHED, study=study, summary=result.summary))


def ending_to_json(
    end: RunEnd, *, study: str, summary: Summary | None = None, error: BaseException | None = None
) -> dict[str, Any]:
    """Return the record of a run that ended: how it ended, and what ``best --json`` prints.

    Args:
        end: How it ended.
        study: The study's name.
        summary: The study in numbers, where it can be read.
        error: What ended it, unless it finished.
    """
    why = None if error is None else str(error) or type(error).__name__
    best = None if summary is None else summary.to_json()
    return {
        "schema_version": 1,
        "event": str(end),
        "study": study,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "error": why,
        "best": best,
        "text": _text(end, study, summary, why),
    }


def _text(end: RunEnd, study: str, summary: Summary | None, why: str | None) -> str:
    """Return one line for people; chat services show what an incoming message has as ``text``."""
    parts = [f"{study}: {end}"]
    if summary is not None:
        parts.append(counts_line(summary.status))
        if summary.best is not None and summary.best.judged:
            value = summary.best.test[summary.metric]
            parts.append(f"test {summary.measure.title} {rounded(value)}")
        elif summary.best is not None and summary.best.value is not None:
            parts.append(f"best so far {rounded(summary.best.value)}")
    if why is not None and end is RunEnd.FAILED:
        parts.append(why.partition("\n")[0])
    return ", ".join(parts)
