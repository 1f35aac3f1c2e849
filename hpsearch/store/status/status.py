"""The status of one study, as people are shown it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from hpsearch.search import Stopped, TrialState, Verdict
from hpsearch.store.records.records import UNSETTLED, Maker, end_of
from hpsearch.store.schema.tables import Control


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The status of one study.

    Attributes:
        study: Its name.
        budget: Number of trials, exactly.
        counts: Trials in each state.
        stopped: How a rule has ended the study, or ``None``.
        best_number: The complete trial with the highest value, or ``None``.
        best_value: Its value, or ``None``.
        control: What its workers are to do.
        orphans: Running trials that wait for a worker to take them over.
        workers: Workers that have not ended.
        created_at: When the study was created, seconds since 1970; for a study that Optuna alone has made,
            when its first trial began, and 0 without one.
        maker: The program that made the study.
        infinite: Complete trials whose value is not finite: they take no part in the best.
        objectives: The number of its objectives; more than 1 only for a study that Optuna alone has made.
        verdict: The verdict of a search, or ``None`` while there is none.
        confirms: Whether it is a confirmation, which has no verdict of its own.
    """

    study: str
    budget: int
    counts: Mapping[TrialState, int] = field(default_factory=dict)
    stopped: Stopped | None = None
    best_number: int | None = None
    best_value: float | None = None
    control: Control = Control.RUN
    orphans: int = 0
    workers: int = 0
    created_at: float = 0.0
    maker: Maker = Maker.HPSEARCH
    infinite: int = 0
    objectives: int = 1
    verdict: Verdict | None = None
    confirms: bool = False

    @property
    def settled(self) -> int:
        """Trials that are complete, pruned or failed."""
        return sum(n for state, n in self.counts.items() if state not in UNSETTLED)

    @property
    def complete(self) -> int:
        """Trials that ran to the end."""
        return self.counts.get(TrialState.COMPLETE, 0)

    @property
    def end(self) -> int:
        """How many trials the study has in the end."""
        return end_of(self.budget, self.stopped)

    @property
    def finished(self) -> bool:
        """Whether every trial is settled, as far as the budget, or the rule that ended the study, reaches."""
        return self.settled >= self.end and (self.end > 0 or self.stopped is not None)

    @property
    def undecided(self) -> bool:
        """Whether the trials of a search are settled, and its winner is not known yet."""
        waits = self.finished and self.best_number is not None and self.verdict is None
        return waits and not self.confirms and self.maker is Maker.HPSEARCH


def expect_sound(status: Status) -> None:
    """Refuse a status that no study can have, because of what a row holds.

    Raises:
        TypeError: A number is none.
        ValueError: A number is not whole, or not finite.
    """
    measured = (status.created_at, 0.0 if status.best_value is None else status.best_value)
    if type(status.budget) is not int or not all(map(math.isfinite, measured)):
        raise ValueError(f"expected a whole number and finite ones, found {status.budget} and {measured}")
