"""Records to numbers to text: the answer, where a study stands, why a trial has its parameters.

Names here are cheap to import. A whole report, its figures and exported files have rooms of their own, which
a command such as ``hpsearch status`` does not import.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.report.explanation.confirming_run import explain_run as explain_run
    from hpsearch.report.explanation.confirming_run import run_text as run_text
    from hpsearch.report.explanation.trial import explain as explain
    from hpsearch.report.explanation.trial import explanation_text as explanation_text
    from hpsearch.report.explanation.trial import rounds_text as rounds_text
    from hpsearch.report.explanation.trial import rounds_to_json as rounds_to_json
    from hpsearch.report.foreign import expect_own as expect_own
    from hpsearch.report.json_documents import status_to_json as status_to_json
    from hpsearch.report.json_documents import trial_to_json as trial_to_json
    from hpsearch.report.live.ending import announced_end as announced_end
    from hpsearch.report.live.progress import event_line as event_line
    from hpsearch.report.live.progress import progress_lines as progress_lines
    from hpsearch.report.live.progress import progress_to_json as progress_to_json
    from hpsearch.report.live.progress import without_clock as without_clock
    from hpsearch.report.next_steps import next_steps_of as next_steps_of
    from hpsearch.report.summary import Summary as Summary
    from hpsearch.report.summary import no_success_text as no_success_text
    from hpsearch.report.summary import summarize as summarize
    from hpsearch.report.text import status_line as status_line
    from hpsearch.report.text import summary_text as summary_text
    from hpsearch.report.text import trial_text as trial_text
    from hpsearch.report.text import utc as utc
    from hpsearch.report.waiting import read_waiting as read_waiting

_HOMES = {
    "Summary": "hpsearch.report.summary",
    "announced_end": "hpsearch.report.live.ending",
    "event_line": "hpsearch.report.live.progress",
    "expect_own": "hpsearch.report.foreign",
    "explain": "hpsearch.report.explanation.trial",
    "explain_run": "hpsearch.report.explanation.confirming_run",
    "explanation_text": "hpsearch.report.explanation.trial",
    "next_steps_of": "hpsearch.report.next_steps",
    "no_success_text": "hpsearch.report.summary",
    "progress_lines": "hpsearch.report.live.progress",
    "progress_to_json": "hpsearch.report.live.progress",
    "read_waiting": "hpsearch.report.waiting",
    "rounds_text": "hpsearch.report.explanation.trial",
    "rounds_to_json": "hpsearch.report.explanation.trial",
    "run_text": "hpsearch.report.explanation.confirming_run",
    "status_line": "hpsearch.report.text",
    "status_to_json": "hpsearch.report.json_documents",
    "summarize": "hpsearch.report.summary",
    "summary_text": "hpsearch.report.text",
    "trial_text": "hpsearch.report.text",
    "trial_to_json": "hpsearch.report.json_documents",
    "utc": "hpsearch.report.text",
    "without_clock": "hpsearch.report.live.progress",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
