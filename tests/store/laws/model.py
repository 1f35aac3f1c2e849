"""What a ledger must answer: the same study as a list of trials in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hpsearch.search import Proposal, TrialState, may_start
from hpsearch.store import Claim, Control, Result

DEATHS = {"expired", "crashed"}


@dataclass
class Trial:
    """A trial that has a number and was given to a worker, or was settled in somebody else's hands.

    Attributes:
        internal: Its parameters.
        claim: The latest claim on it; ``None`` when no worker had it.
        alone: Whether that claim came with no other.
        ended: How that claim's attempt ended, as far as the ledger has noticed; ``None`` while it is held.
        lapsed: Whether its lease has run out.
        past: How earlier attempts ended, and whether they were alone.
        curve: What is stored of it.
        result: What came of it; ``None`` while it is not settled.
        winner: The claim whose result was taken; ``None`` when somebody settled it by hand.
        noticed: Whether a claim has seen that somebody settled it by hand.
    """

    internal: tuple[float, ...]
    claim: Claim | None = None
    alone: bool = False
    ended: str | None = None
    lapsed: bool = False
    past: list[tuple[str, bool]] = field(default_factory=list)
    curve: tuple[float, ...] = ()
    result: Result | None = None
    winner: Claim | None = None
    noticed: bool = True

    @property
    def orphaned(self) -> bool:
        """Whether no living worker holds it and it is not settled."""
        return self.result is None and (self.ended is not None or self.lapsed)

    @property
    def deaths(self) -> list[bool]:
        """Whether each attempt whose worker died was alone."""
        return [alone for ended, alone in [*self.past, (self.ended, self.alone)] if ended in DEATHS]


@dataclass
class Stranger:
    """A trial that was added through Optuna's tables and that no claim has looked at.

    Attributes:
        number: Its number.
        wish: Name -> internal value of the parameters it must have.
        result: Its value when it came settled; ``None`` when it waits.
    """

    number: int
    wish: dict[str, float]
    result: Result | None = None


@dataclass
class Model:
    """A study.

    Attributes:
        names: Its parameters.
        budget: Number of trials.
        parallelism: Trials in flight.
        attempts: Deaths alone after which a trial fails for good.
        settled_point: What conditions make of the parameters that are given and filled in, by name.
        control: What workers are to do.
        reopened: How often a failed trial was tried again on request.
        stopped: The first trial that a rule has not let begin.
        trials: The trials by number.
        strangers: The trials that wait to be looked at, by number.
        adopted: How many trials there were when the last of these was looked at: proposals that begin below
            that were made without it.
    """

    names: tuple[str, ...]
    budget: int
    parallelism: int
    attempts: int
    settled_point: Callable[[dict[str, float]], dict[str, float]] = dict
    control: Control = Control.RUN
    reopened: int = 0
    stopped: int | None = None
    trials: list[Trial] = field(default_factory=list)
    strangers: list[Stranger] = field(default_factory=list)
    adopted: int = 0

    @property
    def prefix(self) -> int:
        """The number of leading settled trials."""
        return next((n for n, t in enumerate(self.trials) if t.result is None), len(self.trials))

    @property
    def end(self) -> int:
        """How many trials it has in the end."""
        return self.budget if self.stopped is None else min(self.budget, self.stopped)

    @property
    def next_number(self) -> int:
        """The number that the next added trial gets."""
        return len(self.trials) + len(self.strangers)

    def holds(self, claim: Claim) -> bool:
        """Tell whether a claim is still good: the latest of its trial, and not given up."""
        trial = self.trials[claim.number]
        return trial.claim == claim and trial.result is None and trial.ended in {None, "expired"}

    def takes(self, claim: Claim) -> bool:
        """Tell whether a result for a claim is acknowledged: it is taken, or was taken before."""
        return self.holds(claim) or self.trials[claim.number].winner == claim

    def claim(self, proposals: list[Proposal], *, limit: int, reopened: int) -> list[int]:
        """Hand out trials; return their numbers."""
        if self.control is not Control.RUN or limit < 1:
            return []
        prefix = self.prefix  # of trials that fail for good in this very claim the next one makes use
        for trial in self.trials:
            trial.noticed = True
        suspects, others = self._orphans()
        if suspects and (not others or suspects[0] < others[0]):
            others, limit = suspects, 1
        numbers = others[:limit]
        for number in numbers:
            trial = self.trials[number]
            trial.past.append((trial.ended, trial.alone))
            trial.curve = ()
        if reopened == self.reopened:
            admit = self._adopt if self.strangers else self._admit
            numbers += admit(proposals, prefix=prefix, limit=limit - len(numbers))
        return numbers

    def stop(self, number: int, *, reopened: int) -> int | None:
        """Let a rule end the study before a trial; return where it ends."""
        if self.stopped is None and reopened == self.reopened and number >= len(self.trials):
            self.stopped = number
        return self.stopped

    def handed_out(self, claims: list[Claim]) -> None:
        """Note who holds trials from now on."""
        for claim in claims:
            trial = self.trials[claim.number]
            trial.claim, trial.alone, trial.ended, trial.lapsed = claim, len(claims) == 1, None, False

    def may_retry(self, number: int) -> bool:
        """Tell whether a settled trial failed and no later trial has seen that it did."""
        failed = self.trials[number].result.state is TrialState.FAILED
        return failed and len(self.trials) <= number + self.parallelism

    def retry(self, number: int) -> None:
        """Let a failed trial be tried again."""
        trial = self.trials[number]
        trial.result = trial.winner = None
        trial.noticed, trial.ended = True, "released"
        trial.past = [("released", alone) for _, alone in trial.past]
        self.reopened += 1
        self.stopped = None

    def _orphans(self) -> tuple[list[int], list[int]]:
        """Return the trials whose worker has died before and the other orphans; give up some of them."""
        suspects, others = [], []
        for number, trial in enumerate(self.trials):
            if not trial.orphaned:
                continue
            trial.ended = trial.ended or "expired"
            if sum(trial.deaths) >= self.attempts:
                trial.result, trial.curve = Result(state=TrialState.FAILED, value=None), ()
            else:
                (suspects if trial.deaths else others).append(number)
        return suspects, others

    def _admit(self, proposals: list[Proposal], *, prefix: int, limit: int) -> list[int]:
        numbers = []
        if proposals and proposals[0].number < self.adopted:
            return numbers
        for proposal in proposals:
            number = len(self.trials)
            starts = may_start(number, settled_prefix=prefix, parallelism=self.parallelism)
            if proposal.number == number < self.end and starts and len(numbers) < limit:
                self.trials.append(Trial(internal=proposal.internal))
                numbers.append(number)
        return numbers

    def _adopt(self, proposals: list[Proposal], *, prefix: int, limit: int) -> list[int]:
        numbers = []
        while limit > 0 and self.strangers and (number := self.strangers[0].number) < self.end:
            stranger = self.strangers[0]
            point = dict(stranger.wish)
            if stranger.result is None:
                if proposals and proposals[0].number == number:
                    point = dict(zip(self.names, proposals[0].internal, strict=True)) | point
                point = self.settled_point(point)
                starts = may_start(number, settled_prefix=prefix, parallelism=self.parallelism)
                if not starts or len(numbers) == limit or len(point) < len(self.names):
                    break
                numbers.append(number)
            self.strangers.pop(0)
            point = self.settled_point(point)
            internal = tuple(point[name] for name in self.names)
            self.trials.append(Trial(internal=internal, result=stranger.result))
            self.adopted = len(self.trials)
        return numbers
