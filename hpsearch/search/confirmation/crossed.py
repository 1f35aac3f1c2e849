"""The variance of a mean over seeds and rows, of one candidate or of the difference of two."""

import math
from collections.abc import Sequence

import numpy as np

from hpsearch.types import Float64Array


def crossed(parts: Sequence[Float64Array], *, by_seeds: float, freedom: float) -> tuple[float, float]:
    """Return the variance of a mean on new seeds and new rows, and its degrees of freedom.

    The parts of ``S`` networks on the same ``R`` rows (of accuracy: whether each is right) are a crossed
    layout: the mean varies with the seeds, with the rows, and with what is left,

    ``Var(mean) = s_seed^2 / S + s_row^2 / R + s_rest^2 / (S R)``.

    ``s_seed^2 / S + s_rest^2 / (S R)`` is the variance of the mean over seeds. The means of the rows have the
    variance ``s_row^2 + s_rest^2 / S``. For two candidates, whose seeds differ and whose rows are paired,
    ``s_row^2`` is the variance of what a row adds to the difference: a row that is hard for both adds none.
    The degrees of freedom are Satterthwaite's.

    Args:
        parts: The parts of one candidate, ``(S, R)``, or of each of two.
        by_seeds: The variance of the mean, or of the difference of the means, over seeds.
        freedom: Its degrees of freedom.

    Source: F. E. Satterthwaite, "An approximate distribution of estimates of variance components", 1946;
    A. B. Owen, "The pigeonhole bootstrap", 2007, section 2 (the variance).
    """
    rows = parts[0].shape[1]
    if rows < 2:
        return by_seeds, freedom
    means = [one.mean(axis=0) for one in parts]
    apart = means[0] if len(means) == 1 else means[0] - means[1]
    by_rows = float(apart.var(ddof=1)) / rows
    rests = [(_rest(one), (len(one) - 1) * (rows - 1)) for one in parts]
    variance = by_seeds + max(0.0, by_rows - sum(rest for rest, _ in rests))
    if not variance > 0:
        return variance, math.inf
    terms = (by_seeds, freedom), (by_rows, rows - 1), *rests
    return variance, variance**2 / sum(term**2 / max(1, n) for term, n in terms)


def _rest(parts: Float64Array) -> float:
    """Return the mean square of what neither seed nor row explains, over the number of parts."""
    seeds, rows = parts.shape
    if seeds < 2:
        return 0.0
    left = parts - parts.mean(axis=1, keepdims=True) - parts.mean(axis=0) + parts.mean()
    return float(np.square(left).sum() / ((seeds - 1) * (rows - 1)) / (seeds * rows))
