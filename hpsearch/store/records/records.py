"""What the ledger hands out and takes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hpsearch.errors import NotFoundError
from hpsearch.search import Stopped, TrialState
from hpsearch.store.schema.tables import Control
from hpsearch.study_file import StudySpec, spec_from_dict

Spent: TypeAlias = Mapping[str, float] | None
"""Where a worker's time went so far: activity -> seconds; ``None`` leaves what was noted before."""
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
        artifacts: Where its files are for every machine, or ``None``.
        strict: Whether workers that do not run on what the first one ran on are refused.
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
    artifacts: str | None = None
    strict: bool = False


def spec_of(study: Study) -> StudySpec:
    """Return the study that a search in the ledger was opened with.

    Raises:
        NotFoundError: The study is no search but confirms one.
    """
    if "study" not in study.contract:
        raise NotFoundError(
            f"expected a search, found study {study.name!r}, which confirms one; name the search"
        )
    return spec_from_dict(study.contract["study"])


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
        environment: What it runs on: name -> version, number or text.
    """

    host: str
    process: str
    pid: int
    environment: Mapping[str, Any] = field(default_factory=dict, compare=False)


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
