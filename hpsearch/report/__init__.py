"""Records to numbers to text: the answer, where a study stands, why a trial has its parameters.

Names here are cheap to import. A whole report, its figures and exported files have rooms of their own, which
a command such as ``hpsearch status`` does not import.
"""

from hpsearch.report.explanation.confirming_run import explain_run, run_text
from hpsearch.report.explanation.trial import explain, explanation_text, rounds_text, rounds_to_json
from hpsearch.report.foreign import expect_own
from hpsearch.report.json_documents import status_to_json, trial_to_json
from hpsearch.report.live.ending import announced_end
from hpsearch.report.live.progress import event_line, progress_lines, progress_to_json, without_clock
from hpsearch.report.next_steps import next_steps_of
from hpsearch.report.summary import Summary, no_success_text, summarize
from hpsearch.report.text import status_line, summary_text, trial_text, utc
from hpsearch.report.waiting import read_waiting

__all__ = [
    "Summary",
    "announced_end",
    "event_line",
    "expect_own",
    "explain",
    "explain_run",
    "explanation_text",
    "next_steps_of",
    "no_success_text",
    "progress_lines",
    "progress_to_json",
    "read_waiting",
    "rounds_text",
    "rounds_to_json",
    "run_text",
    "status_line",
    "status_to_json",
    "summarize",
    "summary_text",
    "trial_text",
    "trial_to_json",
    "utc",
    "without_clock",
]
