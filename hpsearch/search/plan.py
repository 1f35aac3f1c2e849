"""The plans that a worker follows: the search itself, or its confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from hpsearch.search.confirmation.finalists import finalists
from hpsearch.search.confirmation.noise import first_runs, is_noiseless
from hpsearch.search.confirmation.race import FIRST_RUNS, Candidate, Standing, next_candidate
from hpsearch.search.history import History
from hpsearch.search.rungs import Rung, rungs, thresholds
from hpsearch.search.sampling.learned import LearnedStages
from hpsearch.search.sampling.stages import Proposal, Stages
from hpsearch.search.sampling.untried import FiniteSpace
from hpsearch.search.stage import Stage
from hpsearch.search.stop import Stopped, StopRule, StopTerms, may_stop, stop_rule
from hpsearch.space import Value
from hpsearch.study_file import EVIDENCE_SINCE, Purpose, StopSpec, StudySpec, child_seed, confirmation_name

QUIET_SINCE = 3
"""The version of a study since which a race without noise ends after its first runs."""

QUIET = "fresh seeds gave the values of the search"
USED_UP = "every point of the space has been tried"


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
        """The rules that end it before the budget is spent."""

    @property
    def even(self) -> bool:
        """Whether its trials take equally long."""

    @property
    def barrier(self) -> int:
        """The number that no trial from it on begins before all trials below it are settled; 0 for none."""

    def ended(self, history: History, number: int) -> Stopped | None:
        """Return how a rule ends the study before trial ``number``, which may start; else ``None``."""

    def fresh(self) -> "Plan":
        """Return the same plan without its memory, which no longer fits a history that has changed."""

    def propose(self, history: History, number: int) -> Proposal:
        """Return the parameters that trial ``number`` tries."""

    def seed(self, number: int) -> int:
        """Return the seed that trial ``number`` trains with."""

    def limits(self, history: History, number: int) -> Mapping[int, float]:
        """Return epoch -> least accuracy to go on with, for trial ``number``."""

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the trial's own settings, which the model's fixed settings lack."""


