"""What is stored of a training."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.objective import Ending
from hpsearch.objective.mlp import MLPOutcome
from hpsearch.search import TrialState
from hpsearch.worker.loop.evaluation import result_of


def outcome(curve, ending=Ending.COMPLETE):
    """Return a training with this curve; its network does not matter here."""
    return MLPOutcome.of(ending, tuple(curve), ())


@pytest.mark.parametrize(
    ("epochs", "n_last"), [(1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (14, 2), (15, 3), (50, 10), (200, 40)]
)
def test_the_value_is_the_mean_of_the_last_fifth(epochs, n_last):
    """Whole epochs, at least one: those before it do not count."""
    curve = np.random.default_rng(epochs).random(epochs).tolist()
    result = result_of(outcome(curve))
    assert result.state is TrialState.COMPLETE
    assert result.value == pytest.approx(sum(curve[-n_last:]) / n_last)
    assert result.curve == tuple(curve)
    assert result.reason is None


@pytest.mark.parametrize("ending", [Ending.STOPPED, Ending.DIVERGED])
def test_a_training_that_was_stopped_is_worth_its_last_epoch(ending):
    """However long it was: it says where the trial stood, not where it would have ended."""
    result = result_of(outcome([0.1] * 19 + [0.9], ending))
    assert (result.state, result.value) == (TrialState.PRUNED, 0.9)
    assert result.reason == f"{ending} after 20 whole epochs"


def test_a_training_without_a_whole_epoch_is_worth_nothing():
    """It diverged in its first epoch."""
    assert result_of(outcome([], Ending.DIVERGED)).value == 0.0


@given(curve=st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_a_value_is_an_accuracy(curve):
    """It lies between the extremes of the curve."""
    assert min(curve) - 1e-12 <= result_of(outcome(curve)).value <= max(curve) + 1e-12
