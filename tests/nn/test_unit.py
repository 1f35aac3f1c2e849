"""The unit of a target that is a number."""

import dataclasses

import numpy as np
import pytest

from hpsearch.metrics import METRICS
from hpsearch.nn import MLPConfig, StackTrainer
from hpsearch.nn.data import RegressionData
from hpsearch.nn.unit import Unit

CONFIG = MLPConfig(hidden=(6,), epochs=3, batch_size=16, lr=0.01, normalization="batch")


def data(seed=0, outputs=1, **changes):
    """Return rows with targets far from 0 and of another size, in a unit of their own."""
    rng = np.random.default_rng(seed)
    X = rng.normal(0, 1, (80, 3))
    y = 1000 + 50 * (X[:, :1] + rng.normal(0, 0.1, (80, outputs)))
    rows = {"X": X[:60], "y": y[:60], "X_val": X[60:], "y_val": y[60:], "unit": Unit.of(y[:60])}
    return RegressionData(**(rows | changes))


def trained(rows, *, dtype=np.float64):
    """Return a trainer after three epochs, and the last scores."""
    trainer = StackTrainer([CONFIG], data=rows, seeds=[3], dtype=dtype)
    scores = [trainer.run_epoch().score[0] for _ in range(3)]
    return trainer, scores


def test_targets_have_mean_0_and_deviation_1():
    """Each output has its own; a constant one keeps its size."""
    y = np.array([[1.0, 5.0], [3.0, 5.0]])
    unit = Unit.of(y)
    assert unit.measured(y).tolist() == [[-1.0, 0.0], [1.0, 0.0]]
    assert (unit.center.tolist(), unit.scale.tolist()) == ([2.0, 5.0], [1.0, 1.0])


@pytest.mark.parametrize("outputs", [1, 2])
def test_a_network_predicts_the_numbers_themselves(outputs):
    """It learns as from targets that were standardized by hand, and its last layer takes the unit in."""
    rows = data(outputs=outputs)
    by_hand = dataclasses.replace(
        rows, y=rows.unit.measured(rows.y), y_val=rows.unit.measured(rows.y_val), unit=None
    )
    (trainer, scores), (other, others) = trained(rows), trained(by_hand)
    assert trainer.checkpoint(0).parameters.tobytes() == other.checkpoint(0).parameters.tobytes()
    np.testing.assert_allclose(scores, others, atol=1e-12)  # R2 has no unit
    expected = other.network(0).predict(rows.X_val) * rows.unit.scale + rows.unit.center
    np.testing.assert_allclose(trainer.network(0).predict(rows.X_val), expected, rtol=1e-12)


@pytest.mark.parametrize("metric", ["rmse", "mae"])
def test_scores_are_in_the_unit_of_the_target(metric):
    """The score after an epoch is what the network's own predictions give, turned round."""
    rows = data(metric=METRICS[metric])
    trainer, scores = trained(rows)
    predicted = trainer.network(0).predict(rows.X_val)
    assert scores[-1] == pytest.approx(-METRICS[metric].of(rows.y_val, predicted), rel=1e-9)


def test_a_checkpoint_goes_on_in_the_same_unit():
    """What is saved are the parameters before the unit is taken in."""
    rows = data()
    whole, _ = trained(rows)
    trainer = StackTrainer([CONFIG], data=rows, seeds=[3], dtype=np.float64)
    trainer.run_epoch()
    resumed = StackTrainer.resume([trainer.checkpoint(0)], data=rows)
    for _ in range(2):
        resumed.run_epoch()
    assert resumed.network(0).parameters.tobytes() == whole.network(0).parameters.tobytes()
