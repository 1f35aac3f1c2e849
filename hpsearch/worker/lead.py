"""How far ahead a worker proposes: others claim numbers while it does."""

from collections.abc import Sequence

from hpsearch.store import Claim


def next_lead(lead: int, admitted: int, claims: Sequence[Claim]) -> int:
    """Return for how many numbers beyond those it wants a worker proposes the next time.

    Between a worker's look and its claim others admit a few trials, and what it proposed for their numbers is
    lost. With nothing beyond them it comes away empty-handed: 64 workers of one-second trials then did two
    trials a second between them. It proposes for twice as many as overtook it, and a quarter less, one at
    least, each time that fewer do; a worker alone, for none.

    Args:
        lead: For how many it did this time.
        admitted: The first number that it proposed for.
        claims: What it was given.

    Example:
        >>> next_lead(0, 10, [])
        1
        >>> next_lead(3, 10, [])
        7
    """
    numbers = [claim.number for claim in claims]
    if not numbers:
        return 2 * lead + 1
    return max(2 * (min(numbers) - admitted), lead - max(1, lead // 4), 0)
