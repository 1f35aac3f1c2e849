"""Outcomes that are kept and found again."""

import numpy as np

from hpsearch.nn import MLPConfig, Network
from hpsearch.objective import Ending
from hpsearch.objective.mlp import MLPOutcome
from hpsearch.objective.rows.outcome_cache import OutcomeCache


def outcome(ending=Ending.COMPLETE, n=10):
    """Return an outcome whose network has ``n`` float32 parameters."""
    network = Network(
        config=MLPConfig(), sizes=(1, 1), parameters=np.zeros(n, np.float32), classes=np.arange(1)
    )
    return MLPOutcome.of(ending, (0.5,), (network,))


def test_an_outcome_is_found_by_its_key_alone():
    """Another key is another training."""
    cache = OutcomeCache()
    kept = outcome()
    cache.put((MLPConfig(), 1), kept)
    assert cache.find((MLPConfig(), 1)) is kept
    assert cache.find((MLPConfig(), 2)) is None
    assert cache.find((MLPConfig(lr=0.5), 1)) is None


def test_what_did_not_run_to_the_end_is_not_kept():
    """A stopped training says nothing about the same task without stops."""
    cache = OutcomeCache()
    for ending in (Ending.STOPPED, Ending.DIVERGED):
        cache.put((MLPConfig(), 1), outcome(ending))
    assert len(cache) == 0


def test_the_oldest_make_room():
    """Three networks of 40 bytes do not fit into 100."""
    cache = OutcomeCache(room=100)
    for seed in range(3):
        cache.put(seed, outcome())
    assert [cache.find(seed) is not None for seed in range(3)] == [False, True, True]
