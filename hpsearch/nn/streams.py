"""Random streams of a lane, keyed by its seed and their purpose, never by its place in a stack."""

from enum import IntEnum

import numpy as np


class StreamPurpose(IntEnum):
    """The purpose of a random stream; the numbers are part of every result and never change."""

    INIT = 1
    ORDER = 2
    DROPOUT = 3
    FOLD = 4


def lane_bits(seed: int, purpose: StreamPurpose) -> np.random.SFC64:
    """Return the raw bits of one lane for one purpose.

    Children of one ``SeedSequence`` under different keys are statistically independent, and so are
    the children of different seeds.

    Args:
        seed: The lane's seed, 0 or more.
        purpose: The purpose of the bits.

    Source: C. Doty-Humphrey, "PractRand", 2010 (SFC64); M. E. O'Neill, "Developing a seed_seq
    alternative", 2015 (SeedSequence).
    """
    return np.random.SFC64(np.random.SeedSequence(seed, spawn_key=(int(purpose),)))


def lane_rng(seed: int, purpose: StreamPurpose) -> np.random.Generator:
    """Return a generator on ``lane_bits(seed, purpose)``."""
    return np.random.Generator(lane_bits(seed, purpose))


def fold_seed(seed: int, fold: int) -> int:
    """Return the seed of the lane that holds out a fold, from the seed of its training.

    Example:
        >>> fold_seed(7, 0) != fold_seed(7, 1)
        True
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(int(StreamPurpose.FOLD), fold))
    return int(sequence.generate_state(1, np.uint64)[0])
