"""Seeds of all that is random in a study, derived from the study's one seed."""

from enum import IntEnum

import numpy as np


class Purpose(IntEnum):
    """Purposes of seeds; the numbers are part of every study's results and never change."""

    SPLIT = 1
    PROPOSE = 2
    TRAIN = 3
    CONFIRM = 4
    REFIT = 5
    BOX = 6
    START = 7
    REPORT = 8
    FOLDS = 9
    BASELINE = 10
    NURSE = 11


def child_seed(study_seed: int, purpose: Purpose, number: int = 0) -> int:
    """Return a 64-bit seed that depends on nothing but its three arguments.

    Children of ``numpy.random.SeedSequence`` under different keys are statistically independent.

    Source: M. E. O'Neill, "Developing a seed_seq alternative", 2015; NumPy, ``SeedSequence``.

    Example:
        >>> child_seed(42, Purpose.TRAIN, 0) != child_seed(42, Purpose.TRAIN, 1)
        True
    """
    sequence = np.random.SeedSequence(study_seed, spawn_key=(int(purpose), number))
    return int(sequence.generate_state(1, np.uint64)[0])
