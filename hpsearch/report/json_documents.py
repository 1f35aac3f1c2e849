"""Where a study stands and what a trial is, as JSON."""

from dataclasses import asdict
from typing import Any

from hpsearch.report.foreign import is_foreign
from hpsearch.report.json_values import plain_json
from hpsearch.report.summary import stopped_to_json
from hpsearch.report.text import STATE_WORDS, utc
from hpsearch.search import Verdict
from hpsearch.store import Status, TrialRow


def status_to_json(status: Status) -> dict[str, Any]:
    """Return what ``status --json`` prints."""
    return {
        "schema_version": 1,
        "study": status.study,
        "maker": str(status.maker),
        "objectives": status.objectives,
        "budget": None if is_foreign(status) else status.budget,
        "settled": status.settled,
        "finished": status.finished,
        "counts": {word: status.counts.get(state, 0) for state, word in STATE_WORDS.items()},
        "best": None
        if status.best_number is None
        else {"number": status.best_number, "value": status.best_value},
        "winner": _winner(status.verdict),
        "control": None if is_foreign(status) else str(status.control),
        "orphans": status.orphans,
        "workers": status.workers,
        "stopped": stopped_to_json(status.stopped),
        "created_at": utc(status.created_at) if status.created_at else None,
    }


def _winner(verdict: Verdict | None) -> dict[str, Any] | None:
    if verdict is None:
        return None
    return {
        "number": verdict.number,
        "params": dict(verdict.params),
        "value": verdict.value,
        "confirmed": verdict.confirmed,
        "estimate": verdict.estimate,
        "test": dict(verdict.test) if verdict.judged else None,
    }


def trial_to_json(study: str, trial: TrialRow) -> dict[str, Any]:
    """Return what ``show --json`` prints."""
    document = {
        "schema_version": 1,
        "study": study,
        **asdict(trial),
        "state": STATE_WORDS[trial.state],
        "stage": None if trial.attempts is None else trial.stage,
    }
    return {key: plain_json(value) for key, value in document.items()}
