"""Warnings about the settings of networks that train together."""

import numpy as np
import pytest

from hpsearch.errors import SettingWarning
from hpsearch.nn import MLPConfig, fit_stack

X = np.random.default_rng(0).standard_normal((9, 3)).astype(np.float32)
Y = np.arange(9) % 2


@pytest.mark.parametrize("batch_size", [1, 2, 4, 8])
def test_fit_stack_warns_of_a_batch_of_one_row(batch_size):
    """Once for all lanes, where one of them normalizes its batches; the networks are trained all the same."""
    plain = MLPConfig(hidden=(4,), batch_size=batch_size)
    normalized = MLPConfig(hidden=(4,), batch_size=batch_size, normalization="batch")
    message = f"^batch_size: {batch_size} of 9 rows leaves a batch of one row, of which batch normalization"
    with pytest.warns(SettingWarning, match=message) as caught:
        results = fit_stack([plain, normalized, normalized], X, Y, X, Y, epochs=2, seed=0)
    assert [warning.filename for warning in caught] == [__file__]
    assert all(np.isfinite(result.network.parameters).all() for result in results)


@pytest.mark.parametrize(
    "config",
    [
        MLPConfig(hidden=(4,), batch_size=1),
        MLPConfig(hidden=(4,), batch_size=1, normalization="layer"),
        MLPConfig(hidden=(), batch_size=1, normalization="batch"),
        MLPConfig(hidden=(4,), batch_size=3, normalization="batch"),
        MLPConfig(hidden=(4,), batch_size=9, normalization="batch", dropout=0.99609375),
        MLPConfig(hidden=(), dropout=0.999),
    ],
)
def test_fit_stack_says_nothing_of_settings_that_do_what_they_say(config):
    """No warning, which would be an error here."""
    fit_stack([config], X, Y, X, Y, epochs=1, seed=0)


@pytest.mark.parametrize("kind", ["standard", "alpha", "variational", "locked"])
def test_fit_stack_warns_of_a_rate_above_the_highest(kind):
    """With the rate that is really used, for each kind: the network is that of this rate."""
    high, highest = (MLPConfig(dropout=rate, dropout_kind=kind) for rate in (0.9999, 255 / 256))
    with pytest.warns(SettingWarning, match=r"^dropout: 0\.9999 is used as 0\.99609375, the highest rate"):
        first, second = fit_stack([high, highest], X, Y, X, Y, epochs=2, seed=0)
    assert first.network.parameters.tobytes() == second.network.parameters.tobytes()
