"""One line that is equal for two runs exactly when they are the same study."""

from hpsearch.search import History, history_digests, study_digest
from hpsearch.space import Space


def fingerprint(space: Space, history: History) -> str:
    """Return the SHA-256 over number, state, parameters, curve and value of all settled trials.

    Numbers enter as their bits, so two studies agree to the last one. Durations, hosts and attempts do
    not enter.

    Args:
        space: The search space; its names enter.
        history: The trials; those not settled are left out.

    Returns:
        64 hexadecimal digits.
    """
    return study_digest(space.names, history_digests(history))
