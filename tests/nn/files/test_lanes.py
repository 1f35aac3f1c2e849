"""The lanes of one training as bytes."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.nn import (
    MLPConfig,
    ModelFileError,
    StackTrainer,
    checkpoint_from_bytes,
    lanes_from_bytes,
    lanes_to_bytes,
)
from hpsearch.nn.files.checkpoint_file import KIND, LANES
from hpsearch.nn.files.tensor_file import pack_tensors, unpack_tensors
from tests.nn.training.rows import make_data


def trained(lanes, *, optimizer="adam"):
    """Return the checkpoints of some lanes after an epoch."""
    config = MLPConfig(hidden=(4,), optimizer=optimizer, dropout=0.1)
    trainer = StackTrainer([config] * lanes, data=make_data(n=11, d=3, outputs=3), seeds=range(lanes))
    trainer.run_epoch()
    return tuple(map(trainer.checkpoint, range(lanes)))


def content(lane):
    """Return all that a checkpoint holds, arrays as bytes: their order in a file is not fixed."""
    fields = {field.name: getattr(lane, field.name) for field in dataclasses.fields(lane)}
    return {name: v.tobytes() if isinstance(v, np.ndarray) else v for name, v in fields.items()}


@settings(deadline=None, max_examples=20)
@given(lanes=st.integers(1, 12), optimizer=st.sampled_from(["sgd", "momentum", "adam"]))
def test_lanes_come_back_from_their_bytes(lanes, optimizer):
    """However many lanes, and moments, and none: the same bytes again."""
    before = trained(lanes, optimizer=optimizer)
    after = lanes_from_bytes(lanes_to_bytes(before), source="lanes")
    assert list(map(content, after)) == list(map(content, before))


def test_one_lane_has_the_bytes_of_a_checkpoint():
    """A study without folds stores what it did before there were any."""
    (lane,) = trained(1)
    assert content(checkpoint_from_bytes(lanes_to_bytes((lane,)), source="lane")) == content(lane)


@pytest.mark.parametrize("change", ["fewer", "none", "number"])
def test_lanes_that_do_not_fit_are_refused(change):
    """Arrays of other numbers of lanes are not lanes of one training."""
    file = unpack_tensors(lanes_to_bytes(trained(3)), kind=KIND, source="lanes")
    tensors, card = dict(file.tensors), dict(file.card)
    if change == "fewer":
        tensors["moments"] = np.ascontiguousarray(tensors["moments"][:2])
    elif change == "none":
        del tensors["parameters"]
    else:
        card[LANES] = 4
    damaged = pack_tensors(tensors, kind=KIND, card={k: v for k, v in card.items() if k != "kind"})
    with pytest.raises(ModelFileError, match=r"lanes: expected the arrays of \d lanes, found others"):
        lanes_from_bytes(damaged, source="lanes")
