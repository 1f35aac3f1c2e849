"""The noise of a study: how far apart two runs of the same settings are."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.search import History, TrialState
from hpsearch.store import Reader, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The spread of the metric over seeds, pooled over the settings that were confirmed.

    Attributes:
        deviation: Standard deviation of one run, above 0.
        freedom: Its degrees of freedom, at least 1: the runs beyond the first of each setting.
    """

    deviation: float
    freedom: int

    @property
    def margin(self) -> float:
        """How far apart two runs of the same settings are in 95 % of cases, at most.

        That is Student's t times ``sqrt(2)`` times the deviation.

        Source: Student, "The probable error of a mean", 1908.
        """
        from scipy.special import stdtrit  # noqa: PLC0415 - 0.1 s, and only a confirmed study needs it

        return float(stdtrit(self.freedom, 0.975)) * math.sqrt(2) * self.deviation


def noise_of(ledger: Reader, search: Study) -> Noise | None:
    """Return the noise that the confirming runs of a search show; ``None`` where they show none."""
    companion = ledger.companion(search)
    return None if companion is None else seed_noise(ledger.history(companion).history)


def seed_noise(runs: History) -> Noise | None:
    """Return the noise of some runs; ``None`` without two of the same settings, or where they agree."""
    complete = np.flatnonzero((runs.states == TrialState.COMPLETE) & np.isfinite(runs.values))
    groups: dict[tuple[float, ...], list[float]] = {}
    for number in complete.tolist():
        groups.setdefault(runs.point(number), []).append(float(runs.values[number]))
    freedom = sum(len(values) - 1 for values in groups.values())
    squares = math.fsum(len(values) * float(np.var(values)) for values in groups.values())
    # A deviation this small is the rounding of equal values.
    scale = max((abs(value) for values in groups.values() for value in values), default=0.0)
    if not freedom or math.sqrt(squares / freedom) <= 1e-9 * max(scale, 1e-300):
        return None
    return Noise(deviation=math.sqrt(squares / freedom), freedom=freedom)
