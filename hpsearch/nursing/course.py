"""The course of a nursed training: a pure function of its settings, its seed and its interventions."""

import math
from collections.abc import Callable, Iterable

from hpsearch.nn import Checkpoint, MLPConfig, Network
from hpsearch.nn.training.steered import SteeredTraining, digest_of
from hpsearch.store import Intervention, InterventionKind, NursedEpoch
from hpsearch.types import Json

State = tuple[Checkpoint, ...]

KEPT_BYTES = 256 << 20
"""Bytes of the states of past epochs that are kept; beyond that every other one is trained again if asked."""


class Course:
    """A training with the interventions in it, which may go back to any of its epochs.

    Args:
        training: The training before its first epoch.
        sign: 1 where more of the metric is better, else -1.
        kept_bytes: Bytes of states that are kept, about.

    Attributes:
        part: The part that it is in, from 0; a new one begins after a rewind and after an epoch that
            diverged.
        epoch: Epochs done on the way that led here, 0 or more.
        diverged: Whether the last epoch that was tried diverged, with nothing done about it since.
    """

    def __init__(self, training: SteeredTraining, *, sign: float, kept_bytes: int = KEPT_BYTES) -> None:
        self._training, self._sign, self._kept_bytes = training, sign, kept_bytes
        self.part, self.epoch, self.diverged = 0, 0, False
        self._states: dict[int, State] = {0: training.state()}
        self._changes: dict[int, dict[str, Json]] = {}

    @property
    def config(self) -> MLPConfig:
        """The settings of the next epoch."""
        return self._training.config

    def advance(self) -> NursedEpoch:
        """Train the next epoch; one that diverges leaves the training where it was."""
        found, part, epoch = self._training.run_epoch(), self.part, self.epoch + 1
        loss = found.loss if math.isfinite(found.loss) else None
        if found.diverged:
            self._go_to(self.epoch, changed=True)
            self.part, self.diverged = part + 1, True
            return NursedEpoch(part=part, epoch=epoch, loss=loss, value=None, digest="")
        state = self._training.state()
        self.epoch, self.diverged = epoch, False
        self._keep(epoch, state)
        # The score may be undefined, as ROC AUC is of one class.
        value = self._sign * found.score if math.isfinite(found.score) else None
        return NursedEpoch(part=part, epoch=epoch, loss=loss, value=value, digest=digest_of(state))

    def apply(self, intervention: Intervention) -> None:
        """Make an intervention here; one that changes no training changes nothing."""
        if intervention.kind is InterventionKind.SET:
            self._training.change(intervention.settings)
            self._changes[self.epoch] = self._changes.get(self.epoch, {}) | dict(intervention.settings)
            self.diverged = False
        elif intervention.kind is InterventionKind.REWIND:
            to = int(str(intervention.settings["to"]))
            self._go_to(to, changed=False)
            self._states = {epoch: state for epoch, state in self._states.items() if epoch <= to}
            self._changes = {epoch: change for epoch, change in self._changes.items() if epoch < to}
            self.part, self.epoch, self.diverged = self.part + 1, to, False

    def follow(
        self, interventions: Iterable[Intervention], *, on_epoch: Callable[[NursedEpoch], object]
    ) -> None:
        """Train as far as the last of some interventions, and make them all."""
        for intervention in interventions:
            while (self.part, self.epoch) < (intervention.part, intervention.epoch):
                on_epoch(self.advance())
            self.apply(intervention)

    def begin_branch(self) -> None:
        """Count parts from 0 from here on: the parts before belong to the nursing that was branched."""
        self.part = 0

    def networks(self, epoch: int) -> tuple[Network, ...]:
        """Return copies of the networks after an epoch on the way that led here, one for each fold."""
        self._go_to(epoch, changed=False)
        networks = self._training.networks()
        self._go_to(self.epoch, changed=True)
        return networks

    def _go_to(self, epoch: int, *, changed: bool) -> None:
        """Go to the state after an epoch of the way that led here, with what was changed there or without."""
        base = max(kept for kept in self._states if kept <= epoch)
        self._training.restore(self._states[base])
        for between in range(base, epoch):
            self._change(between)
            self._training.run_epoch()
        if changed:
            self._change(epoch)

    def _change(self, epoch: int) -> None:
        if epoch in self._changes:
            self._training.change(self._changes[epoch])

    def _keep(self, epoch: int, state: State) -> None:
        self._states[epoch] = state
        room = self._kept_bytes // max(1, sum(_nbytes(lane) for lane in state))
        if len(self._states) > max(4, room):
            inner = sorted(self._states)[1:-1]
            for between in inner[::2]:
                del self._states[between]


def _nbytes(lane: Checkpoint) -> int:
    return lane.parameters.nbytes + lane.moments.nbytes + lane.order.nbytes
