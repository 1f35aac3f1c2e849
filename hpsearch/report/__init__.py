"""Records to numbers to text."""

from hpsearch.report.fingerprint import fingerprint
from hpsearch.report.summary import Best, Ensemble, Summary, summarize
from hpsearch.report.text import (
    STATE_WORDS,
    counts_line,
    params_line,
    show_value,
    status_line,
    summary_text,
    trial_text,
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
    "summarize",
    "summary_text",
    "trial_text",
]
