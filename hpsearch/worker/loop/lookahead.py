"""The lookahead of a worker: it proposes beyond its own trials, because others claim numbers meanwhile."""

import math
import time
from collections.abc import Sequence

from hpsearch.search import History, Plan, Proposal, Stopped, may_start, time_is_up
from hpsearch.store import Claim, StudyRow


def next_lead(lead: int, admitted: int, claims: Sequence[Claim]) -> int:
    """Return for how many numbers beyond those it wants a worker proposes the next time.

    Between a worker's look and its claim others admit a few trials, and what it proposed for their numbers is
    lost. With nothing beyond them it comes away empty-handed, or proposes while it holds the study: 64
    workers of one-second trials, proposing for one number, did two trials a second between them. It proposes
    for as many more as overtook it, for half as many as last time where fewer did, and for twice as many
    where it came away empty-handed; a worker alone, for none.

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
    return max(min(numbers) - admitted, lead // 2)


def claim_size(plan: Plan, trials: int, *, fleet: int, waits: bool = False) -> int:
    """Return how many trials a worker claims together: equal parts of the study, as large as they may be.

    Larger claims train faster: a lane of the digits takes 71 microseconds a step in a stack of 3, and 61 in
    one of 6. But where every worker has its whole share in hand, one that is done early waits for the others,
    because the horizon moves with the last of them. So a worker takes half of its share, unless trials take
    equally long, as confirming runs do. One that is alone takes half, too: results are stored more often.

    Args:
        plan: The trials of the study.
        trials: How many trials the study has.
        fleet: How many workers are expected.
        waits: Whether this one has waited for others.
    """
    half = waits or fleet == 1 or not plan.even
    share = max(1, plan.parallelism // (2 * fleet if half else fleet))
    claims = fleet * math.ceil(trials / (share * fleet))
    return max(1, math.ceil(trials / max(1, claims)))


def next_proposals(
    plan: Plan, history: History, study_row: StudyRow, most: int, *, within_s: float = math.inf
) -> tuple[list[Proposal], Stopped | None]:
    """Return what the next free numbers try, as far as horizon, budget and rules let them start.

    Numbers are proposed in order, each seeing those before it as pending; where a rule ends the study, that
    is returned too. When the history is behind the study_row, another worker has just claimed: the next look
    is better than a guess. After ``within_s`` seconds no further number is begun.
    """
    proposals: list[Proposal] = []
    if len(history) < study_row.admitted or len(history) >= study_row.end:
        return proposals, None
    if stopped := time_is_up(plan.stop, len(history), elapsed_s=study_row.elapsed_s):
        return proposals, stopped
    prefix, late_at = history.settled_prefix, time.monotonic() + within_s
    while len(proposals) < most and len(history) < study_row.end and time.monotonic() < late_at:
        number = len(history)
        if not may_start(number, settled_prefix=prefix, parallelism=plan.parallelism):
            break
        if number >= plan.barrier > prefix:
            break
        if stopped := plan.ended(history, number):
            return proposals, stopped
        proposals.append(plan.propose(history, number))
        history = history.with_pending(proposals[-1].internal)
    return proposals, None
