"""The records of nursings that the ledger takes and returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hpsearch.errors import HpsearchError
from hpsearch.store.schema.nursing_tables import InterventionKind, NursingState
from hpsearch.types import Json


class StaleNursingError(HpsearchError):
    """Another process has taken the nursing over, or is at work on it: go on there, or let it end first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What a person did to a training between two of its epochs.

    Attributes:
        sequence: Its place among the interventions of its nursing, from 0.
        part: The part of the nursing in which it was made, from 0.
        epoch: The epoch after which it was made; 0 before the first.
        kind: What was done.
        settings: The new values of a ``set``, the epoch ``to`` of a ``rewind``, the ``number`` of a
            ``branch``.
        reason: Why, as a person wrote it; may be empty.
        scripted: Its place in the script, or ``None`` where it was typed or made from Python.
    """

    sequence: int
    part: int
    epoch: int
    kind: InterventionKind
    settings: Mapping[str, Json] = field(default_factory=dict)
    reason: str = ""
    scripted: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NursedEpoch:
    """What came of one epoch of a nursing.

    Attributes:
        part: The part of the nursing, from 0: a new one begins after a rewind, and after an epoch that
            diverged.
        epoch: The epoch, from 1.
        loss: Mean training loss; ``None`` where it is not finite.
        value: The metric on the validation rows; ``None`` where the training diverged.
        digest: SHA-256 of the parameters after it, 64 hexadecimal digits; empty where it diverged.
    """

    part: int
    epoch: int
    loss: float | None
    value: float | None
    digest: str

    @property
    def diverged(self) -> bool:
        """Whether the training diverged in this epoch."""
        return not self.digest


@dataclass(frozen=True, slots=True, kw_only=True)
class NursingPlan:
    """What a nursing begins with.

    Attributes:
        trial: The trial that it goes on with; ``None`` begins with the declared defaults.
        first_epoch: The epoch from which a person steers.
        epochs: The epoch at which it ends.
        script: The interventions that were given before it began, each as JSON.
    """

    trial: int | None
    first_epoch: int
    epochs: int
    script: Sequence[Mapping[str, Json]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NursingRow:
    """A nursing as the ledger has it.

    Attributes:
        number: Its number in its study, from 0.
        plan: What it began with; ``epochs`` may have been raised since.
        parent: The nursing that it is a branch of, or ``None``.
        branched: The sequence number of the intervention that made it; ``None`` where it is no branch.
        state: Where it stands.
        created_at: When it was made, seconds since 1970 on the database's clock.
        host: The machine of the process that wrote last.
        process: The name of that process; empty before the first.
    """

    number: int
    plan: NursingPlan
    parent: int | None
    branched: int | None
    state: NursingState
    created_at: float
    host: str
    process: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldNursing:
    """A nursing that this process holds: with its token it may write.

    Attributes:
        number: Its number.
        token: The key without which nothing is written.
    """

    number: int
    token: str
