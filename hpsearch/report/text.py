"""The numbers of a study as lines of text and as JSON."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hpsearch.metrics import METRICS, Measure, Metric, PredictionKind
from hpsearch.number import rounded
from hpsearch.report.foreign import MADE_BY, UNCONFIRMED, extreme_word, is_foreign
from hpsearch.report.summary import Summary
from hpsearch.report.verdict import verdict_words
from hpsearch.search import DEFAULT, BaselineScore, TrialState, Verdict
from hpsearch.space import choice_text
from hpsearch.store import Control, Status, TrialRow

STATE_WORDS = {
    TrialState.COMPLETE: "complete",
    TrialState.PRUNED: "pruned",
    TrialState.FAILED: "failed",
    TrialState.RUNNING: "running",
    TrialState.WAITING: "waiting",
}
CONTROL_WORDS = {
    Control.RUN: "running",
    Control.PAUSE: "paused",
    Control.STOP: "stopped",
    Control.CANCEL: "cancelled",
}

NOISELESS = (
    "the objective gave the same value on fresh seeds: it has no noise, so the measured best is the winner"
)
"""What a race without noise has shown."""


def show_value(value: object) -> str:
    """Return a parameter as people read it: four significant digits."""
    return f"{value:.4g}" if isinstance(value, float) else choice_text(value)


def utc(seconds: float) -> str:
    """Return a time as ISO 8601 has it, in UTC, to the second."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def candidate_text(candidate: int | str) -> str:
    """Return a candidate of the confirmation as people read it: a trial, or the declared default."""
    return "the declared default" if candidate == DEFAULT else f"trial {candidate}"


def rows_text(head: str, rows: Sequence[tuple[str, str]]) -> str:
    """Return a line, and below it names with their texts, the texts below each other."""
    width = max((len(name) for name, _ in rows), default=0)
    return "\n".join([head, *(f"  {name:<{width}}  {text}" for name, text in rows)])


def params_line(params: Mapping[str, Any]) -> str:
    """Return parameters on one line."""
    return "  ".join(f"{name} = {show_value(value)}" for name, value in params.items())


def counts_line(status: Status) -> str:
    """Return how many trials are in each state; only a study of hpsearch's has a budget."""
    counts = [f"{n} {STATE_WORDS[s]}" for s in STATE_WORDS if (n := status.counts.get(s, 0))]
    if status.infinite:
        counts.append(f"{status.infinite} with an infinite value")
    of = f"{status.settled} of {status.budget} trials settled"
    if is_foreign(status):
        of = f"{status.budget} trial{'s' * (status.budget != 1)}"
    made = f", {MADE_BY}" if is_foreign(status) else ""
    return of + (f" ({', '.join(counts)})" if counts else "") + made


def status_line(status: Status) -> str:
    """Return one line of progress."""
    if status.objectives > 1:
        return f"{status.study}: {counts_line(status)}, {status.objectives} objectives"
    best = ""
    if status.best_value is not None:
        best = f"best {rounded(status.best_value)} (trial {status.best_number})"
        won = f", winner {who_won(status.verdict)}; {best} in the search" if status.verdict else ""
        best = won or f", {best}{verdict_words(status)}"
    control = "" if status.control is Control.RUN or status.finished else f", {CONTROL_WORDS[status.control]}"
    stopped = "" if status.stopped is None else f", {status.stopped}"
    return f"{status.study}: {counts_line(status)}{best}{control}{stopped}"


def who_won(verdict: Verdict) -> str:
    """Return the winner of a study, with its mean over the fresh seeds where it has run on them."""
    who = "the declared default" if verdict.number is None else f"trial {verdict.number}"
    return f"{who}, {rounded(verdict.mean)} on fresh seeds" if verdict.seeds else who


def summary_text(summary: Summary) -> str:
    """Return what a study found, several lines."""
    lines = [f"{summary.study}: {counts_line(summary.status)}"]
    if summary.status.stopped is not None:
        lines.append(str(summary.status.stopped))
    if summary.waiting is not None:
        lines.append(str(summary.waiting))
    if summary.best is None:
        return "\n".join([*lines, "no trial is complete yet"])
    rows = [*summary_rows(summary), ("fingerprint", summary.fingerprint)]
    return "\n".join([*lines, rows_text("", rows)])


