"""What a worker needs to know of a study to work on it: the search itself, or its confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from hpsearch.search.confirm import finalists
from hpsearch.search.history import History
from hpsearch.search.propose import Proposal, Proposer
from hpsearch.search.rungs import thresholds
from hpsearch.spec import Purpose, StopSpec, StudySpec, Value, child_seed

CONFIRM_SUFFIX = ".confirm"


class Plan(Protocol):
    """The trials of one study in the ledger, as pure functions of their numbers and the history."""

    @property
    def name(self) -> str:
        """The study's name in the ledger."""

    @property
    def trials(self) -> int:
        """The budget, exactly."""

    @property
    def parallelism(self) -> int:
        """Trials in flight over the whole fleet."""

    @property
    def stop(self) -> StopSpec:
        """What ends it before the budget is spent."""

    def fresh(self) -> "Plan":
        """Return the same plan without what it remembers of a history that has changed since."""

    def propose(self, history: History, number: int) -> Proposal:
        """Return what trial ``number`` tries."""

    def seed(self, number: int) -> int:
        """Return the seed that trial ``number`` trains with."""

    def limits(self, history: History, number: int) -> Mapping[int, float]:
        """Return epoch -> least accuracy to go on with, for trial ``number``."""

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the settings that differ from the model's fixed ones."""


class SearchPlan:
    """The search: random rounds, then TPE.

    Args:
        spec: The study.
    """

    def __init__(self, spec: StudySpec) -> None:
        self.spec = spec
        self.name = spec.name
        self.trials = spec.trials
        self.parallelism = spec.parallelism
        self.stop = spec.stop
        self.propose = Proposer(spec).propose

    def fresh(self) -> "SearchPlan":
        """Return the same plan without its memory."""
        return SearchPlan(self.spec)

    def seed(self, number: int) -> int:
        """Return the seed that trial ``number`` trains with."""
        return child_seed(self.spec.seed, Purpose.TRAIN, number)

    def limits(self, history: History, number: int) -> Mapping[int, float]:
        """Return the thresholds of the rungs, from what trial ``number`` may see."""
        if not self.spec.search.rungs:
            return {}
        search = self.spec.search
        return thresholds(search.rungs, search.keep, history.seen_by(number, self.parallelism))

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the trial's parameters as the model sees them."""
        return self.spec.space.external(internal)


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """The confirmation: every finalist of a settled search, on fresh seeds, trained for longer.

    Attributes:
        spec: The study.
        finalists: Numbers of the finalists, best first.
        internal: Their internal parameters, in the same order.
    """

    spec: StudySpec
    finalists: tuple[int, ...]
    internal: tuple[tuple[float, ...], ...]

    @classmethod
    def of(cls, spec: StudySpec, history: History) -> "ConfirmPlan":
        """Return the plan that follows from a settled search."""
        numbers = finalists(spec.confirm, history)
        return cls(spec, numbers, tuple(history.point(n) for n in numbers))

    @property
    def name(self) -> str:
        """The companion study's name."""
        return self.spec.name + CONFIRM_SUFFIX

    @property
    def trials(self) -> int:
        """Every finalist with every fresh seed."""
        return len(self.finalists) * self.spec.confirm.seeds

    @property
    def parallelism(self) -> int:
        """No run waits for another."""
        return max(1, self.trials)

    @property
    def stop(self) -> StopSpec:
        """Nothing: the runs of every finalist are needed."""
        return StopSpec()

    def fresh(self) -> "ConfirmPlan":
        """Return the plan: it has no memory."""
        return self

    def propose(self, history: History, number: int) -> Proposal:  # noqa: ARG002 - needs no history
        """Return the finalist whose turn it is."""
        internal = self.internal[number // self.spec.confirm.seeds]
        return Proposal(number=number, internal=internal, stage="confirm")

    def seed(self, number: int) -> int:
        """Return a seed that no trial of the search has had."""
        return child_seed(self.spec.seed, Purpose.CONFIRM, number)

    def limits(self, history: History, number: int) -> Mapping[int, float]:  # noqa: ARG002 - no rungs
        """Return nothing: a confirming run is never stopped."""
        return {}

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the finalist's parameters, and the longer training."""
        epochs = self.spec.confirm.epochs
        longer: dict[str, Value] = {} if epochs is None else {"epochs": epochs}
        return self.spec.space.external(internal) | longer
