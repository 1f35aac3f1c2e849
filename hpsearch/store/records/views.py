"""What the ledger shows to people: a trial, a round, where a study stands, what it found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from hpsearch.search import Stopped, TrialState
from hpsearch.space import Space, Value
from hpsearch.store.records.records import UNSETTLED, end_of
from hpsearch.store.schema.tables import Control


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

    def box(self, space: Space) -> dict[str, tuple[Value, Value]]:
        """Return name -> the ends of the box, in the parameters' own units."""
        ends = zip(space, self.low, self.high, strict=True)
        return {
            p.name: (p.external(p.from_unit(low)), p.external(p.from_unit(high))) for p, low, high in ends
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How far a study has come.

    Attributes:
        study: Its name.
        budget: Number of trials, exactly.
        counts: Trials in each state.
        stopped: How a rule has ended the study, or ``None``.
    """

    study: str
    budget: int
    counts: Mapping[TrialState, int] = field(default_factory=dict)
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
class Status(Counted):
    """Where a study stands, as people see it.

    Attributes:
        best_number: The complete trial with the highest value, or ``None``.
        best_value: Its value, or ``None``.
        control: What workers are to do.
        orphans: Running trials that wait for a worker to take them over.
        workers: Workers that have not ended.
        created_at: When the study was created, seconds since 1970.
    """

    best_number: int | None = None
    best_value: float | None = None
    control: Control = Control.RUN
    orphans: int = 0
    workers: int = 0
    created_at: float = 0.0


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