def outside_sentences(summary: Summary) -> list[str]:
    """Return a sentence for each parameter of the winner that lies beyond its declared range."""
    return [
        f"{name} lies beyond its declared range, {show_value(low)} to {show_value(high)}"
        for name, (low, high) in summary.outside.items()
    ]


def summary_rows(summary: Summary) -> list[tuple[str, str]]:
    """Return what a study found as names and texts; nothing while no trial is complete."""
    best = summary.best
    if best is None:
        return []
    foreign = is_foreign(summary.status)
    later = "" if best.final else verdict_words(summary.status)
    so_far = extreme_word(summary.measure) if foreign or later else "best so far"
    rows = [("winner" if best.final else so_far, _who(best) + later)]
    rows += [(f"  {name}", show_value(value)) for name, value in best.params.items()]
    rows += [("", sentence) for sentence in outside_sentences(summary)]
    if foreign:
        word = f"the {extreme_word(summary.measure)} in the search, of {summary.status.complete:,} complete"
        rows.append((summary.measure.title, f"{rounded(best.mean)}, {word} trials"))
        return [*rows, ("confirmed", f"no: {UNCONFIRMED}")]
    rows.append((value_word(summary.measure), _validation(summary.status, best)))
    rows += _race(best)
    return rows + _test(best, summary.measure)


def _test(best: Verdict, measure: Measure) -> list[tuple[str, str]]:
    """Return what the test rows say as names and texts: the winner, the ensemble, a constant prediction."""
    if not best.judged:
        return []
    refit = ", trained on the validation rows as well" if best.refit else ""
    rows = [("test", f"{_named(best.test, measure)}{interval_text(best.test_interval)}{refit}")]
    if others := other_metrics(best, measure.name):
        rows.append(("", others))
    if best.ensemble is not None:
        ends, size = interval_text(best.ensemble.interval), best.ensemble.size
        found = f"{_named(best.ensemble.test, measure)} on test{ends}, {size} models averaged"
        rows.append(("ensemble", found))
    if best.baseline is not None:
        rows.append(("baseline", baseline_text(best.baseline, measure)))
    if best.constant is not None:
        rows.append(("constant", constant_text(best, measure.name)))
    return rows


def baseline_text(baseline: BaselineScore, measure: Measure) -> str:
    """Return what the test rows say of the baseline as a sentence without its end."""
    if baseline.lead is None or baseline.lead_interval is None:
        return f"{baseline.name}: it could not be fitted: {baseline.problem}"
    low, high = baseline.lead_interval
    who = "the winner is better" if low > 0 else "it is better" if high < 0 else "no clear difference"
    found = f"{_named(baseline.test, measure)} on test, {baseline.name} at its usual settings"
    return f"{found}: {who} ({baseline.lead:+.4f}, 95 % interval {low:+.4f} to {high:+.4f})"


def other_metrics(best: Verdict, metric: str) -> str:
    """Return the other metrics of the winner on the test rows as one line."""
    return ", ".join(
        f"{METRICS[name].title} {rounded(value)}" for name, value in best.test.items() if name != metric
    )


def interval_text(ends: tuple[float, float] | None) -> str:
    """Return an interval as the end of a phrase; empty where it is not known."""
    return "" if ends is None else f", 95 % interval {rounded(ends[0])} to {rounded(ends[1])}"


def _named(test: Mapping[str, float], measure: Measure) -> str:
    """Return the study's metric as text, with its name where it is not the accuracy."""
    return f"{title_of(measure)}{rounded(test[measure.name])}"


def value_word(measure: Measure) -> str:
    """Return what a trial's value is called: a metric is of validation rows, any other measure of no rows."""
    return "validation" if isinstance(measure, Metric) else "value"


def title_of(measure: Measure) -> str:
    """Return the name of a measure before its value; empty for the accuracy."""
    return "" if measure == METRICS["accuracy"] else f"{measure.title} "


def constant_text(best: Verdict, metric: str) -> str:
    """Return what a constant prediction reaches on the test rows, and whether the winner does no better."""
    assert best.constant is not None
    measured = METRICS[metric]
    what = {
        PredictionKind.LABELS: "the most frequent class for every row",
        PredictionKind.PROBABILITIES: "the shares of the classes for every row",
        PredictionKind.VALUES: "the mean for every row",
    }[measured.takes]
    return f"{rounded(best.constant)} on test: {what}{_over_constant(best, metric)}"


