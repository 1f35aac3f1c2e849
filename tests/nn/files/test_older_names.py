"""Files whose card has the older name of an activation."""

import json

import pytest

from hpsearch.nn import MLPConfig, StackTrainer, load_checkpoint, load_model, save_checkpoint, save_model
from hpsearch.nn.files.tensor_file import read_tensors, write_tensors
from tests.nn.training.rows import make_data


def renamed(path, kind):
    """Write a file again as the first versions did: they called the shared slope prelu."""
    file = read_tensors(path, kind=kind)
    card = json.loads(json.dumps(file.card).replace("prelu_shared", "prelu"))
    assert card != file.card
    write_tensors(path, file.tensors, kind=kind, card=card)


@pytest.mark.parametrize("hidden", [(5,), (4, 1), (1, 1)])
def test_an_older_file_says_prelu_for_the_shared_slope(tmp_path, hidden):
    """A model and a checkpoint with one slope a layer are read as what they are, whatever their name."""
    config = MLPConfig(hidden=hidden, activation="prelu_shared", batch_size=4)
    data = make_data(n=12, d=3, outputs=2)
    trainer = StackTrainer([config], data=data, seeds=[0])
    trainer.run_epoch()
    model, state = tmp_path / "model.safetensors", tmp_path / "state.safetensors"
    save_model(trainer.network(0), model)
    save_checkpoint(trainer.checkpoint(0), state)
    renamed(model, "model")
    renamed(state, "checkpoint")
    assert load_model(model).network.config == config
    assert (load_model(model).predict(data.X) == trainer.network(0).predict(data.X)).all()
    assert load_checkpoint(state).config == config


def test_a_slope_a_unit_stays_what_it_is(tmp_path):
    """A file of today with one slope a unit is read as such."""
    config = MLPConfig(hidden=(5,), activation="prelu")
    trainer = StackTrainer([config], data=make_data(n=12, d=3, outputs=2), seeds=[0])
    save_model(trainer.network(0), tmp_path / "model.safetensors")
    assert load_model(tmp_path / "model.safetensors").network.config == config
