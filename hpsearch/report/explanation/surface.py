"""The surface of a study: the metric to be expected where two parameters vary and the others stay."""

from dataclasses import dataclass

import numpy as np

from hpsearch.search import RESULTS_LEAST, History, Verdict, expected_values
from hpsearch.space import Space, in_space
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """The smoothed estimate of the metric over the space; it is computed when a figure asks for it.

    Attributes:
        space: The search space.
        history: The trials, at least ``RESULTS_LEAST`` results.
        base: The internal values that parameters keep which do not vary, ``(d,)``: the winner's.
    """

    space: Space
    history: History
    base: tuple[float, ...]

    def varies(self, name: str) -> bool:
        """Return whether a parameter may vary: the winner has it, and it is a range."""
        if name not in self.space.names:
            return False
        place = self.space.names.index(name)
        return self.space.parameters[place].kind != "choice" and not np.isnan(self.base[place])

    def at(self, names: tuple[str, str], xs: Float64Array, ys: Float64Array) -> Float64Array:
        """Return the metric to be expected where two parameters have these values, ``(len(ys), len(xs))``.

        Args:
            names: The two parameters.
            xs: Values of the first, in its own unit, ``(n,)``.
            ys: Values of the second, ``(m,)``.
        """
        points = np.tile(np.array(self.base), (len(ys) * len(xs), 1))
        across, up = np.meshgrid(xs, ys)
        for name, values in zip(names, (across, up), strict=True):
            points[:, self.space.names.index(name)] = values.ravel()
        return expected_values(self.space, self.history, points).reshape(len(ys), len(xs))


def surface_of(space: Space, history: History, best: Verdict | None) -> Surface | None:
    """Return the surface around the winner; ``None`` with too few results, or without a winner."""
    usable = history.valued[in_space(space, history.internal[history.valued])]
    if best is None or len(usable) < RESULTS_LEAST:
        return None
    base = history.point(best.number) if best.number is not None else space.internal(best.params)
    if not in_space(space, np.array([base]))[0]:
        return None
    return Surface(space=space, history=history, base=tuple(base))
