"""Objectives without noise: fresh seeds give the values that the search has measured."""

import math
from collections.abc import Sequence

from hpsearch.search.confirmation.race import Candidate
from hpsearch.search.history import History, TrialState

LEAST_EQUAL = 3
"""Finalists' runs that must equal the search's values: one or two equal accuracies may be chance."""


def first_runs(candidates: Sequence[Candidate], seeds: int) -> int:
    """Return how many runs of a race show whether there is noise; 0 where its budget is too small.

    Candidates take turns until every one has run as often as another, and ``LEAST_EQUAL`` runs can be
    compared with a trial of the search.

    Args:
        candidates: The candidates.
        seeds: Runs of each, on average.

    Example:
        >>> finalists = [Candidate(internal=(float(n),), number=n) for n in range(2)]
        >>> first_runs([*finalists, Candidate(internal=(9.0,), default=True)], 5)
        6
    """
    finalists = sum(candidate.number is not None for candidate in candidates)
    turns = math.ceil(LEAST_EQUAL / finalists) if finalists else seeds + 1
    return turns * len(candidates) if turns <= seeds else 0


def is_noiseless(candidates: Sequence[Candidate], history: History, confirmed: History) -> bool:
    """Return whether every run on a fresh seed gave, to the last bit, what was measured before.

    A finalist's runs are compared with its trial in the search; the runs of a default that no finalist has
    tried are compared with each other.

    Args:
        candidates: The candidates of the race.
        history: The search.
        confirmed: The runs, settled.
    """
    known = {c.internal: float(history.values[c.number]) for c in candidates if c.number is not None}
    searched = set(known)
    equal = 0
    for number in range(len(confirmed)):
        point, value = confirmed.point(number), float(confirmed.values[number])
        if confirmed.states[number] != TrialState.COMPLETE or value != known.setdefault(point, value):
            return False
        equal += point in searched
    return equal >= LEAST_EQUAL
