"""Studies side by side: what each found, and by how much they differ."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from hpsearch.data.sources import is_file
from hpsearch.report.numbers.phases import phases_of
from hpsearch.report.summary import Summary, summarize
from hpsearch.search import ConfirmPlan, TrialState, Verdict
from hpsearch.search.confirmation.interval import combined_interval, mean_interval, welch_interval
from hpsearch.store import Reader, Study
from hpsearch.types import Float64Array

LEAST_SEEDS = 2
"""With fewer there is no deviation."""


class IntervalKind(StrEnum):
    """How the interval of a difference is made."""

    PAIRED = "paired"
    WELCH = "welch"
    COMBINED = "combined"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueDifference:
    """The difference of one value between two studies.

    Attributes:
        difference: The value of the study minus that of the reference, in units of the metric.
        interval: Its 95 % interval.
        method: How the interval is made.
        pairs: The seeds that both have run; 0 where the method pairs none.
        why: The reason for the method, and what the interval covers.
    """

    difference: float
    interval: tuple[float, float]
    method: IntervalKind
    pairs: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyAnswer:
    """One of the studies that are compared.

    Attributes:
        summary: What it found.
        seconds: How long it took: search, confirmation and judging.
        runs: Seed of each complete confirming run of the winner -> its value, as the metric has it.
    """

    summary: Summary
    seconds: float
    runs: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDifference:
    """The differences of a study from the first one.

    Attributes:
        study: The study.
        reference: The first study.
        confirmed: Of the mean over the confirming runs, on validation rows; ``None`` where there is none.
        test: Of the value on the test rows; ``None`` where there is none.
        problem: Why the values cannot be compared; empty where they can.
    """

    study: str
    reference: str
    confirmed: ValueDifference | None = None
    test: ValueDifference | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyComparison:
    """Studies side by side.

    Attributes:
        answers: The studies, in the order in which they were named.
        differences: Each study but the first, minus the first.
    """

    answers: tuple[StudyAnswer, ...]
    differences: tuple[StudyDifference, ...]

    def to_json(self) -> dict[str, Any]:
        """Return what ``compare --json`` prints."""
        return {
            "schema_version": 1,
            "studies": [
                {
                    **answer.summary.to_json(),
                    "trials": answer.summary.status.settled,
                    "seconds": answer.seconds,
                }
                for answer in self.answers
            ],
            "differences": [_to_json(one) for one in self.differences],
        }


def _to_json(difference: StudyDifference) -> dict[str, Any]:
    found = asdict(difference)
    for name in ("confirmed", "test"):
        if found[name] is not None:
            found[name]["interval"] = list(found[name]["interval"])
    return found | {"problem": difference.problem or None}


def compare(reader: Reader, studies: Sequence[Study]) -> StudyComparison:
    """Return searches side by side, and the difference of each to the first."""
    answers = [_answer(reader, study) for study in studies]
    differences = [
        _difference((study, answer), (studies[0], answers[0]))
        for study, answer in zip(studies[1:], answers[1:], strict=True)
    ]
    return StudyComparison(answers=tuple(answers), differences=tuple(differences))


def _answer(reader: Reader, study: Study) -> StudyAnswer:
    return StudyAnswer(
        summary=summarize(reader, study),
        seconds=sum(phase.seconds for phase in phases_of(reader, study)),
        runs=_runs(reader, study),
    )


def _runs(reader: Reader, study: Study) -> dict[int, float]:
    """Return the values of the winner's confirming runs by their seeds; none without a winner."""
    verdict, companion = reader.verdict(study), reader.companion(study)
    if verdict is None or companion is None:
        return {}
    searched, confirmed = reader.history(study).history, reader.history(companion).history
    winner = study.spec.default if verdict.number is None else searched.point(verdict.number)
    plan = ConfirmPlan(companion.spec, ())
    return {
        plan.seed(number): float(confirmed.measured[number])
        for number in range(len(confirmed))
        if confirmed.states[number] == TrialState.COMPLETE and confirmed.point(number) == winner
    }


