"""The answer of a study as one sentence: what is best, how sure that is, what it beats."""

from collections.abc import Sequence

from hpsearch.metrics import METRICS, Measure, Metric, PredictionKind
from hpsearch.number import rounded
from hpsearch.report.explanation.confirming_run import RaceCandidate
from hpsearch.report.foreign import extreme_word, is_foreign
from hpsearch.report.numbers.failures import Failure
from hpsearch.report.summary import Summary
from hpsearch.report.text import candidate_text
from hpsearch.search import TrialState, Verdict
from hpsearch.store import Control, Status

SIMPLEST = {
    PredictionKind.LABELS: "the most frequent class for every row",
    PredictionKind.PROBABILITIES: "the shares of the classes for every row",
    PredictionKind.VALUES: "the mean for every row",
}
"""The simplest rule: what a constant prediction is."""
_REASON_MOST = 200


def answer_text(
    summary: Summary,
    *,
    confirms: str | None = None,
    race: Sequence[RaceCandidate] = (),
    failures: Sequence[Failure] = (),
) -> str:
    """Return the answer of a study as one sentence.

    Args:
        summary: The study.
        confirms: The search that the study confirms; ``None`` for a search.
        race: The candidates of the confirmation.
        failures: The first trials that failed.
    """
    status, best = summary.status, summary.best
    if confirms is not None:
        return _of_runs(summary, confirms, race)
    if status.objectives > 1:
        return f"The study has {status.objectives} objectives, so no single trial is the best."
    if best is None:
        return _of_none(status, failures)
    if is_foreign(status):
        n = f"{status.complete:,} complete trials" if status.complete != 1 else "the only complete trial"
        extreme = (
            f"The {extreme_word(summary.measure)} {summary.measure.title} of {n} is {rounded(best.mean)}"
        )
        return f"{extreme}; it was measured in one run, and no run with a fresh seed has confirmed it."
    if not best.final:
        return _of_now(summary, best)
    return f"{_head(summary.measure, best)}{_beside(summary.measure, best)}."


def _of_runs(summary: Summary, confirms: str, race: Sequence[RaceCandidate]) -> str:
    """Return where the runs that confirm a search stand."""
    status = summary.status
    said = f"{status.settled} of {status.end} runs that confirm the winner of {confirms} are settled"
    ran = [one for one in race if one.mean is not None]
    if not ran:
        return f"{said}."
    first = max(ran, key=lambda one: summary.measure.sign * (one.mean or 0.0))
    runs = f"{first.settled} run{'s' * (first.settled != 1)}"
    mean = f"mean {summary.measure.title}, {rounded(first.mean or 0.0)} over {runs}"
    return f"{said}, and {candidate_text(first.candidate)} has the best {mean}."


def _of_none(status: Status, failures: Sequence[Failure]) -> str:
    """Return why a study has no best trial."""
    if not status.finished:
        return f"There is no answer yet: no trial is complete ({_settled(status)}{_halted(status)})."
    failed = status.counts.get(TrialState.FAILED, 0)
    found = f"none of the {status.settled:,} trials was completed"
    if failed == status.settled:
        found = f"all {failed:,} trials failed" if failed > 1 else "the only trial failed"
    why = failures[0].reason.partition("\n")[0].rstrip(". ")[:_REASON_MOST] if failures else ""
    return f"There is no answer: {found}{f', the first one with: {why}' if why else ''}."


def _of_now(summary: Summary, best: Verdict) -> str:
    """Return the best so far of a study that has no winner yet."""
    status = summary.status
    state = f"The search goes on ({_settled(status)})"
    if _halted(status):
        state = f"The search is not finished ({_settled(status)}{_halted(status)})"
    if status.finished:
        state = "The search is finished and its winner is not decided yet"
    value = best.mean if best.value is None else best.value
    return (
        f"{state}: the best settings so far have {_measured(summary.measure)} of {rounded(value)} in one run."
    )


def _settled(status: Status) -> str:
    return f"{status.settled:,} of {status.end:,} trials are settled"


def _halted(status: Status) -> str:
    """Return why nothing goes on, as the end of a phrase; empty where workers are at work."""
    if status.control is Control.PAUSE:
        return "; it is paused"
    if status.control in {Control.STOP, Control.CANCEL}:
        return "; it was stopped"
    return "" if status.workers else "; no worker is at work"


def _measured(measure: Measure) -> str:
    """Return what a trial's value is, with its article."""
    if isinstance(measure, Metric):
        return f"a validation {measure.title}"
    return f"{'an' if measure.title[0].lower() in 'aeiou' else 'a'} {measure.title}"


