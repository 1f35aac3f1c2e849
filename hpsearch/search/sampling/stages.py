"""The stages of a search: random rounds in boxes that follow the good results, then a model."""

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.rows import RowMemory
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.search.sampling.draws import Draws
from hpsearch.search.sampling.ranges import NARROWING, OPENING, Ranges
from hpsearch.search.sampling.untried import FiniteSpace, tried
from hpsearch.search.stage import Stage
from hpsearch.space import Space
from hpsearch.study_file import EVIDENCE_SINCE, VERSION, Purpose, child_seed

REDRAWS = 64
"""Points that are drawn in place of one that was tried before, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The parameters of one trial, and the stage that they come from.

    Attributes:
        number: The trial's number.
        internal: Internal parameter values, in the order of the space; NaN where one is not active.
        stage: ``"round 0"``, ``"round 1"``, ..., ``"random"`` (while the model has too few
            results), ``"tpe"``, ``"gp"`` or ``"confirm"``.
        opens: The box of the trial, if the trial is the first that is proposed in it, else ``None``.
    """

    number: int
    internal: tuple[float, ...]
    stage: str
    opens: Box | None = None


class Stages:
    """The stages of a search: random rounds, then a model. They propose the parameters of each trial.

    The first trials are log-uniform draws in the boxes of the random rounds; then TPE or a Gaussian process
    proposes from every result that a trial may see. The box of a round, and the ranges that are open, depend
    on what the trial may see before which they change, so they are computed once.

    Args:
        space: The search space.
        rounds: Sizes of the random rounds; after them comes the model.
        start: How the rounds are drawn: ``"random"`` or ``"sobol"``.
        seed: The study's seed.
        parallelism: Trials in flight.
        version: The version of the study.
        model: ``"tpe"``, or ``"gp"`` for a Gaussian process, up to 20 parameters and 300 trials.
        once: Whether no point of a finite space is proposed twice while others are untried.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011 (TPE).
    """

    def __init__(  # noqa: PLR0913 - what a study says of its search
        self,
        space: Space,
        rounds: Sequence[int],
        start: str,
        *,
        seed: int,
        parallelism: int = 1,
        version: int = VERSION,
        model: str = "tpe",
        once: bool = False,
    ) -> None:
        self._space = space
        self._starts = (0, *accumulate(rounds))  # the first number of each round, and that of the model
        self._seed, self._parallelism = seed, parallelism
        self._model = model
        self._by_evidence = version >= EVIDENCE_SINCE
        self._opens = any(parameter.margin for parameter in space)
        self._ranges = [Ranges.declared(space)]
        self._draws = Draws(start, len(space), seed=seed)
        self._finite = FiniteSpace.of(space) if once else None
        self._memory = RowMemory()

    @property
    def last_first(self) -> int:
        """The first trial of the latest ranges: they follow from what trials up to it may see."""
        return self._ranges[-1].first

    def propose(self, number: int, seen_by: Callable[[int], History]) -> Proposal:
        """Return the parameters that trial ``number`` tries.

        Args:
            number: The trial's number.
            seen_by: Returns the history that the trial of a number may see.
        """
        proposal = self._proposed(number, seen_by)
        if self._finite is None:
            return proposal
        seen = seen_by(number)
        if not tried(np.array([proposal.internal]), seen.internal)[0]:
            return proposal
        return replace(proposal, internal=self._untried(proposal, seen), stage=Stage.RANDOM)

    def _proposed(self, number: int, seen_by: Callable[[int], History]) -> Proposal:
        ranges = self._at(number, seen_by)
        changed = number == ranges.first and (ranges.moved or number in self._starts)
        if number < self._starts[-1]:
            round_ = bisect_right(self._starts, number) - 1
            opens = ranges.box if changed else None
            drawn = self._drawn(ranges.box, number)
            return Proposal(number=number, internal=drawn, stage=f"{Stage.ROUND} {round_}", opens=opens)
        stage, box, asked = self._modelled(number, seen_by(number), ranges)
        opens = box if changed else None
        if asked is None:
            box = box if self._by_evidence else Box.declared(self._space)
            asked, stage = self._drawn(box, number), Stage.RANDOM
        return Proposal(number=number, internal=asked, stage=stage, opens=opens)

    def _modelled(
        self, number: int, seen: History, ranges: Ranges
    ) -> tuple[Stage, Box, tuple[float, ...] | None]:
        """Return the model that proposes for a trial, its box, and its proposal, if it has enough results."""
        seed = child_seed(self._seed, Purpose.PROPOSE, number)
        # SciPy's special functions take 0.1 s to import, and the random rounds do without them.
        if self._model == "gp":
            from hpsearch.search.sampling.gp import PARAMETERS_MOST, TRIALS_MOST, propose  # noqa: PLC0415

            if len(self._space) <= PARAMETERS_MOST and number < TRIALS_MOST:
                box = ranges.opened
                low, high = np.array(box.low), np.array(box.high)
                return Stage.GP, box, propose(self._space, seen, seed=seed, low=low, high=high)
        from hpsearch.search.sampling.tpe import BAD_MOST, ask  # noqa: PLC0415

        asked = ask(
            self._space,
            seen,
            seed=seed,
            bad_most=BAD_MOST if self._by_evidence else None,
            box=ranges.box if self._by_evidence else None,
            once=self._finite is not None,
            memory=self._memory,
        )
        return Stage.TPE, ranges.box, asked

    def _drawn(self, box: Box, number: int) -> tuple[float, ...]:
        return self._space.from_unit(self._draws.inside(box, number))

    def _untried(self, proposal: Proposal, seen: History) -> tuple[float, ...]:
        """Return a point of a finite space in place of one that was tried: one drawn that was not, if any."""
        left = self._finite.untried(seen) if self._finite else None
        rng = np.random.Generator(np.random.PCG64(child_seed(self._seed, Purpose.START, proposal.number)))
        if left is not None:
            return left[int(rng.integers(len(left)))] if left else proposal.internal
        points = self._space.from_units(rng.random((REDRAWS, len(self._space))))
        new = points[~tried(points, seen.internal)]
        if not len(new):
            return proposal.internal
        return tuple(math.nan if math.isnan(value) else value for value in new[0].tolist())

    def _at(self, number: int, seen_by: Callable[[int], History]) -> Ranges:
        """Return the ranges that a trial is proposed in; each follows from those before them."""
        while (first := self._next_first(self._ranges[-1].first)) is not None and first <= number:
            self._ranges.append(self._next(first, seen_by))
        place = bisect_right(self._ranges, number, key=lambda ranges: ranges.first) - 1
        return self._ranges[place]

    def _next_first(self, first: int) -> int | None:
        """Return the trial before which ranges may move next, after those that begin with trial ``first``."""
        place = bisect_right(self._starts, first)
        found = list(self._starts[place : place + 1])
        if not self._by_evidence:
            return found[0] if found and found[0] != self._starts[-1] else None
        if self._opens:
            found.append(OPENING.after(first, parallelism=self._parallelism))
        tpe = max(first, self._starts[-1])
        found.append(NARROWING.after(tpe, parallelism=self._parallelism))
        return min(found)

    def _next(self, first: int, seen_by: Callable[[int], History]) -> Ranges:
        before, seen = self._ranges[-1], seen_by(first)
        seed = child_seed(self._seed, Purpose.BOX, first)
        if not self._by_evidence:
            return replace(before, first=first, box=next_box(before.box, self._space, seen, seed=seed))
        narrows = first in self._starts or (
            self._model == "tpe"
            and first > self._starts[-1]
            and first == NARROWING.after(first - 1, parallelism=self._parallelism)
        )
        return before.next(self._space, seen, first=first, narrows=narrows, seed=seed)