class SearchPlan:
    """The search: random rounds, then a model.

    It remembers what it has proposed; the memory never changes an answer.

    Args:
        spec: The study.
    """

    def __init__(self, spec: StudySpec) -> None:
        self.spec = spec
        self.name = spec.name
        self.trials = spec.trials
        self.parallelism = spec.parallelism
        self.stop: StopSpec = StopTerms.of(spec)
        # A function or a command has no seeds of ours: a point that was tried says nothing new.
        once = spec.version >= EVIDENCE_SINCE and not spec.has_data
        self._stages: Stages | LearnedStages = Stages(
            spec.space,
            spec.search.rounds,
            spec.search.start,
            seed=spec.seed,
            parallelism=spec.parallelism,
            version=spec.version,
            model=spec.search.model,
            once=once,
        )
        if spec.learned is not None:
            rounds, settings = spec.search.rounds, spec.learned.settings
            self._stages = LearnedStages(self._stages, spec.space, rounds, settings, seed=spec.seed)
        self._finite = FiniteSpace.of(spec.space) if once else None
        self._proposals: dict[int, tuple[bytes, Proposal]] = {}

    @property
    def even(self) -> bool:
        """No: they stop at rungs, diverge, and may differ in structure."""
        return False

    @property
    def barrier(self) -> int:
        """No barrier: what a trial waits for follows from ``parallelism`` alone."""
        return 0

    def ended(self, history: History, number: int) -> Stopped | None:
        """Return how a rule that looks at results ends the search, judged by what the trial may see."""
        if self._finite is not None and self._finite.used_up(history.up_to(number)):
            return Stopped(rule=StopRule.SPACE, number=number, text=USED_UP)
        if not may_stop(self.stop, history, self.parallelism):
            return None
        return stop_rule(self.stop, history.seen_by(number, self.parallelism), number)

    def fresh(self) -> "SearchPlan":
        """Return the same plan without its memory."""
        return SearchPlan(self.spec)

    def propose(self, history: History, number: int) -> Proposal:
        """Return the parameters that trial ``number`` tries.

        Args:
            history: At least all trials below ``number``, those it may see settled.
            number: A trial's number.
        """
        # A person may have given a trial under way other parameters than were proposed. So a remembered
        # proposal counts only while the parameters of the trials before it, as yet unsettled, are the same.
        pending = history.internal[max(0, number - self.parallelism + 1) : number].tobytes()
        known, proposal = self._proposals.get(number, (None, None))
        if proposal is None or known != pending:
            proposal = self._stages.propose(number, lambda n: history.seen_by(n, self.parallelism))
            kept = {n: p for n, p in self._proposals.items() if n > number - self.parallelism}
            self._proposals = kept | {number: (pending, proposal)}
        return proposal

    def seed(self, number: int) -> int:
        """Return the seed that trial ``number`` trains with."""
        return child_seed(self.spec.seed, Purpose.TRAIN, number)

    def rungs(self, history: History, number: int) -> list[Rung]:
        """Return the rungs of trial ``number``, from what it may see."""
        search = self.spec.search
        if not search.rungs:
            return []
        return rungs(search.rungs, search.keep, history.seen_by(number, self.parallelism))

    def limits(self, history: History, number: int) -> Mapping[int, float]:
        """Return the thresholds of the rungs, from what trial ``number`` may see."""
        return thresholds(self.rungs(history, number))

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the trial's parameters as the model sees them."""
        return self.spec.space.external(internal)


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """The confirmation: the finalists of a settled search and the declared default race on fresh seeds.

    Its budget is fixed, on average ``seeds`` runs a candidate. To which candidate a run goes follows from the
    runs that it may see.

    From version 3 of a study on the race of a function or a command waits for its first runs. Where they
    give the values that the search has measured, there is no noise, and no further run.

    Attributes:
        spec: The study.
        candidates: The candidates that race: the finalists, best first, then the default.
        search: The settled search; ``None`` where no run is asked for any more.
    """

    spec: StudySpec
    candidates: tuple[Candidate, ...]
    search: History | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, spec: StudySpec, history: History) -> "ConfirmPlan":
        """Return the plan that follows from a settled search."""
        by_evidence = spec.version >= EVIDENCE_SINCE
        numbers = finalists(
            spec.confirm,
            spec.space,
            history,
            by_values=by_evidence or not spec.has_data,
            judged=by_evidence,
            learned=spec.learned,
        )
        rows = [history.point(n) for n in numbers]
        found = [
            Candidate(internal=r, number=n, default=r == spec.default)
            for n, r in zip(numbers, rows, strict=True)
        ]
        if found and spec.default is not None and spec.default not in rows:
            found.append(Candidate(internal=spec.default, default=True))
        return cls(spec, tuple(found), history)

    @property
    def name(self) -> str:
        """The companion study's name."""
        return confirmation_name(self.spec.name)

    @property
    def finalists(self) -> tuple[int, ...]:
        """Numbers of the finalists, best first."""
        return tuple(c.number for c in self.candidates if c.number is not None)

    @property
    def trials(self) -> int:
        """The budget: on average ``seeds`` runs for each candidate."""
        return len(self.candidates) * self.spec.confirm.seeds

    @property
    def parallelism(self) -> int:
        """Runs in flight: the first two runs of every candidate wait for no result."""
        return max(1, FIRST_RUNS * len(self.candidates))

    @property
    def stop(self) -> StopSpec:
        """No rule: the runs of every finalist are needed."""
        return StopSpec()

    @property
    def even(self) -> bool:
        """Yes: no run is stopped."""
        return True

    @property
    def barrier(self) -> int:
        """The number of runs that show whether there is noise; 0 where nothing asks for that."""
        asked = self.spec.version >= QUIET_SINCE and not self.spec.has_data
        return first_runs(self.candidates, self.spec.confirm.seeds) if asked else 0

    def ended(self, history: History, number: int) -> Stopped | None:
        """Return that there is no noise, when the first runs have shown it."""
        if number < self.barrier or not self.barrier or not self.noiseless(history.up_to(self.barrier)):
            return None
        return Stopped(rule=StopRule.NOISELESS, number=number, text=QUIET)

    def noiseless(self, confirmed: History) -> bool:
        """Return whether the runs gave, on fresh seeds, the values that the search has measured."""
        return self.search is not None and is_noiseless(self.candidates, self.search, confirmed)

    def fresh(self) -> "ConfirmPlan":
        """Return the plan: it has no memory."""
        return self

    def standing(self, history: History, number: int) -> Standing:
        """Return the standing of the candidates by the runs that run ``number`` may see."""
        seen = history.seen_by(number, self.parallelism)
        return Standing.of(self.candidates, seen, worst=self.spec.metric.worst_score)

    def propose(self, history: History, number: int) -> Proposal:
        """Return the candidate whose turn it is."""
        place = next_candidate(self.standing(history, number))
        return Proposal(number=number, internal=self.candidates[place].internal, stage=Stage.CONFIRM)

    def seed(self, number: int) -> int:
        """Return the seed of run ``number``; no trial of the search has it."""
        return child_seed(self.spec.seed, Purpose.CONFIRM, number)

    def limits(self, history: History, number: int) -> Mapping[int, float]:  # noqa: ARG002 - no rungs
        """Return no threshold: a confirming run is never stopped."""
        return {}

    def settings(self, internal: tuple[float, ...]) -> dict[str, Value]:
        """Return the candidate's parameters, and the longer training."""
        epochs = self.spec.confirm.epochs
        longer: dict[str, Value] = {} if epochs is None else {"epochs": epochs}
        return self.spec.space.external(internal) | longer
