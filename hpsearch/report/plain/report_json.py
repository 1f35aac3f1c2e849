"""A report as one JSON document."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any

import numpy as np

from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.text import STATE_WORDS, status_to_json
from hpsearch.search import TrialState


def report_to_json(report: StudyReport) -> dict[str, Any]:
    """Return every number of a report: NaN is null, times are UTC, states are words."""
    note: dict[str, Any] = _plain(report)
    note["summary"] = report.summary.to_json() | {"status": status_to_json(report.summary.status)}
    note["trials"]["states"] = [STATE_WORDS[TrialState(state)] for state in report.trials.states]
    return {"schema_version": 1, "study": report.summary.study, **note}


def _plain(value: Any) -> Any:
    """Return a record as JSON can hold it."""
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | list | tuple):
        return [_plain(item) for item in (value.tolist() if isinstance(value, np.ndarray) else value)]
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return None if isinstance(value, float) and not math.isfinite(value) else value
