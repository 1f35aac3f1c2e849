"""Records to numbers to text."""

from hpsearch.report.ending import Event, ending_to_json, telling
from hpsearch.report.explain import Explanation, explain, explanation_text, rounds_text, rounds_to_json
from hpsearch.report.explain_run import RunExplanation, explain_run, run_text
from hpsearch.report.export import FORMATS, ExportError, Table, replacing
from hpsearch.report.fingerprint import fingerprint
from hpsearch.report.new_file import write_new
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
    "Event",
    "Explanation",
    "ExportError",
    "RunExplanation",
    "Summary",
    "Table",
    "counts_line",
    "ending_to_json",
    "explain",
    "explain_run",
    "explanation_text",
    "fingerprint",
    "params_line",
    "replacing",
    "rounds_text",
    "rounds_to_json",
    "run_text",
    "show_value",
    "status_line",
    "status_to_json",
    "summarize",
    "summary_text",
    "telling",
    "trial_text",
    "trial_to_json",
    "write_new",
]
