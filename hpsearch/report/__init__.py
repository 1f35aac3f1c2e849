"""Records to numbers to text."""

from hpsearch.report.explain import Explanation, explain, explanation_text, rounds_text, rounds_to_json
from hpsearch.report.explain_run import RunExplanation, explain_run, run_text
from hpsearch.report.export import FORMATS, ExportError, Table, replacing
from hpsearch.report.fingerprint import fingerprint
from hpsearch.report.numbers import StudyReport, study_report
from hpsearch.report.report_json import report_to_json
from hpsearch.report.report_text import report_markdown, report_text
from hpsearch.report.sections import Section, sections_of
from hpsearch.report.summary import Best, Ensemble, Summary, summarize
from hpsearch.report.text import (
    STATE_WORDS,
    counts_line,
    params_line,
    show_value,
    status_line,
    status_to_json,
    summary_text,
    trial_text,
    trial_to_json,
)

__all__ = [
    "FORMATS",
    "STATE_WORDS",
    "Best",
    "Ensemble",
    "Explanation",
    "ExportError",
    "RunExplanation",
    "Section",
    "StudyReport",
    "Summary",
    "Table",
    "counts_line",
    "explain",
    "explain_run",
    "explanation_text",
    "fingerprint",
    "params_line",
    "replacing",
    "report_markdown",
    "report_text",
    "report_to_json",
    "rounds_text",
    "rounds_to_json",
    "run_text",
    "sections_of",
    "show_value",
    "status_line",
    "status_to_json",
    "study_report",
    "summarize",
    "summary_text",
    "trial_text",
    "trial_to_json",
]
