"""The history of a study: its trials as columns, and the part of them that a trial may see."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cached_property

import numpy as np

from hpsearch.types import Float64Array, IntArray


class TrialState(IntEnum):
    """The state of a trial; all except ``RUNNING`` and ``WAITING`` are settled."""

    RUNNING = 0
    COMPLETE = 1
    PRUNED = 2
    FAILED = 3
    WAITING = 4


@dataclass(frozen=True, kw_only=True)
class History:
    """The trials of a study, numbered 0 to ``n - 1`` without a gap.

    Attributes:
        internal: Internal parameter values, ``(n, n_parameters)``; NaN where a parameter is not active.
        states: The ``TrialState`` of each trial, ``(n,)``; a waiting trial is in no history yet.
        values: Scores, more is better, ``(n,)``; NaN where there is none.
        curves: Scores after each epoch, ``(n, epochs)``; NaN where there is none.
        sign: 1, or -1 where less of the metric is better: ``sign`` times a score is the metric.
    """

    internal: Float64Array
    states: IntArray
    values: Float64Array
    curves: Float64Array
    sign: float = 1.0

    @classmethod
    def empty(cls, n_parameters: int, *, sign: float = 1.0) -> "History":
        """Return the history of a study without trials."""
        return cls(
            internal=np.empty((0, n_parameters)),
            states=np.empty(0, np.int64),
            values=np.empty(0),
            curves=np.empty((0, 0)),
            sign=sign,
        )

    def __len__(self) -> int:
        return len(self.states)

    @property
    def measured(self) -> Float64Array:
        """The metric of each trial as people know it, ``(n,)``."""
        return self.sign * self.values

    @cached_property
    def settled_prefix(self) -> int:
        """The number of leading trials that are all settled."""
        running = np.flatnonzero(self.states == TrialState.RUNNING)
        return int(running[0]) if running.size else len(self)

    @property
    def complete(self) -> IntArray:
        """The numbers of the trials that ran to the end."""
        return np.flatnonzero(self.states == TrialState.COMPLETE)

    @property
    def valued(self) -> IntArray:
        """The numbers of the trials that have a value: complete or pruned."""
        return np.flatnonzero((self.states == TrialState.COMPLETE) | (self.states == TrialState.PRUNED))

    def point(self, number: int) -> tuple[float, ...]:
        """Return a trial's internal values; NaN is always ``math.nan``, so that equal points are equal."""
        return tuple(math.nan if math.isnan(v) else v for v in self.internal[number].tolist())

    def up_to(self, number: int) -> "History":
        """Return the trials below ``number``."""
        return self.part(slice(number))

    def seen_by(self, number: int, parallelism: int) -> "History":
        """Return the history that trial ``number`` may see.

        It has all earlier trials, and results only for the numbers up to ``number - parallelism``, whatever
        else has finished: so the order in which trials finish does not matter.
        """
        earlier = self.up_to(number)
        blind = slice(max(0, number - parallelism + 1), number)
        states, values, curves = earlier.states.copy(), earlier.values.copy(), earlier.curves.copy()
        states[blind] = TrialState.RUNNING
        values[blind] = np.nan
        curves[blind] = np.nan
        return replace(earlier, states=states, values=values, curves=curves)

    def with_pending(self, internal: tuple[float, ...]) -> "History":
        """Return the history with one more trial, running with these parameters."""
        row = np.asarray(internal)[None, :]
        return replace(
            self,
            internal=np.concatenate([self.internal, row]),
            states=np.append(self.states, TrialState.RUNNING),
            values=np.append(self.values, np.nan),
            curves=np.concatenate([self.curves, np.full((1, self.curves.shape[1]), np.nan)]),
        )

    def followed_by(self, other: "History") -> "History":
        """Return this history and then the trials of ``other``."""
        width = max(self.curves.shape[1], other.curves.shape[1])
        return replace(
            self,
            internal=np.concatenate([self.internal, other.internal]),
            states=np.concatenate([self.states, other.states]),
            values=np.concatenate([self.values, other.values]),
            curves=np.concatenate([_widened(self.curves, width), _widened(other.curves, width)]),
        )

    def with_rows(self, numbers: Sequence[int], rows: "History") -> "History":
        """Return this history with some trials replaced, or added at its end.

        Args:
            numbers: The trials' numbers, ascending; new trials follow the old ones without a gap.
            rows: The same trials, in that order.
        """
        n_old = int(np.searchsorted(numbers, len(self)))
        # ``followed_by`` copies, so that writing to the result leaves this history as it is.
        history = self.followed_by(rows.part(slice(n_old, None)))
        old = list(numbers[:n_old])
        for name in ("internal", "states", "values"):
            getattr(history, name)[old] = getattr(rows, name)[:n_old]
        history.curves[old] = _widened(rows.curves[:n_old], history.curves.shape[1])
        return history

    def part(self, which: slice) -> "History":
        """Return some of the trials, numbered anew."""
        return replace(
            self,
            internal=self.internal[which],
            states=self.states[which],
            values=self.values[which],
            curves=self.curves[which],
        )


def may_start(number: int, *, settled_prefix: int, parallelism: int) -> bool:
    """Return whether every trial numbered up to ``number - parallelism`` is settled (the horizon)."""
    return number < settled_prefix + parallelism


def _widened(curves: Float64Array, width: int) -> Float64Array:
    return np.pad(curves, ((0, 0), (0, width - curves.shape[1])), constant_values=np.nan)
