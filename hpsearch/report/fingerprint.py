"""One line that is equal for two runs exactly when they are the same study."""

import hashlib

import numpy as np

from hpsearch.search import History, TrialState
from hpsearch.spec import Space


def fingerprint(space: Space, history: History) -> str:
    """Return the SHA-256 over number, parameters, state, curve and value of all settled trials.

    Numbers enter as their bits, so two studies agree to the last one. Durations, hosts and attempts do
    not enter.

    Args:
        space: The search space; its names enter.
        history: The trials; those not settled are left out.

    Returns:
        64 hexadecimal digits.
    """
    digest = hashlib.sha256("\0".join(space.names).encode())
    for number in np.flatnonzero(history.states != TrialState.RUNNING):
        curve = history.curves[number]
        curve = curve[~np.isnan(curve)]
        head = np.array([number, history.states[number], len(curve)], "<i8")
        tail = np.concatenate([history.internal[number], curve, history.values[number : number + 1]])
        digest.update(head.tobytes() + tail.astype("<f8").tobytes())
    return digest.hexdigest()
