"""The stages of a search: random rounds in boxes that follow the good results, then a model."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from hpsearch.search.history import History
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.search.sampling.draws import Draws
from hpsearch.search.stage import Stage
from hpsearch.space import Space
from hpsearch.study_file import Purpose, child_seed
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The parameters of one trial, and the stage that they come from.

    Attributes:
        number: The trial's number.
        internal: Internal parameter values, in the order of the space; NaN where one is not active.
        stage: ``"round 0"``, ``"round 1"``, ..., ``"random"`` (while the model has too few
            results), ``"tpe"``, ``"gp"`` or ``"confirm"``.
        opens: The box of the trial's round, if the trial is the first of the round, else ``None``.
    """

    number: int
    internal: tuple[float, ...]
    stage: str
    opens: Box | None = None


class Stages:
    """The stages of a search: random rounds, then a model. They propose the parameters of each trial.

    The first trials are log-uniform draws in the boxes of the random rounds; then TPE or a Gaussian process
    proposes from every result that a trial may see. The box of a round depends on what the round's first
    trial may see, so it is computed once.

    Args:
        space: The search space.
        rounds: Sizes of the random rounds; after them comes the model.
        start: How the rounds are drawn: ``"random"`` or ``"sobol"``.
        seed: The study's seed.
        bounded: Whether TPE looks at no more than a fixed number of results that are not good.
        model: ``"tpe"``, or ``"gp"`` for a Gaussian process, up to 20 parameters and 300 trials.
        sharpens: Whether TPE's kernels may be the narrower the more results there are.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    J. Bergstra et al., "Algorithms for Hyper-Parameter Optimization", 2011 (TPE).
    """

    def __init__(  # noqa: PLR0913 - the last ones have defaults
        self,
        space: Space,
        rounds: Sequence[int],
        start: str,
        *,
        seed: int,
        bounded: bool = False,
        model: str = "tpe",
        sharpens: bool = False,
    ) -> None:
        self._space = space
        self._starts = (0, *accumulate(rounds))  # the first number of each round, and that of TPE
        self._seed, self._bounded, self._model = seed, bounded, model
        self._sharpens = sharpens
        self._boxes = [Box.declared(space)]
        self._draws = Draws(start, len(space), seed=seed)

    def propose(self, number: int, seen_by: Callable[[int], History]) -> Proposal:
        """Return the parameters that trial ``number`` tries.

        Args:
            number: The trial's number.
            seen_by: Returns the history that the trial of a number may see.
        """
        if number < self._starts[-1]:
            round_ = bisect_right(self._starts, number) - 1
            box = self._box(round_, seen_by)
            return Proposal(
                number=number,
                internal=self._drawn(box, number),
                stage=f"{Stage.ROUND} {round_}",
                opens=box if number == self._starts[round_] else None,
            )
        stage, internal = self._modelled(number, seen_by)
        if internal is None:
            drawn = self._drawn(Box.declared(self._space), number)
            return Proposal(number=number, internal=drawn, stage=Stage.RANDOM)
        return Proposal(number=number, internal=internal, stage=stage)

    def _modelled(
        self, number: int, seen_by: Callable[[int], History]
    ) -> tuple[Stage, tuple[float, ...] | None]:
        """Return the model that proposes for a trial, and its proposal; ``None`` with too few results."""
        seed = child_seed(self._seed, Purpose.PROPOSE, number)
        # SciPy's special functions take 0.1 s to import, and the random rounds do without them.
        if self._model == "gp":
            from hpsearch.search.sampling.gp import PARAMETERS_MOST, TRIALS_MOST, propose  # noqa: PLC0415

            if len(self._space) <= PARAMETERS_MOST and number < TRIALS_MOST:
                low, high = self._opened(seen_by)
                return Stage.GP, propose(self._space, seen_by(number), seed=seed, low=low, high=high)
        from hpsearch.search.sampling.tpe import BAD_MOST, ask  # noqa: PLC0415

        most = BAD_MOST if self._bounded else None
        seen, sharpens = seen_by(number), self._sharpens
        return Stage.TPE, ask(self._space, seen, seed=seed, bad_most=most, sharpens=sharpens)

    def _opened(self, seen_by: Callable[[int], History]) -> tuple[Float64Array, Float64Array]:
        """Return the ends of the declared ranges, moved out to where the boxes of the rounds have widened."""
        n = len(self._space)
        low, high = np.zeros(n), np.ones(n)
        if any(parameter.margin for parameter in self._space) and len(self._starts) > 1:
            box = self._box(len(self._starts) - 2, seen_by)
            low, high = np.minimum(low, box.low), np.maximum(high, box.high)
        return low, high

    def _drawn(self, box: Box, number: int) -> tuple[float, ...]:
        return self._space.from_unit(self._draws.inside(box, number))

    def _box(self, round_: int, seen_by: Callable[[int], History]) -> Box:
        """Return the box of a round; each follows from the one before it."""
        while len(self._boxes) <= round_:
            first = self._starts[len(self._boxes)]
            seed = child_seed(self._seed, Purpose.BOX, first)
            self._boxes.append(next_box(self._boxes[-1], self._space, seen_by(first), seed=seed))
        return self._boxes[round_]
