"""Draws of the random rounds: log-uniform points, independent or spread evenly."""

from functools import cached_property
from typing import Any

import numpy as np

from hpsearch.search.sampling.box import Box
from hpsearch.study_file import Purpose, child_seed
from hpsearch.types import Float64Array

OUTSIDE_SHARE = 0.15
"""Share of a round's trials that are drawn from the declared ranges instead of its box."""


class Draws:
    """The points of a study's random rounds, each a function of the seed and its number.

    Args:
        start: ``"random"``, or ``"sobol"`` for a scrambled Sobol sequence.
        d: Number of parameters.
        seed: The study's seed.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    A. B. Owen, "Scrambling Sobol and Niederreiter-Xing points", 1998.
    """

    def __init__(self, start: str, d: int, *, seed: int) -> None:
        self._d = d
        self._seed = seed
        self._start = start

    @cached_property
    def _sobol(self) -> Any:
        """The scrambled Sobol sequence, or ``None`` for random draws."""
        if self._start != "sobol":
            return None
        # SciPy's statistics take most of a second to import; only studies that ask for this start pay it.
        from scipy.stats.qmc import Sobol  # noqa: PLC0415

        return Sobol(self._d, scramble=True, rng=child_seed(self._seed, Purpose.START))

    def inside(self, box: Box, number: int) -> Float64Array:
        """Return the unit coordinates of a trial, ``(d,)``.

        About one trial in seven ignores the box and is drawn from the declared ranges: otherwise no result
        could ever show that a box has followed luck.
        """
        rng = np.random.Generator(np.random.PCG64(child_seed(self._seed, Purpose.PROPOSE, number)))
        u = rng.random(self._d)
        if self._sobol is not None:
            sequence = self._sobol.reset()
            if number:  # SciPy refuses to skip 0 points
                sequence.fast_forward(number)
            u = sequence.random(1)[0]
        if rng.random() < OUTSIDE_SHARE:
            return u
        low, high = np.array(box.low), np.array(box.high)
        return np.asarray(low + u * (high - low))
