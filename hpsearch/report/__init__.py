"""Records to numbers to text."""

from hpsearch.report.fingerprint import fingerprint
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
    "STATE_WORDS",
    "Best",
    "Ensemble",
    "Summary",
    "counts_line",
    "fingerprint",
    "params_line",
    "show_value",
    "status_line",
    "status_to_json",
    "summarize",
    "summary_text",
    "trial_text",
    "trial_to_json",
]
