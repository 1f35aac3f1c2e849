"""The protocols of an objective: what a study file names, and what evaluates trials in one worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from hpsearch.data import Dataset
from hpsearch.errors import HpsearchError
from hpsearch.estimators.saved import SavedEstimator
from hpsearch.metrics import Measure
from hpsearch.nn import Network
from hpsearch.objective.code import Code
from hpsearch.objective.task import OnReport, Outcome, Task
from hpsearch.study_file import StudySpec
from hpsearch.types import Float64Array


class ResumeError(HpsearchError):
    """What was saved of a task is not what it can go on from: it begins anew."""


class JudgedRows(StrEnum):
    """The rows that an outcome is judged by."""

    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What rows that nothing was chosen by say of outcomes.

    Attributes:
        scores: Metric -> mean of its value over the outcomes.
        parts: The study's metric of each outcome plus the influence of each row, ``(S, R)``.
        confusion: Rows of each class that were predicted as each class; empty where there is no such table.
        classes: The labels of the classes as texts; empty for a regression.
        rows: ``"train"``, ``"validation"`` and ``"test"`` -> number of rows.
        constant: The study's metric for a constant prediction.
        features: Features that a row has for a model; ``None`` where it is not known.
    """

    scores: Mapping[str, float]
    parts: Float64Array
    confusion: tuple[tuple[int, ...], ...] = ()
    classes: tuple[str, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)
    constant: float | None = None
    features: int | None = None


class Judge(Protocol):
    """Judges outcomes by rows that hpsearch knows: those that choose among trials, and the test rows."""

    @property
    def validation_rows(self) -> int:
        """Number of rows that score a trial."""

    @property
    def constant_score(self) -> float:
        """The score of the best constant prediction on the rows that score a trial."""

    def validation_parts(self, outcome: Outcome) -> Float64Array:
        """Return the value of the metric plus the influence of each row that scores a trial, ``(n,)``."""

    def pack(self, outcome: Outcome, rows: JudgedRows) -> bytes | None:
        """Return what judging an outcome by certain rows takes, as bytes that ``unpack`` reads.

        It is ``None`` where the evaluation was not asked for these rows.
        """

    def unpack(self, data: bytes) -> Outcome | None:
        """Return an outcome that can be judged like the one that was packed; ``None`` of damaged bytes."""

    def judge(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of outcomes, one after the other."""

    def judge_ensemble(self, outcomes: Sequence[Outcome]) -> Judged:
        """Return what the test rows say of the average of what outcomes predict."""


class Evaluator(Protocol):
    """An objective bound to its data or its code, in one worker."""

    @property
    def metric(self) -> Measure:
        """What trials are judged by."""

    @property
    def judge(self) -> Judge | None:
        """What judges outcomes by rows; ``None`` where a trial's value is all that hpsearch knows of it."""

    def evaluate(self, tasks: Sequence[Task], *, on_report: OnReport = lambda _: None) -> Sequence[Outcome]:
        """Evaluate tasks and return their outcomes in order.

        Args:
            tasks: The tasks.
            on_report: Called after each step of each of them, and where a step is long, several times a
                second.
        """

    def refitting(self) -> "Evaluator":
        """Return an evaluator that learns from the rows that score a trial as well."""

    def at_once(self, share: int, *, free: int) -> int:
        """Return how many tasks a worker does well to claim together; at least 1.

        Args:
            share: What leaves as much for every other worker, and for their next claims.
            free: What no other worker waits for; ``share`` at least.
        """

    def close(self) -> None:
        """End what it holds: processes, files."""

    def resume(self, task: Task, *, curve: tuple[float, ...], data: bytes, source: str) -> Task:
        """Return a task that goes on from where an earlier attempt has got to.

        Args:
            task: The task from its start.
            curve: The curve until then.
            data: What ``TaskState.pack`` has made of it.
            source: A name of the data in a message.

        Raises:
            ResumeError: It cannot go on from there.
        """


class RowEvaluator(Evaluator, Protocol):
    """An evaluator whose tasks learn from rows that hpsearch reads, so that what they learn can be saved."""

    @property
    def dataset(self) -> Dataset:
        """The examples."""

    def keeping(self) -> "RowEvaluator":
        """Return an evaluator whose outcomes hold all that ``models`` needs."""

    def models(self, outcomes: Sequence[Outcome]) -> Sequence[Network | SavedEstimator]:
        """Return what outcomes have learned, as a model file takes it."""


class Inputs(Protocol):
    """What the trials of a study are evaluated on, found on this machine when it is asked for."""

    def data(self) -> Dataset:
        """Return the data that the study was created with.

        Raises:
            DataError: There are no data here, and there is no other place to look.
            ContractError: No place has them.
        """

    def code(self) -> Code:
        """Return the code that the study was created with.

        Raises:
            LeaveError: Code that a database names may not be run here.
            CodeError: No folder has it.
            ContractError: What is found is other code.
        """


class Objective(Protocol):
    """What a study file names: how a trial is evaluated."""

    def check(self, spec: StudySpec) -> StudySpec:
        """Return a study with every setting and every default filled in; refuse what cannot be.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """

    def check_data(self, spec: StudySpec, dataset: Dataset) -> None:
        """Refuse a study whose trials cannot learn from its data.

        Raises:
            StudyFileError: Names file, line, key, and what was expected and found.
        """

    def warnings(self, spec: StudySpec, dataset: Dataset) -> list[str]:
        """Return a line for each setting that does not do what it seems to."""

    def bind(self, spec: StudySpec, inputs: Inputs) -> Evaluator:
        """Return what evaluates the trials of a study on this machine; it raises what ``inputs`` raises."""