def _difference(one: tuple[Study, StudyAnswer], other: tuple[Study, StudyAnswer]) -> StudyDifference:
    (study, answer), (reference, first) = one, other
    problem = _problem(study, reference)
    for which in (first, answer):
        if not problem and (which.summary.best is None or not which.summary.best.final):
            problem = f"{which.summary.study} has no winner yet"
    if problem:
        return StudyDifference(study=study.name, reference=reference.name, problem=problem)
    same_rows = study.contract.get("data_hash") == reference.contract.get("data_hash")
    return StudyDifference(
        study=study.name,
        reference=reference.name,
        confirmed=_confirmed(answer, first, same_rows=same_rows),
        test=_tested(answer, first, same_rows=same_rows),
    )


def _problem(study: Study, reference: Study) -> str:
    """Return why the values of two studies cannot be compared; empty where they can."""
    spec, other = study.spec, reference.spec
    if spec.metric != other.metric:
        return f"the metrics differ: {spec.metric.title} and {other.metric.title}"
    if not (spec.has_data or other.has_data):
        mine, theirs = (
            (one.objective.kind, one.objective.call, one.objective.command) for one in (spec, other)
        )
        return "" if mine == theirs else "the objectives differ"
    if study.contract.get("data_hash") == reference.contract.get("data_hash"):
        return ""
    sources = [one.data.source for one in (spec, other)]
    elsewhere = is_file(spec.data.source) and study.base != reference.base
    if sources[0] != sources[1] or elsewhere:
        return f"the data differ: {sources[0]} and {sources[1]}"
    if (spec.data, spec.seed) == (other.data, other.seed):
        return f"the data have changed between the two studies: {sources[0]}"
    return ""


def _confirmed(one: StudyAnswer, other: StudyAnswer, *, same_rows: bool) -> ValueDifference | None:
    """Return the difference of the winners' confirming runs."""
    common = sorted(set(one.runs) & set(other.runs))
    mine, theirs = (np.array(list(answer.runs.values())) for answer in (one, other))
    if not same_rows:
        why = "not paired: the two studies split the rows differently"
        return _combined(
            *((best.confirmed, best.interval) for best in _bests(one, other)),
            why=f"{why}; made from the two intervals above, for new seeds and new rows",
        )
    if len(common) >= LEAST_SEEDS:
        pairs: Float64Array = np.array([one.runs[seed] - other.runs[seed] for seed in common])
        return ValueDifference(
            difference=float(pairs.mean()),
            interval=mean_interval(pairs),
            method=IntervalKind.PAIRED,
            pairs=len(common),
            why=f"paired over {len(common)} seeds that both winners ran with, on the same rows; it covers "
            "new seeds, not new rows",
        )
    if min(len(mine), len(theirs)) < LEAST_SEEDS:
        return None
    return ValueDifference(
        difference=float(mine.mean() - theirs.mean()),
        interval=welch_interval(mine, theirs),
        method=IntervalKind.WELCH,
        pairs=0,
        why=f"not paired (Welch): {len(common)} of {len(mine)} and {len(theirs)} seeds are common; "
        "it covers new seeds, not new rows",
    )


def _tested(one: StudyAnswer, other: StudyAnswer, *, same_rows: bool) -> ValueDifference | None:
    """Return the difference on the test rows, from the intervals that the verdicts keep."""
    why = "made from the two intervals above, for new seeds and new rows"
    if same_rows:
        why = "made from the two intervals above; it is too wide where both winners err on the same rows"
    return _combined(
        *((best.test.get(one.summary.metric), best.test_interval) for best in _bests(one, other)), why=why
    )


def _bests(*answers: StudyAnswer) -> Iterator[Verdict]:
    """Yield the verdicts of studies that have one."""
    for answer in answers:
        assert answer.summary.best is not None
        yield answer.summary.best


def _combined(*values: tuple[float | None, tuple[float, float] | None], why: str) -> ValueDifference | None:
    """Return the difference of two values with intervals; ``None`` where one is not known."""
    (one, one_ends), (other, other_ends) = values
    if one is None or other is None or one_ends is None or other_ends is None:
        return None
    return ValueDifference(
        difference=one - other,
        interval=combined_interval(one, one_ends, other, other_ends),
        method=IntervalKind.COMBINED,
        pairs=0,
        why=why,
    )
