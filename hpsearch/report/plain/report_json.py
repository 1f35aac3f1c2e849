"""A report as one JSON document."""

from dataclasses import replace
from typing import Any

from hpsearch.report.json_documents import status_to_json
from hpsearch.report.json_values import plain_json
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.time import Timeline
from hpsearch.report.text import STATE_WORDS
from hpsearch.search import TrialState


def report_to_json(report: StudyReport) -> dict[str, Any]:
    """Return the numbers of a report: NaN is null, times are UTC, states are words.

    The surface is a model and no number; the times of the trials are in ``hpsearch export``.
    """
    note: dict[str, Any] = plain_json(replace(report, surface=None, timeline=Timeline()))
    del note["surface"], note["timeline"]
    note["summary"] = report.summary.to_json() | {"status": status_to_json(report.summary.status)}
    note["trials"]["states"] = [STATE_WORDS[TrialState(state)] for state in report.trials.states]
    return {"schema_version": 1, "study": report.summary.study, "answer": report.answer, **note}
