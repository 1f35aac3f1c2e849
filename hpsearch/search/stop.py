"""Rules that end a study before its budget is spent."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np

from hpsearch.number import rounded
from hpsearch.search.history import History, TrialState
from hpsearch.study_file import StopSpec, StudySpec

_HOUR_S = 3600.0


class StopRule(StrEnum):
    """A rule that ended a study before its budget was spent."""

    TARGET = "target"
    PLATEAU = "plateau"
    HOURS = "hours"
    FAILURES = "failures"
    NOISELESS = "noiseless"
    SPACE = "space"


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTerms(StopSpec):
    """All rules of a study: the rules of its table ``[stop]``, and how many failures it bears.

    Attributes:
        failures: So many failed trials, and none that has not, end the study; ``None`` is no rule.
    """

    failures: int | None = None

    @classmethod
    def of(cls, spec: StudySpec) -> "StopTerms":
        """Return the rules of a study."""
        return cls(**asdict(spec.stop), failures=spec.objective.max_failures)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The end of a study by one of its rules.

    Attributes:
        rule: The rule that fired.
        number: The first trial that is not begun; all below it run to their end.
        text: A sentence that says what the rule has found.
    """

    rule: StopRule
    number: int
    text: str

    def __str__(self) -> str:
        return f"ended {self.how}"

    @property
    def how(self) -> str:
        """The rule, the number and the sentence."""
        return f"by {self.rule} before trial {self.number}: {self.text}"


def stop_rule(stop: StopSpec, seen: History, number: int) -> Stopped | None:
    """Return the end of a study when what trial ``number`` may see fulfils a rule, else ``None``.

    The study ends at the first such number, whatever the fleet: what a trial may see does not depend on the
    fleet.

    Args:
        stop: The rules.
        seen: What the trial may see, as ``History.seen_by`` gives it.
        number: The trial that is about to begin.
    """
    for rule, finds in RULES.items():
        text = finds(stop, seen)
        if text is not None:
            return Stopped(rule=rule, number=number, text=text)
    return None


def may_stop(stop: StopSpec, history: History, parallelism: int) -> bool:
    """Return whether a rule that follows from results may end a study now, or later on.

    That of failures cannot any more once a trial that all later ones see has not failed.

    Args:
        stop: The rules.
        history: The trials so far.
        parallelism: Trials in flight.
    """
    if stop.looks_at_results:
        return True
    valued = history.valued
    seen = valued.size > 0 and int(valued[0]) <= len(history) - parallelism
    return isinstance(stop, StopTerms) and stop.failures is not None and not seen


def time_is_up(stop: StopSpec, number: int, *, elapsed_s: float) -> Stopped | None:
    """Return the end of a study whose hours have passed, else ``None``.

    This is the only rule that depends on a clock. Once stored, the number is part of the study.

    Args:
        stop: The rules.
        number: The trial that is about to begin.
        elapsed_s: Seconds since the study was created.
    """
    if stop.hours is None or elapsed_s < stop.hours * _HOUR_S:
        return None
    text = f"{stop.hours:g} hours have passed since the study was created"
    return Stopped(rule=StopRule.HOURS, number=number, text=text)


def _target(stop: StopSpec, seen: History) -> str | None:
    """Return a sentence when a complete trial is at the target or better; a pruned one does not count."""
    if stop.target is None:
        return None
    numbers = seen.complete
    reached = numbers[seen.values[numbers] >= seen.sign * stop.target]
    if not reached.size:
        return None
    first = int(reached[0])
    return f"trial {first} reached {rounded(seen.measured[first])}, the target is {stop.target:g}"


def _plateau(stop: StopSpec, seen: History) -> str | None:
    """Return a sentence when so many trials followed the best one; an equal value is no new best."""
    if stop.plateau is None:
        return None
    numbers = seen.complete
    best = int(numbers[np.argmax(seen.values[numbers])]) if numbers.size else -1
    later = seen.states[best + 1 :]
    n_later = int(np.count_nonzero((later != TrialState.RUNNING) & (later != TrialState.WAITING)))
    if n_later < stop.plateau:
        return None
    since = (
        "none is complete" if best < 0 else f"the best is trial {best} with {rounded(seen.measured[best])}"
    )
    return f"no new best in the last {n_later} settled trials; {since}"


def _failures(stop: StopSpec, seen: History) -> str | None:
    """Return a sentence when so many trials have failed and none has a value."""
    if not isinstance(stop, StopTerms) or stop.failures is None or seen.valued.size:
        return None
    n_failed = int(np.count_nonzero(seen.states == TrialState.FAILED))
    return f"all of the first {n_failed} trials failed" if n_failed >= stop.failures else None


RULES: Mapping[StopRule, Callable[[StopSpec, History], str | None]] = {
    StopRule.TARGET: _target,
    StopRule.PLATEAU: _plateau,
    StopRule.FAILURES: _failures,
}
"""The rules that follow from results, in the order of their checks: each returns a sentence when it fires."""
