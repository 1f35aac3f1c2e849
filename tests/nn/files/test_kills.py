"""Processes that are killed while they save: the file before, or the file after."""

import random
from pathlib import Path

import numpy as np
import pytest

from hpsearch.nn import (
    MLPConfig,
    StackTrainer,
    TrainingData,
    load_checkpoint,
    load_model,
    save_checkpoint,
    save_model,
)
from tests.cli.program import eventually
from tests.machine.nursery import Nursery

KILLS = 50
rng = np.random.default_rng(0)
X, Y = rng.standard_normal((30, 3)).astype(np.float32), rng.integers(0, 2, 30)


def trainer():
    """Return a network in training."""
    data = TrainingData(X=X, y=Y, X_val=X, y_val=Y, n_classes=2)
    return StackTrainer([MLPConfig(hidden=(64, 64))], data=data, seeds=[0])


def checkpoints_for_ever(path):
    """Save a network's state after every epoch, always to the same file."""
    lanes = trainer()
    while True:
        lanes.run_epoch()
        save_checkpoint(lanes.checkpoint(0), path)


def models_for_ever(path):
    """Save a network after every epoch, always to the same file."""
    lanes = trainer()
    while True:
        lanes.run_epoch()
        save_model(lanes.network(0), path)


SAVERS = {"checkpoint": (checkpoints_for_ever, load_checkpoint), "model": (models_for_ever, load_model)}


@pytest.mark.long
@pytest.mark.parametrize("kind", SAVERS)
def test_fault_28_killed_while_it_saves(tmp_path, kind):
    """Fifty times each: what is read back is whole, and newer files take the place of older ones."""
    save, load = SAVERS[kind]
    path, draw, found = Path(tmp_path) / "saved", random.Random(1), set()
    with Nursery(__name__) as nursery:
        for _ in range(KILLS):
            before = path.stat().st_ino if path.exists() else 0
            nursery.start(save, path)
            for _ in range(draw.choice((1, 1, 2, 3))):
                eventually(lambda n=before: path.exists() and path.stat().st_ino != n)
                before = path.stat().st_ino
            assert nursery.kill()
            load(path)
            found.add(path.read_bytes())
    assert len(found) > 1
