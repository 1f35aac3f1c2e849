"""The records of an evaluation: the task that a trial asks for, what is reported of it, its outcome."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from hpsearch.study_file import Setting
from hpsearch.types import Json


class Ending(StrEnum):
    """How an evaluation ended."""

    COMPLETE = "complete"
    STOPPED = "stopped"
    DIVERGED = "diverged"
    FAILED = "failed"

    @classmethod
    def of(cls, reason: str) -> "Ending | None":
        """Return the ending that a stored reason begins with, as ``reason`` wrote it, or ``None``."""
        word = reason.partition(" ")[0]
        return next((ending for ending in cls if ending == word), None)

    def reason(self, n_epochs: int) -> str | None:
        """Return the reason that is stored of a trial which did not complete, else ``None``."""
        return None if self is Ending.COMPLETE else f"{self} after {n_epochs} whole epochs"


class TaskState(Protocol):
    """Where a task has got to: all that its next attempt needs to go on from there."""

    @property
    def curve(self) -> tuple[float, ...]:
        """The curve so far, as ``Evaluator.resume`` takes it."""

    def pack(self) -> bytes:
        """Return it as bytes, which ``Evaluator.resume`` reads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The evaluation that a trial asks for.

    Attributes:
        settings: The trial's own settings, name -> value.
        seed: Decides all that is random in it; 0 or more.
        stops: Returns whether the evaluation stops, given its scores so far, ``(reports so far,)``.
        since: Where an earlier attempt has got to; ``None`` begins anew.
        number: The number of the trial.
        attempt: How often the trial has been claimed, from 1.
        folder: A folder that the attempts of the trial share, made when it is first asked for; ``None`` where
            the evaluation belongs to no trial.
    """

    settings: Mapping[str, Setting]
    seed: int
    stops: Callable[[Sequence[float]], bool] = lambda _: False
    since: TaskState | None = None
    number: int = 0
    attempt: int = 1
    folder: Path | None = None

    @property
    def key(self) -> tuple[tuple[tuple[str, Setting], ...], int]:
        """Settings and seed: two tasks with equal keys have the same outcome, unless one is stopped."""
        return tuple(sorted(self.settings.items())), self.seed


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of an evaluation.

    Attributes:
        ending: How it ended.
        curve: The metric at each report: after each epoch of a training.
        value: The value of the metric; ``None`` exactly where the evaluation failed.
        reason: Why it did not complete, or ``None``.
        notes: What is stored and shown beside the value, name -> JSON.
    """

    ending: Ending
    curve: tuple[float, ...]
    value: float | None
    reason: str | None = None
    notes: Mapping[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.value is None) != (self.ending is Ending.FAILED):
            raise ValueError(f"value: expected one exactly where it did not fail, found {self.value}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskReport:
    """What has come of tasks that are evaluated together; a task is named by its place in their list.

    Attributes:
        curves: Place -> curve so far, of the tasks that go on.
        ended: Place -> outcome, of the tasks that have ended since the last report.
        state: Returns a copy of where a task that goes on has got to; only until the next report.
    """

    curves: Mapping[int, tuple[float, ...]] = field(default_factory=dict)
    ended: Mapping[int, Outcome] = field(default_factory=dict)
    state: Callable[[int], TaskState | None] = lambda _: None


OnReport: TypeAlias = Callable[[TaskReport], Any]
"""Called again and again while tasks are evaluated; an exception of its own ends the evaluation."""
