"""Records to numbers to text."""

from hpsearch.report.bundle import Bundle, opened_bundle, taken_in, write_bundle
from hpsearch.report.ending import Event, ending_to_json, telling
from hpsearch.report.explain import Explanation, explain, explanation_text, rounds_text, rounds_to_json
from hpsearch.report.explain_run import RunExplanation, explain_run, run_text
from hpsearch.report.export import FORMATS, ExportError, replacing
from hpsearch.report.fingerprint import fingerprint
from hpsearch.report.new_file import write_new
from hpsearch.report.next_steps import NextStep, next_steps_of
from hpsearch.report.numbers import StudyReport, study_report
from hpsearch.report.progress import (
    box_words,
    duration,
    event_line,
    progress_lines,
    progress_to_json,
    rate_words,
    sparkline,
    stage_words,
    without_clock,
    worker_words,
)
from hpsearch.report.report_json import report_to_json
from hpsearch.report.report_text import report_markdown, report_text
from hpsearch.report.sections import Section, sections_of
from hpsearch.report.summary import Best, Ensemble, Summary, summarize
from hpsearch.report.tables import TABLES, Curves, Table, Trials
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
    utc,
)

__all__ = [
    "FORMATS",
    "STATE_WORDS",
    "TABLES",
    "Best",
    "Bundle",
    "Curves",
    "Ensemble",
    "Event",
    "Explanation",
    "ExportError",
    "NextStep",
    "RunExplanation",
    "Section",
    "StudyReport",
    "Summary",
    "Table",
    "Trials",
    "box_words",
    "counts_line",
    "duration",
    "ending_to_json",
    "event_line",
    "explain",
    "explain_run",
    "explanation_text",
    "fingerprint",
    "next_steps_of",
    "opened_bundle",
    "params_line",
    "progress_lines",
    "progress_to_json",
    "rate_words",
    "replacing",
    "report_markdown",
    "report_text",
    "report_to_json",
    "rounds_text",
    "rounds_to_json",
    "run_text",
    "sections_of",
    "show_value",
    "sparkline",
    "stage_words",
    "status_line",
    "status_to_json",
    "study_report",
    "summarize",
    "summary_text",
    "taken_in",
    "telling",
    "trial_text",
    "trial_to_json",
    "utc",
    "without_clock",
    "worker_words",
    "write_bundle",
    "write_new",
]
