"""The greedy cover: an order of settings in which the first few leave little regret on every data set."""

import numpy as np

from hpsearch.types import Float64Array

DECIMALS = 9
"""Of a mean regret: settings are equally good where it is equal in these."""


def greedy_cover(regrets: Float64Array, *, size: int, weights: Float64Array | None = None) -> list[int]:
    """Return the places of settings, best first; each lowers the mean of the best regrets so far the most.

    Args:
        regrets: Regret of each setting on each data set, ``(n_sets, n_settings)``; 0 is the best there.
        size: How many settings there are at most; fewer where no further one lowers the mean.
        weights: How much each data set counts, ``(n_sets,)``; all alike by default.

    SourceTask: G. L. Nemhauser, L. A. Wolsey and M. L. Fisher, "An analysis of approximations for maximizing
    submodular set functions", 1978; M. Feurer et al., "Auto-sklearn 2.0: hands-free AutoML via
    meta-learning", 2022, section 3.1 (portfolios).

    Example:
        >>> greedy_cover(np.array([[0.1, 0.5, 0.2], [0.9, 0.0, 0.2]]), size=2)
        [2, 1]
    """
    shares = (np.ones(len(regrets)) if weights is None else weights)[:, None]
    best = np.full((len(regrets), 1), np.inf)
    least, order = np.inf, []
    for _ in range(min(size, regrets.shape[1])):
        # Rounded, so that equal means are equal however they were added up.
        means = np.round((shares * np.minimum(best, regrets)).sum(axis=0) / shares.sum(), DECIMALS)
        place = int(means.argmin())
        if means[place] >= least:
            break
        order.append(place)
        least, best = float(means[place]), np.minimum(best, regrets[:, [place]])
    return order
