"""Fixtures of model files."""

import numpy as np
import pytest

from hpsearch.nn import (
    InputScaling,
    save_model,
)
from tests.nn.files.models import network


@pytest.fixture
def saved(tmp_path):
    """Return the file of a model with everything."""
    path = tmp_path / "model.safetensors"
    scaler = InputScaling(mean=np.array([1.0, 2.0, 3.0]), scale=np.array([0.5, 1.0, 2.0]))
    save_model(network(), path, scaler=scaler, metrics={"test_accuracy": 0.975}, data_hash="abc")
    return path
