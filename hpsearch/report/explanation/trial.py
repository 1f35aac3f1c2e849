"""The explanation of a trial: where its parameters came from, which results it saw, why it stopped.

The boxes of a study, with the evidence for each, are explained here, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from hpsearch.metrics import Measure
from hpsearch.number import rounded
from hpsearch.report.text import STATE_WORDS, params_line, rows_text, show_value
from hpsearch.search import PROPOSED, History, Rung, SearchPlan, Stage, TrialState
from hpsearch.space import Space
from hpsearch.store import Reader, Round, Study, TrialRow
from hpsearch.study_file import EVIDENCE_SINCE

SOURCES: Mapping[str, str] = {
    Stage.LEARNED: "a setting of the portfolio, which was good on other data",
    Stage.TPE: "TPE, from every result that it could see in its box",
    Stage.GP: "the Gaussian process, from every result that it could see",
    Stage.RANDOM: "a random draw: the model had too few results, or nothing new to propose",
    Stage.ENQUEUED: "a person's choice; the search filled in the parameters that were left out",
    "": "another program, through Optuna",
}
"""Stage -> where the parameters came from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """One trial, explained.

    Attributes:
        trial: The trial.
        source: Where its parameters came from.
        box: Name -> (low, high) of the round's box in the parameters' own values, or ``None``.
        reason: Why the box is what it is, or ``None``.
        evidence: Name -> the numbers that decided its range in the box.
        seen: State -> how many results in this state the trial could see.
        pending: How many trials it knew to be under way, without their results.
        rungs: The rungs at which it might have stopped; their thresholds are values of the metric.
        measure: What trials are judged by.
        choices: Names of the parameters that are choices: the box says nothing of them.
    """

    trial: TrialRow
    source: str
    box: Mapping[str, tuple[Any, Any]] | None
    reason: str | None
    evidence: Mapping[str, Mapping[str, float]]
    seen: Mapping[str, int]
    pending: int
    rungs: Sequence[Rung]
    measure: Measure
    choices: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return what ``explain --json`` prints."""
        note = asdict(replace(self, measure=None))  # type: ignore[arg-type]  # JSON has its name alone
        del note["measure"], note["choices"]
        note["metric"] = self.measure.name
        note["trial"]["state"] = STATE_WORDS[self.trial.state]
        return {"schema_version": 1, **note}


def explain(ledger: Reader, study: Study, number: int) -> Explanation:
    """Return the explanation of trial ``number`` of a search.

    Raises:
        NotFoundError: There is no such trial.
    """
    trial, space = ledger.trial(study, number), study.space
    history = ledger.history(study).history
    seen = history.seen_by(min(number, len(history)), study.parallelism)
    states = [TrialState(state) for state in seen.states]
    boxes = [r for r in ledger.rounds(study) if r.first_number <= number]
    stage = Stage.of(trial.stage)
    in_box = stage is Stage.ROUND or (stage in PROPOSED and study.spec.version >= EVIDENCE_SINCE)
    rounds = boxes[-1:] if in_box else []
    box = rounds[0].box(space) if rounds else None
    counts = {word: states.count(state) for state, word in STATE_WORDS.items()}
    settled = {word: n for word, n in counts.items() if n and word != STATE_WORDS[TrialState.RUNNING]}
    return Explanation(
        trial=trial,
        source=SOURCES.get(trial.stage) or _drawn(trial, space, box or {}),
        box=box,
        reason=rounds[0].reason if rounds else None,
        evidence=rounds[0].evidence if rounds else {},
        seen=settled,
        pending=states.count(TrialState.RUNNING),
        rungs=_rungs(study, history, number),
        measure=study.spec.metric,
        choices=_choices(space),
    )


def _rungs(study: Study, history: History, number: int) -> list[Rung]:
    """Return the rungs of a trial, with thresholds in the metric as people know it."""
    found = SearchPlan(study.spec).rungs(history, number) if number < len(history) else []
    return [replace(rung, least=rung.least and study.sign * rung.least) for rung in found]


def _choices(space: Space) -> frozenset[str]:
    return frozenset(parameter.name for parameter in space if parameter.kind == "choice")


def _drawn(trial: TrialRow, space: Space, box: Mapping[str, tuple[Any, Any]]) -> str:
    """Say how a trial of a round was drawn: about one in seven ignores the box, and may lie in it."""
    sides = {name: ends for name, ends in box.items() if name not in _choices(space)}
    outside = [name for name, (low, high) in sides.items() if not low <= trial.params.get(name, low) <= high]
    if outside:
        return f"a log-uniform draw from the declared ranges: one in seven ignores the box of {trial.stage}"
    return f"a log-uniform draw in the box of {trial.stage}"


def _box_rows(
    box: Mapping[str, tuple[Any, Any]], evidence: Mapping[str, Mapping[str, float]], choices: frozenset[str]
) -> list[tuple[str, str]]:
    """Return a row for each range of a box: its ends, and the numbers that decided them."""
    rows = []
    for name, (low, high) in box.items():
        numbers = ", ".join(f"{key} = {show_value(number)}" for key, number in evidence.get(name, {}).items())
        ends = "any of its choices" if name in choices else f"{show_value(low)} to {show_value(high)}"
        rows.append((f"  {name}", ends + (f"; {numbers}" if numbers else "")))
    return rows


def rounds_to_json(space: Space, rounds: Sequence[Round]) -> list[dict[str, Any]]:
    """Return the boxes that trials were proposed in as ``explain --json`` prints them."""
    return [
        {
            "stage": round_.place,
            "first_number": round_.first_number,
            "reason": round_.reason,
            "box": round_.box(space),
            "evidence": round_.evidence,
        }
        for round_ in rounds
    ]


def rounds_text(study: str, space: Space, rounds: Sequence[Round]) -> str:
    """Return the boxes that trials were proposed in: each box, why it is what it is, and the evidence."""
    rows = []
    for round_ in rounds:
        rows.append((round_.place, f"from trial {round_.first_number}: {round_.reason}"))
        rows += _box_rows(round_.box(space), round_.evidence, _choices(space))
    return rows_text(f"{study}: {len(rounds)} box{'es' * (len(rounds) != 1)}", rows)


def _rung_row(trial: TrialRow, rung: Rung, metric: Measure) -> tuple[str, str]:
    reached = trial.curve[rung.epoch - 1]
    correlation = f"rank correlation with the end {rung.correlation:.2f}"
    if rung.least is None:
        return f"epoch {rung.epoch}", f"stops no trial: {correlation}"
    verdict = "stopped" if metric.sign * reached < metric.sign * rung.least else "went on"
    return (
        f"epoch {rung.epoch}",
        f"{verdict}: {rounded(reached)} against {rounded(rung.least)} ({correlation})",
    )


def explanation_text(study: str, found: Explanation) -> str:
    """Return an explanation, several lines."""
    trial = found.trial
    rows = [("parameters", params_line(trial.params)), ("from", found.source)]
    rows += _box_rows(found.box or {}, found.evidence, found.choices)
    if found.reason is not None:
        rows.append(("box", found.reason))
    n_seen = sum(found.seen.values())
    kinds = ", ".join(f"{n} {word}" for word, n in found.seen.items())
    rows.append(("saw", f"{n_seen} results" + (f" ({kinds})" if kinds else "")))
    rows.append(("knew of", f"{found.pending} trials under way, without their results"))
    metric = found.measure
    rows += [_rung_row(trial, rung, metric) for rung in found.rungs if len(trial.curve) >= rung.epoch]
    rows.append(("state", STATE_WORDS[trial.state] + (f": {trial.reason}" if trial.reason else "")))
    return rows_text(f"{study}: trial {trial.number}", rows)