def _head(measure: Measure, best: Verdict) -> str:
    """Return what is best, and how sure that is."""
    who, have = ("No trial was clearly better than the default configuration, which", "has")
    if not best.default:
        who, have = ("The best settings found", "have")
    of = "validation " if isinstance(measure, Metric) else ""
    if best.noiseless:
        value = f"{who} {have} {_measured(measure)} of {rounded(best.mean)}"
        return f"{value}, and fresh seeds gave the same value: there is no noise"
    if best.confirmed is not None:
        mean = "shrunken mean" if best.shrunken else "mean"
        seeds = f"{best.seeds} fresh seed{'s' * (best.seeds != 1)}"
        value = f"a {mean} {of}{measure.title} of {rounded(best.confirmed)}"
        return f"{who} {have} {value} over {seeds}{_ends(best.interval)}"
    if best.judged and not best.by_values:
        test = f"a test {measure.title} of {rounded(best.test[measure.name])}{_ends(best.test_interval)}"
        return f"{who} {have} {test}, without a confirmation on fresh seeds"
    once = rounded(best.mean if best.value is None else best.value)
    found = f"{who} {have} {_measured(measure)} of {once} in one run"
    return f"{found}, without a confirmation on fresh seeds"


def _ends(ends: tuple[float, float] | None) -> str:
    return "" if ends is None else f" (95 % interval {rounded(ends[0])} to {rounded(ends[1])})"


def _beside(measure: Measure, best: Verdict) -> str:
    """Return what the winner beats, and what it does not beat, as the rest of the sentence."""
    found: dict[str, list[str]] = {"beaten": [], "noise": [], "lost": []}
    for outcome, rival in (*_default(best, measure), *_simplest(best, measure), *_baseline(best, measure)):
        found[outcome].append(rival)
    parts = []
    if found["beaten"]:
        verb = "it clearly beats" if best.default else "they clearly beat"
        parts.append(f"{verb} {_and(found['beaten'])}")
    if found["noise"]:
        words = "differences from {} are" if len(found["noise"]) > 1 else "difference from {} is"
        parts.append(f"the {words.format(_and(found['noise']))} within the noise")
    if found["lost"]:
        verb = "it does" if best.default else "they do"
        parts.append(f"{verb} not beat {_and(found['lost'])}")
    if best.seeds and best.default_mean is None and not best.default:
        parts.append("no default configuration raced against them")
    return f"; {_and(parts, ', and ')}" if parts else ""


def _and(parts: Sequence[str], last: str = " and ") -> str:
    """Return phrases as a list in words."""
    return last.join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _default(best: Verdict, measure: Measure) -> list[tuple[str, str]]:
    """Return how the winner compares with the declared default, where it has raced."""
    if best.default or best.default_mean is None:
        return []
    named = f"the default configuration ({rounded(best.default_mean)})"
    ahead = measure.sign * (best.mean - best.default_mean) > 0
    if best.noiseless:
        return [("beaten" if ahead else "lost", named)]
    return [] if best.better is None else [("beaten" if best.better else "noise", named)]


def _simplest(best: Verdict, measure: Measure) -> list[tuple[str, str]]:
    """Return how the winner compares with the simplest rule, on the test rows."""
    if not best.judged or best.constant is None or measure.name not in METRICS:
        return []
    sign, rule = measure.sign, SIMPLEST[METRICS[measure.name].takes]
    named = f"the simplest rule ({rule}: {rounded(best.constant)} on the test rows)"
    if sign * best.test[measure.name] <= sign * best.constant:
        return [("lost", named)]
    ends = best.test_interval
    unclear = ends is not None and min(sign * end for end in ends) <= sign * best.constant
    return [("noise" if unclear else "beaten", named)]


def _baseline(best: Verdict, measure: Measure) -> list[tuple[str, str]]:
    """Return how the winner compares with the model that the study names, on the test rows."""
    model = best.baseline
    if model is None or model.lead_interval is None:
        return []
    low, high = model.lead_interval
    named = f"{model.name} ({rounded(model.test[measure.name])} on the test rows)"
    return [("beaten" if low > 0 else "lost" if high < 0 else "noise", named)]


def why_test_differs(summary: Summary) -> str:
    """Return why the test figure of a winner differs from the confirmed one; empty without the two."""
    best, metric = summary.best, summary.metric
    if best is None or best.confirmed is None or not best.judged or best.by_values:
        return ""
    if rounded(best.test[metric]) == rounded(best.confirmed):
        return ""
    refit = " Its models also learned from the validation rows." if best.refit else ""
    return (
        f"The test figure, {rounded(best.test[metric])}, differs from the confirmed one, "
        f"{rounded(best.confirmed)}, because it comes from other rows. "
        f"No choice was made by these rows.{refit}"
    )
