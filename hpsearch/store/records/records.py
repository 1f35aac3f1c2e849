"""The records that the ledger and its workers exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from hpsearch.errors import NotFoundError, StorageError, StudyFileError, first_line, to_type
from hpsearch.search import Stopped, TrialState
from hpsearch.space import RecordedParameter, Space
from hpsearch.store.schema.tables import Control
from hpsearch.study_file import StudySpec, spec_from_dict
from hpsearch.types import Json

Spent: TypeAlias = Mapping[str, float] | None
"""Where a worker's time went so far: activity -> seconds; ``None`` leaves what was noted before."""
NOTES = ("error", "log", "numbers", "test")
"""Names of what may be noted of a trial: how it failed, what it printed, further numbers, its test value."""
UNSETTLED = (TrialState.RUNNING, TrialState.WAITING)


def end_of(budget: int, stopped: Stopped | None) -> int:
    """Return how many trials a study has in the end: its budget, or fewer when a rule has ended it."""
    return budget if stopped is None else min(budget, stopped.number)


class Maker(StrEnum):
    """The program that made a study."""

    HPSEARCH = "hpsearch"
    OPTUNA = "optuna"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What Optuna's tables say of a study that Optuna alone has made.

    Attributes:
        spec: The study as far as it is known: its space, and the name and direction of its value.
        parameters: Name of a parameter as the objective has it -> the parameter, in the order of the space.
        objectives: The number of its objectives; hpsearch shows the trials of a study with one.
    """

    spec: StudySpec
    parameters: Mapping[str, RecordedParameter]
    objectives: int = 1


@dataclass(frozen=True, kw_only=True)
class Study:
    """A study in the ledger, or one that Optuna alone has made.

    Attributes:
        study_id: Its key in the database.
        name: Its name.
        search_id: The key of the search whose control it obeys: its own, or that of the search it confirms.
        contract: What was agreed.
        searched: The contract of the search: its own, or that of the search it confirms.
        base: The folder that relative data paths start from.
        budget: Number of trials, exactly.
        parallelism: Trials in flight over the whole fleet.
        attempts: A trial fails for good when its worker has died so often, with no other trial in hand.
        changes: How often it went on under other terms.
        artifacts: Where its files are for every machine, or ``None``.
        strict: Whether workers that do not run on what the first one ran on are refused.
        created_at: When it was made, on the database's clock. SQLite may give its key to another study once
            it is deleted: one that was made later.
        recorded: What Optuna's tables say of it where Optuna alone has made it; ``None`` for a study in the
            ledger. It has no contract, no attempts, no rounds and no confirmation, and can only be read.
    """

    study_id: int
    name: str
    search_id: int
    contract: Mapping[str, Any]
    searched: Mapping[str, Any] = field(compare=False, repr=False)
    base: str
    budget: int
    parallelism: int
    attempts: int
    changes: int = 0
    artifacts: str | None = None
    strict: bool = False
    created_at: float = field(default=0.0, repr=False)
    recorded: Recorded | None = field(default=None, compare=False, repr=False)

    @property
    def maker(self) -> Maker:
        """The program that made it."""
        return Maker.HPSEARCH if self.recorded is None else Maker.OPTUNA

    @cached_property
    def spec(self) -> StudySpec:
        """The study file of the search, parsed when it is first asked for.

        Raises:
            NotFoundError: The study confirms a search that was deleted.
            StorageError: The contract in the database is not one that this version reads.
        """
        if self.recorded is not None:
            return self.recorded.spec
        if "study" not in self.searched:
            raise NotFoundError(f"study {self.name!r} confirms a search that is no longer in this database")
        try:
            return spec_from_dict(self.searched["study"])
        except (StudyFileError, AttributeError, TypeError) as error:
            raise StorageError(
                f"study {self.name!r}: table hpsearch_studies, row with study_id {self.search_id}: contract: "
                f"expected the contract of a study, found: {first_line(error)}; "
                f"{to_type('db check')} lists what is wrong"
            ) from error

    @property
    def space(self) -> Space:
        """The search space."""
        return self.spec.space

    @property
    def sign(self) -> float:
        """1 where more of its metric is better, else -1."""
        return self.spec.metric.sign

    @property
    def is_search(self) -> bool:
        """Whether it is a search, and not the companion study that confirms one."""
        return self.study_id == self.search_id


def expect_search(study: Study) -> Study:
    """Return a study that is a search.

    Raises:
        NotFoundError: The study confirms a search.
    """
    if not study.is_search:
        raise NotFoundError(
            f"expected a search, found study {study.name!r}, which confirms one; name the search"
        )
    return study


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A trial that one worker holds.

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
    """The result of a trial.

    Attributes:
        state: A settled state.
        value: Its value of the metric; ``None`` for a failed trial.
        curve: The metric after each epoch.
        reason: Why a trial did not complete.
        notes: What is shown beside the value, a name of ``NOTES`` -> JSON.
    """

    state: TrialState
    value: float | None
    curve: tuple[float, ...] = ()
    reason: str | None = None
    notes: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.state in UNSETTLED:
            raise ValueError(f"state: expected a settled state, found {self.state.name}")
        if (self.value is None) != (self.state is TrialState.FAILED):
            raise ValueError(f"value: expected one exactly when a trial did not fail, found {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerIdentity:
    """The identity of a worker process: no other process has it, now or later.

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
class Beat:
    """The answer to a worker that reports.

    Attributes:
        held: The claims that are still its own.
        control: What it is to do.
    """

    held: list[Claim]
    control: Control
