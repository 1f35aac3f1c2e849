"""The first setting of a portfolio: it leads the ranking unless another is clearly better."""

import numpy as np

from hpsearch.search.confirmation.smoothing import surer
from hpsearch.search.history import History
from hpsearch.space import Space
from hpsearch.study_file import LearnedStart
from hpsearch.types import IntArray

CERTAIN = 0.99
"""How sure the process must be that another trial is better before the first setting gives way to it.

On eight tables the best of ten as smoothed has a regret of 0.15, the first setting of a portfolio 0.10; the
best of many is lucky (docs/decisions/0029-learned-start.md).
"""


def with_incumbent(
    order: IntArray,
    space: Space,
    history: History,
    learned: LearnedStart | None,
    *,
    judged: bool = False,
) -> IntArray:
    """Return a ranking in which the first setting of a portfolio leads, unless another is clearly better.

    Where another leads, the first setting comes next, so that it takes part in the race.

    Args:
        order: Numbers of complete trials, best first.
        space: The search space.
        history: The search.
        learned: What a portfolio has given the study; ``None`` leaves the ranking as it is.
        judged: Whether trials that failed count as bad results.
    """
    found = [number for number in order.tolist() if learned and _tries(number, space, history, learned)]
    if not found or order[0] == found[0]:
        return order
    first = min(found)
    rest = order[order != first]
    leads = surer(space, history, than=first, judged=judged)[int(rest[0])] > CERTAIN
    return np.insert(rest, 1 if leads else 0, first)


def _tries(number: int, space: Space, history: History, learned: LearnedStart) -> bool:
    """Return whether a trial has the values of the first setting."""
    if not learned.settings:
        return False
    values = space.external(history.point(number))
    return all(values.get(name) == value for name, value in learned.settings[0].items())