def _over_constant(best: Verdict, metric: str) -> str:
    """Return whether the winner is better than a constant prediction, by the interval of its test figure."""
    assert best.constant is not None
    sign = METRICS[metric].sign
    if sign * best.test[metric] <= sign * best.constant:
        return "; the winner is no better"
    ends = best.test_interval
    if ends is not None and min(sign * end for end in ends) <= sign * best.constant:
        return "; the winner is not clearly better"
    return ""


def _who(best: Verdict) -> str:
    if not best.default:
        return f"trial {best.number}"
    who = "the declared default" if best.number is None else f"trial {best.number}, the declared default"
    return f"{who}: no trial was clearly better"


def _validation(status: Status, best: Verdict) -> str:
    """Return the winner's value in the search, and the highest one where it is another trial's."""
    parts = [] if best.value is None else [f"{rounded(best.value)} in the search"]
    if status.best_value is not None and status.best_number != best.number:
        where = "" if parts else " in the search"
        same = best.value is not None and rounded(best.value) == rounded(status.best_value)
        highest = f"the best{where} was {rounded(status.best_value)}, of trial {status.best_number}"
        parts.append(f"trial {status.best_number} had the same value" if same else highest)
    return "; ".join(parts)


def _race(best: Verdict) -> list[tuple[str, str]]:
    """Return the results of the confirming runs as names and texts."""
    if best.confirmed is None:
        return []
    if best.noiseless:
        return [("confirmed", f"{rounded(best.confirmed)}: {NOISELESS}"), *_tied_rows(best, "the same value")]
    interval = interval_text(best.interval)
    seeds = f"{best.seeds} fresh seed{'s' if best.seeds != 1 else ''}"
    named = " (a shrunken mean)" if best.shrunken else ""
    rows = [("confirmed", f"{rounded(best.confirmed)} on {seeds}{named}{interval}")]
    if best.estimate is not None:
        rows.append(
            (
                "estimate",
                f"{rounded(best.estimate)}, that mean corrected for luck"
                + ("" if best.default else "; the best estimate wins"),
            )
        )
    rows += _tied_rows(best, "within the noise")
    if best.default_mean is not None and not best.default:
        rows.append(("default", f"{rounded(best.default_mean)} on fresh seeds{named}{_gained(best)}"))
    return rows


def _tied_rows(best: Verdict, why: str) -> list[tuple[str, str]]:
    """Return which candidates cannot be told from the winner as names and texts."""
    return [("tied with", f"{_tied(best.tied)} ({why})")] if best.tied else []


def _gained(best: Verdict) -> str:
    """Return whether the winner is better than the declared default, and by how much."""
    if best.better and best.gain is not None:
        return f": the winner is better, by {rounded(abs(best.gain))} as expected on new rows"
    return ", for comparison" if best.better is None else ": the winner is not clearly better"


def _tied(names: Sequence[int | str]) -> str:
    numbers = [str(name) for name in names if name != DEFAULT]
    parts = [f"trial{'s' * (len(numbers) > 1)} {', '.join(numbers)}"] if numbers else []
    return " and ".join(parts + ["the default"] * (DEFAULT in names))


def trial_text(study: str, trial: TrialRow) -> str:
    """Return one trial, several lines."""
    rows = [("state", STATE_WORDS[trial.state])] + [("stage", trial.stage)] * (trial.attempts is not None)
    rows += [(name, show_value(value)) for name, value in trial.params.items()]
    if trial.value is not None:
        rows.append(("value", f"{rounded(trial.value)}"))
    if trial.curve:
        rows.append(("curve", " ".join(f"{accuracy:.3f}" for accuracy in trial.curve)))
    if trial.reason is not None:
        rows.append(("reason", trial.reason))
    rows += [(name, f"{rounded(number)}") for name, number in trial.numbers.items()]
    rows += [(name, json.dumps(value, ensure_ascii=False)) for name, value in trial.attributes.items()]
    if trial.attempts is not None:
        rows.append(("attempts", str(trial.attempts)))
    if trial.seconds is not None:
        rows.append(("seconds", f"{trial.seconds:.2f}"))
    text = rows_text(f"{study}: trial {trial.number}", rows)
    pieces = (("error", trial.error), ("log", trial.log))
    return "\n".join([text, *(f"\n{name}:\n{_indented(piece)}" for name, piece in pieces if piece)])


def _indented(text: str) -> str:
    """Return a text below its name; of a line that was written over again and again, the last state."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.rstrip("\n").split("\n"))
    return "\n".join(f"  {line}".rstrip() for line in lines)
