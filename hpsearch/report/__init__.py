"""Records to numbers to text: the answer, where a study stands, why a trial is what it is.

What a whole report, an exported file or a figure is made of has a package of its own below: a command that
tells where a study stands does not import it.
"""

from hpsearch.report.explanation.confirming_run import RunExplanation, explain_run, run_text
from hpsearch.report.explanation.trial import (
    Explanation,
    explain,
    explanation_text,
    rounds_text,
    rounds_to_json,
)
from hpsearch.report.fingerprint import fingerprint
from hpsearch.report.live.ending import announced_end
from hpsearch.report.live.progress import (
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
from hpsearch.report.next_steps import NextStep, next_steps_of
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
    utc,
)

__all__ = [
    "STATE_WORDS",
    "Best",
    "Ensemble",
    "Explanation",
    "NextStep",
    "RunExplanation",
    "Summary",
    "announced_end",
    "box_words",
    "counts_line",
    "duration",
    "event_line",
    "explain",
    "explain_run",
    "explanation_text",
    "fingerprint",
    "next_steps_of",
    "params_line",
    "progress_lines",
    "progress_to_json",
    "rate_words",
    "rounds_text",
    "rounds_to_json",
    "run_text",
    "show_value",
    "sparkline",
    "stage_words",
    "status_line",
    "status_to_json",
    "summarize",
    "summary_text",
    "trial_text",
    "trial_to_json",
    "utc",
    "without_clock",
    "worker_words",
]
