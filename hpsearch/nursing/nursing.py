"""A nursing at work: an iterator of epochs, whose every intervention is a row of the ledger."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from hpsearch.errors import to_type
from hpsearch.nn import MLPConfig, Network
from hpsearch.nursing.course import Course
from hpsearch.nursing.requests import (
    InterventionError,
    InterventionRequest,
    ScriptLine,
    expect_reason,
    expect_rewind,
    read_request,
)
from hpsearch.report.numbers.nursings import nursing_fingerprint, origin_words, way_of
from hpsearch.store import (
    HeldNursing,
    Intervention,
    InterventionKind,
    Ledger,
    NursedEpoch,
    NursingRow,
    NursingState,
    StaleNursingError,
    Study,
)
from hpsearch.types import Json

FLUSH_S = 0.2
"""Epochs are stored together, at least so often; one that was not stored is trained again after a crash."""


class Nursing(Iterator[NursedEpoch]):
    """A training that a person steers: each step of the iterator trains one epoch.

    It ends after its last epoch, when it is stopped, or after an epoch that diverged with nothing done about
    it. Used with ``with``, it stores where it stands at the end of the block, and goes on there next time.

    Args:
        ledger: Where the study is.
        study: The study.
        held: The nursing that this process holds.
        course: Its course before its own first epoch.

    Attributes:
        closing: What is closed when it ends here.
        number: Its number in the study.
        row: What the ledger has of it.
        history: What came of each of its epochs, in the order in which they were trained.
        interventions: Its interventions so far, in order.
        state: Where it stands.
        paused: Whether a person asked to wait; the iterator goes on all the same.
    """

    def __init__(self, ledger: Ledger, study: Study, held: HeldNursing, course: Course) -> None:
        self._ledger, self._study, self._held, self._course = ledger, study, held, course
        self.closing = ExitStack()
        self.number = held.number
        self.row: NursingRow = ledger.nursing(study, held.number)
        self.history: list[NursedEpoch] = []
        self.interventions: list[Intervention] = []
        self.state, self.paused = NursingState.OPEN, False
        self._script = [ScriptLine.from_json(line) for line in self.row.plan.script]
        self._new: list[NursedEpoch] = []
        self._flushed_at = time.monotonic()

    @property
    def study(self) -> str:
        """The name of its study."""
        return self._study.name

    @property
    def origin(self) -> str:
        """What it goes on with, in words."""
        return origin_words(self.row)

    @property
    def metric(self) -> str:
        """The name of the metric in a sentence."""
        return self._study.spec.metric.title

    @property
    def epoch(self) -> int:
        """Epochs done on the way that led here."""
        return self._course.epoch

    @property
    def epochs(self) -> int:
        """The epoch at which it ends."""
        return self.row.plan.epochs

    @property
    def config(self) -> MLPConfig:
        """The settings of the next epoch."""
        return self._course.config

    @property
    def diverged(self) -> bool:
        """Whether the last epoch that was tried diverged, with nothing done about it since."""
        return self._course.diverged

    @property
    def best(self) -> NursedEpoch | None:
        """The epoch of the best value on the way that led here, the earliest of equals, or ``None``."""
        valued = [point for point in self.curve if point.value is not None]
        sign = self._study.sign
        return max(valued, key=lambda point: sign * (point.value or 0.0), default=None)

    @property
    def fingerprint(self) -> str:
        """The line that is equal for two nursings exactly when they are the same training."""
        return nursing_fingerprint(self.interventions, self.history)

    @property
    def curve(self) -> list[NursedEpoch]:
        """What came of each epoch on the way that led here."""
        return way_of(self.history, here=self.epoch)

    def catch_up(self) -> None:
        """Train what the ledger knows of it again, to the same bits, up to where it stands.

        A pause does not hold any more: the person who begins again wants it to go on.

        Raises:
            StaleNursingError: An epoch comes out otherwise: another processor or other versions.
        """
        stored = {(one.part, one.epoch): one for one in self._ledger.nursed_epochs(self._study, self.number)}

        def take(point: NursedEpoch) -> None:
            known = stored.get((point.part, point.epoch), point)
            if known != point:
                raise StaleNursingError(
                    f"nursing {self.number} of study {self.study!r}: epoch {point.epoch} comes out otherwise "
                    "than before: another processor or other versions round otherwise; go on where it was "
                    "begun, or begin another nursing here"
                )
            self.history.append(point)
            if (point.part, point.epoch) not in stored:
                self._new.append(point)

        self.interventions = self._ledger.interventions(self._study, self.number)
        self._course.follow(self.interventions, on_epoch=take)
        while (self._course.part, self.epoch + 1) in stored or self._is_before_first:
            take(self._course.advance())
            if self.diverged:
                break

    def go_on(self) -> None:
        """End a pause."""
        self.paused = False

    def follow_script(self) -> None:
        """Make the interventions of the script whose epoch has come."""
        while (line := self._due()) is not None:
            self._make(line.request, scripted=self._n_scripted())

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> NursedEpoch:
        if self.state is NursingState.OPEN:
            self.follow_script()
        if self.state is NursingState.OPEN and self.diverged:
            self.leave(NursingState.DIVERGED)
        if self.state is NursingState.OPEN and self.epoch >= self.epochs:
            self.leave(NursingState.COMPLETE)
        if self.state is not NursingState.OPEN:
            raise StopIteration
        self.paused = False
        point = self._course.advance()
        self.history.append(point)
        self._new.append(point)
        if time.monotonic() - self._flushed_at > FLUSH_S:
            self.flush()
        return point

    def do(self, text: str, *, reason: str = "") -> Intervention:
        """Make the intervention that a line of text asks for, such as ``lr x0.5  # it shakes``."""
        return self._make(read_request(text, reason=reason))

    def set(self, *, reason: str = "", **settings: Json) -> Intervention:
        """Let other settings hold from the next epoch on.

        Args:
            reason: Why.
            **settings: Name -> value, such as ``lr=1e-4``, or a factor, such as ``lr="x0.5"``.

        Raises:
            SettingError: A setting cannot change between two epochs, or not to that.
        """
        return self._make(InterventionRequest(kind=InterventionKind.SET, settings=settings, reason=reason))

    def rewind(self, epoch: int, *, reason: str = "") -> Intervention:
        """Go back to the state after an epoch, with the settings that it was trained with.

        Raises:
            InterventionError: It has not been trained yet.
        """
        settings: Mapping[str, Json] = {"to": epoch}
        return self._make(InterventionRequest(kind=InterventionKind.REWIND, settings=settings, reason=reason))

    def branch(self, *, reason: str = "") -> int:
        """Make a copy of the training as it stands, which goes on by itself later; return its number."""
        made = self._make(InterventionRequest(kind=InterventionKind.BRANCH, reason=reason))
        return int(str(made.settings["number"]))

    def pause(self, *, reason: str = "") -> Intervention:
        """Note that a person waits here; it changes no training."""
        return self._make(InterventionRequest(kind=InterventionKind.PAUSE, reason=reason))

    def stop(self, *, reason: str = "") -> Intervention:
        """End it here."""
        return self._make(InterventionRequest(kind=InterventionKind.STOP, reason=reason))

    def network(self, epoch: int | None = None) -> Network:
        """Return the network after an epoch on the way that led here; the last one if ``None``.

        Raises:
            InterventionError: There is no such epoch.
        """
        epoch = self.epoch if epoch is None else epoch
        (network, *_) = self._course.networks(expect_rewind(epoch, self.epoch))
        return network

    def leave(self, state: NursingState = NursingState.OPEN) -> None:
        """Store where it stands, and let it go; an open one goes on there when it is nursed again."""
        if self._held.token:
            self.flush()
            self._ledger.leave_nursing(self._study, self._held, state)
            self._held = HeldNursing(number=self.number, token="")
            self.state = state
            self.closing.close()

    def flush(self) -> None:
        """Store the epochs that have been trained since the last time."""
        if self._new:
            self._ledger.add_nursed(self._study, self._held, self._new)
        self._new, self._flushed_at = [], time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _where: TracebackType | None
    ) -> None:
        if isinstance(error, StaleNursingError):  # nothing more may be written
            self.closing.close()
        else:
            self.leave()

    def _make(self, request: InterventionRequest, *, scripted: int | None = None) -> Intervention:
        if not self._held.token:
            raise InterventionError(
                f"nursing {self.number} of study {self.study!r} has ended here; "
                f"go on with it: {to_type(f'nurse --nursing {self.number}', self.study)}"
            )
        if request.kind is InterventionKind.REWIND:
            expect_rewind(request.settings["to"], self.epoch)
        intervention: Intervention | None = Intervention(
            sequence=len(self.interventions),
            part=self._course.part,
            epoch=self.epoch,
            kind=request.kind,
            settings=request.resolved(self.config),
            reason=expect_reason(request.reason),
            scripted=scripted,
        )
        # The ledger first: what it does not have has not happened.
        intervention = self._ledger.add_nursed(self._study, self._held, self._new, intervention)
        assert intervention is not None
        self._new, self._flushed_at = [], time.monotonic()
        self.interventions.append(intervention)
        self._course.apply(intervention)
        self.paused = intervention.kind is InterventionKind.PAUSE
        if intervention.kind is InterventionKind.STOP:
            self.leave(NursingState.STOPPED)
        return intervention

    @property
    def _is_before_first(self) -> bool:
        """Whether the training has not come to where a person steers it."""
        return self._course.part == 0 and self.epoch < self.row.plan.first_epoch

    def _n_scripted(self) -> int:
        return sum(one.scripted is not None for one in self.interventions)

    def _due(self) -> ScriptLine | None:
        rest: Sequence[ScriptLine] = self._script[self._n_scripted() :]
        is_due = bool(rest) and rest[0].at == self.epoch and self.state is NursingState.OPEN
        return rest[0] if is_due else None
