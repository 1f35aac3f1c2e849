"""Digests of settled trials and studies: equal exactly when all trials and results are, to the last bit."""

import hashlib
import math
import struct
from collections.abc import Iterable, Sequence

from hpsearch.search.history import History, TrialState
from hpsearch.space import Space


def trial_digest(
    *,
    number: int,
    state: TrialState,
    internal: Sequence[float],
    curve: Sequence[float],
    value: float | None,
) -> str:
    """Return the SHA-256 over a settled trial's number, state, parameters, curve and value.

    Numbers enter as their bits. Durations, hosts and attempts do not enter.

    Args:
        number: The trial's number.
        state: The state it ended in.
        internal: Internal parameter values, in the order of the space; NaN where one is not active.
        curve: The metric after each epoch.
        value: Its value of the metric, or ``None``.

    Returns:
        64 hexadecimal digits.
    """
    internal = [math.nan if math.isnan(v) else v for v in internal]  # NaN has many bit patterns
    values = () if value is None else (value,)
    head = struct.pack("<5q", number, state, len(internal), len(curve), len(values))
    tail = struct.pack(f"<{len(internal) + len(curve) + len(values)}d", *internal, *curve, *values)
    return hashlib.sha256(head + tail).hexdigest()


def history_digests(history: History, first: int = 0) -> list[str | None]:
    """Return the digest of every trial of a history, ``None`` where it is not settled.

    Args:
        history: The trials.
        first: The number of the first trial in ``history``.
    """
    return [_digest(history, place, first + place) for place in range(len(history))]


def study_digest(names: Iterable[str], digests: Iterable[str | None]) -> str:
    """Return the SHA-256 over the digests of a study's settled trials, in the order of their numbers.

    Args:
        names: The parameters' names.
        digests: A digest for each trial; ``None`` where a trial is not settled.

    Returns:
        64 hexadecimal digits.
    """
    whole = hashlib.sha256("\0".join(names).encode())
    for digest in digests:
        if digest is not None:
            whole.update(bytes.fromhex(digest))
    return whole.hexdigest()


def fingerprint(space: Space, history: History) -> str:
    """Return the line that is equal for two runs exactly when their settled trials are equal.

    These are then the same trials with the same results. The name of a study, its settings and its data do
    not enter.

    Args:
        space: The search space; its names enter.
        history: The trials from number 0; a trial that is not settled is left out.
    """
    return study_digest(space.names, history_digests(history))


def _digest(history: History, place: int, number: int) -> str | None:
    state = TrialState(history.states[place])
    if state is TrialState.RUNNING:
        return None
    curve, value = history.sign * history.curves[place], float(history.measured[place])
    return trial_digest(
        number=number,
        state=state,
        internal=history.internal[place].tolist(),
        curve=curve[curve == curve].tolist(),  # noqa: PLR0124 - NaN stands where there is none
        value=None if value != value else value,  # noqa: PLR0124
    )
