"""What the ledger hands out and takes back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hpsearch.search import Stopped, TrialState
from hpsearch.store.tables import Control

UNSETTLED = (TrialState.RUNNING, TrialState.WAITING)


def end_of(budget: int, stopped: Stopped | None) -> int:
    """Return how many trials a study has in the end: its budget, or fewer when a rule has ended it."""
    return budget if stopped is None else min(budget, stopped.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study in the ledger.

    Attributes:
        study_id: Its key in the database.
        name: Its name.
        search_id: The key of the search whose control it obeys: its own, or that of the search it confirms.
        contract: What was agreed.
        base: The folder that relative data paths start from.
        budget: Number of trials, exactly.
        parallelism: Trials in flight over the whole fleet.
        attempts: A trial fails for good when its worker has died so often, with no other trial in hand.
        changes: How often it went on under other terms.
    """

    study_id: int
    name: str
    search_id: int
    contract: Mapping[str, Any]
    base: str
    budget: int
    parallelism: int
    attempts: int
    changes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A trial in the hands of one worker.

    Attributes:
        trial_id: The trial's key in the database.
        number: The trial's number.
        attempt: How often it has been claimed, from 1.
        token: The key without which nothing is written for the trial.
        internal: Internal parameter values, in the order of the space; ``math.nan`` where one is not active.
    """

    trial_id: int
    number: int
    attempt: int
    token: str
    internal: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a trial.

    Attributes:
        state: A settled state.
        value: Validation accuracy, 0..1; ``None`` for a failed trial.
        curve: Validation accuracy after each epoch.
        reason: Why a trial did not complete.
    """

    state: TrialState
    value: float | None
    curve: tuple[float, ...] = ()
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.state in UNSETTLED:
            raise ValueError(f"state: expected a settled state, found {self.state.name}")
        if (self.value is None) != (self.state is TrialState.FAILED):
            raise ValueError(f"value: expected one exactly when a trial did not fail, found {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerIdentity:
    """What tells one worker process from any other that ever ran.

    Attributes:
        host: The machine, and the part of it in which process ids mean something.
        process: Process id and start time.
        pid: The process id alone.
    """

    host: str
    process: str
    pid: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """Where a study stands, as far as the next claim is concerned.

    Attributes:
        admitted: Trials that have a number and were given to a worker.
        budget: Number of trials, exactly.
        control: What workers are to do.
        settled_prefix: Leading trials that are all settled.
        orphans: Unsettled trials that no living attempt holds.
        unsettled: Trials that were given to a worker and are not settled.
        strangers: Trials that were added through Optuna and that no claim has looked at yet; of a long
            queue, the first.
        reopened: How often a failed trial was tried again on request.
        changes: How often the study went on under other terms.
        stopped: How a rule has ended the study, or ``None``.
        elapsed_s: Seconds since the study was created, on the database's clock; not compared.
    """

    admitted: int
    budget: int
    control: Control = Control.RUN
    settled_prefix: int = 0
    orphans: int = 0
    unsettled: int = 0
    strangers: int = 0
    reopened: int = 0
    changes: int = 0
    stopped: Stopped | None = None
    elapsed_s: float = field(default=0.0, compare=False)

    @property
    def end(self) -> int:
        """How many trials the study has in the end."""
        return end_of(self.budget, self.stopped)

    @property
    def finished(self) -> bool:
        """Whether every trial is settled, as far as the budget, or the rule that ended the study, reaches."""
        return self.admitted >= self.end and not self.unsettled


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a worker hears when it reports.

    Attributes:
        held: The claims that are still its own.
        control: What it is to do.
    """

    held: list[Claim]
    control: Control


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """A trial as people see it.

    Attributes:
        number: Its number.
        state: Where it stands.
        stage: Where its parameters came from.
        value: Validation accuracy, or ``None``.
        params: Name -> value.
        curve: Validation accuracy after each epoch.
        attempts: How often it was claimed.
        seconds: From its first claim to its end, or ``None`` while it runs.
        reason: Why it did not complete, or ``None``.
    """

    number: int
    state: TrialState
    stage: str
    value: float | None
    params: Mapping[str, Any]
    curve: tuple[float, ...] = ()
    attempts: int = 1
    seconds: float | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A random round as it was opened.

    Attributes:
        first_number: Its first trial.
        stage: Its name.
        low: Lower ends of its box in unit coordinates.
        high: Upper ends.
        reason: Why the box is what it is.
        evidence: Parameter -> name -> number that the box was decided by.
    """

    first_number: int
    stage: str
    low: tuple[float, ...]
    high: tuple[float, ...]
    reason: str
    evidence: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a study stands, as people see it.

    Attributes:
        study: Its name.
        budget: Number of trials, exactly.
        counts: Trials in each state.
        best_number: The complete trial with the highest value, or ``None``.
        best_value: Its value, or ``None``.
        control: What workers are to do.
        orphans: Running trials that wait for a worker to take them over.
        workers: Workers that have not ended.
        created_at: When the study was created, seconds since 1970.
        stopped: How a rule has ended the study, or ``None``.
    """

    study: str
    budget: int
    counts: Mapping[TrialState, int] = field(default_factory=dict)
    best_number: int | None = None
    best_value: float | None = None
    control: Control = Control.RUN
    orphans: int = 0
    workers: int = 0
    created_at: float = 0.0
    stopped: Stopped | None = None

    @property
    def settled(self) -> int:
        """Trials that are complete, pruned or failed."""
        return sum(n for state, n in self.counts.items() if state not in UNSETTLED)

    @property
    def end(self) -> int:
        """How many trials the study has in the end."""
        return end_of(self.budget, self.stopped)

    @property
    def finished(self) -> bool:
        """Whether every trial is settled, as far as the budget, or the rule that ended the study, reaches."""
        return self.settled >= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What a study found.

    Attributes:
        number: The winning trial, or ``None`` where the declared default won, which no finalist had tried.
        value: Its value in the search, or ``None``; the best of many noisy values is too good.
        params: Its parameters.
        seeds: Fresh seeds that confirmed it; 0 without confirmation.
        mean: Shrunken mean validation accuracy over the fresh seeds, or ``value`` without.
        interval: 95 % interval of the mean, or ``None``.
        test_accuracy: Mean test accuracy of its networks, one a fresh seed.
        ensemble: Networks in the ensemble.
        ensemble_test_accuracy: Test accuracy of the average of the networks' predictions, or ``None``.
        default: Whether the winner is the declared default.
        default_mean: Mean validation accuracy of the declared default, or ``None`` where it did not race.
        tied: Trials whose difference to the winner seeds explain, and ``"default"`` where it is one.
        refit: Whether the networks were trained again on training and validation rows together.
    """

    number: int | None
    value: float | None
    params: Mapping[str, Any]
    seeds: int
    mean: float
    interval: tuple[float, float] | None
    test_accuracy: float
    ensemble: int
    ensemble_test_accuracy: float | None
    default: bool = False
    default_mean: float | None = None
    tied: tuple[int | str, ...] = ()
    refit: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the record as JSON holds it."""
        note = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in note.items()}

    @classmethod
    def from_json(cls, note: Mapping[str, Any]) -> "Delivery":
        """Return the record that ``to_json`` wrote, in this version or an earlier one."""
        lists = {key: tuple(value) for key, value in note.items() if isinstance(value, list)}
        return cls(**{**note, **lists})
