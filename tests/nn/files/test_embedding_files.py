"""Embeddings in checkpoints, models, ensembles and estimators."""

import numpy as np
import pytest
from sklearn.base import clone

from hpsearch.nn import (
    OPTIMIZERS,
    Ensemble,
    MLPClassifier,
    MLPConfig,
    MLPRegressor,
    ModelFileError,
    SettingError,
    StackTrainer,
    fit_stack,
    load_checkpoint,
    load_model,
    save_checkpoint,
    save_model,
)
from hpsearch.nn.files.category_columns import CategoryColumn
from tests.nn.categories import BLOCKS, fitted, make_data, one_hot_rows
from tests.nn.files.models import rewritten


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_going_on_from_a_checkpoint_is_never_having_stopped(optimizer, tmp_path):
    """Through a file, and in other company, a lane with an embedding goes on with the same bytes."""
    data = make_data()
    configs = [
        MLPConfig(hidden=(4,), embedding=2, optimizer=optimizer, batch_size=16, dropout=0.1 * i)
        for i in range(3)
    ]
    trainer = StackTrainer(configs, data=data, seeds=range(3))
    trainer.run_epoch()
    saved = trainer.checkpoint(1)
    save_checkpoint(saved, tmp_path / "one.safetensors")
    again = load_checkpoint(tmp_path / "one.safetensors")
    assert again.blocks == BLOCKS
    trainer.run_epoch()
    resumed = StackTrainer.resume([again], data=data)
    resumed.run_epoch()
    assert resumed.network(0).parameters.tobytes() == trainer.network(1).parameters.tobytes()


def test_checkpoints_of_other_blocks_do_not_go_on():
    """Other blocks of the same sizes are another network: the data, and the lanes beside it, are refused."""
    other = ((0, 4), (5, 8), (8, 9))
    saved = []
    for blocks in (BLOCKS, other):
        data = make_data(blocks=blocks)
        saved.append(StackTrainer([MLPConfig(embedding=2)], data=data, seeds=[0]).checkpoint(0))
    with pytest.raises(SettingError, match=r"checkpoints: expected blocks .* of lane 0 in every lane"):
        StackTrainer.resume(saved, data=make_data())
    with pytest.raises(SettingError, match="checkpoints: expected structure, sizes"):
        StackTrainer.resume(saved[1:], data=make_data())


def test_a_model_in_a_file_is_the_same(tmp_path):
    """What is loaded predicts the same, knows its blocks, and is a member of an ensemble like any other."""
    X = one_hot_rows(30, seed=7)
    models = []
    for place, embedding in enumerate((0, 2)):
        network = fitted(embedding=embedding)
        path = tmp_path / f"{place}.safetensors"
        save_model(network, path)
        models.append(load_model(path))
        assert np.array_equal(models[-1].predict_proba(X), network.predict_proba(X))
    assert [model.network.blocks for model in models] == [(), BLOCKS]
    mean = np.mean([model.predict_proba(X) for model in models], axis=0)
    assert np.array_equal(Ensemble(models).predict_proba(X), mean)


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ([], "expected a width above 0 and blocks of one-hot features, or neither, found 2 and no blocks"),
        ([[0, 40]], r"blocks: expected \(start, stop\) pairs of features, .* <= 10, found \(\(0, 40\),\)"),
        ([[0, 3], [5, 9]], "expected real numbers"),
        ("x", r"blocks: expected \(start, stop\) pairs"),
    ],
)
def test_a_file_with_other_blocks_is_refused(tmp_path, blocks, message):
    """A card whose blocks do not fit the weights is no model."""
    path = tmp_path / "model.safetensors"
    save_model(fitted(), path)
    with pytest.raises(ModelFileError, match=message):
        load_model(rewritten(path, card={"blocks": blocks}))


def test_a_file_of_before_embeddings_is_still_a_model(tmp_path):
    """A card without blocks is that of a network without an embedding."""
    path, network = tmp_path / "model.safetensors", fitted(embedding=0)
    save_model(network, path)
    assert load_model(rewritten(path, drop=("blocks",))).network.blocks == ()


def test_estimators_are_lanes():
    """With blocks the classifier ends with the bytes of ``fit_stack``; the regressor learns and clones."""
    data = make_data()
    config = MLPConfig(hidden=(6,), embedding=2, epochs=3)
    (lane,) = fit_stack([config], data.X, data.y, data.X[:9], data.y[:9], epochs=3, seed=4, blocks=BLOCKS)
    settings_ = {"hidden": (6,), "embedding": 2, "epochs": 3, "blocks": [list(b) for b in BLOCKS]}
    model = clone(MLPClassifier(**settings_, random_state=4)).fit(data.X, data.y)
    assert model.network_.parameters.tobytes() == lane.network.parameters.tobytes()
    assert model.partial_fit(data.X, data.y).network_.blocks == BLOCKS
    values = MLPRegressor(**settings_, random_state=0).fit(data.X, data.X[:, 4])
    assert [E.shape for E in values.network_.embeddings] == [(4, 2), (1, 2), (3, 2)]


def test_a_table_whose_first_column_is_a_category_makes_a_model(tmp_path):
    """What is loaded takes rows as the table has them: texts where the blocks are."""
    data, blocks = make_data(blocks=((0, 2),), d=4), ((0, 2),)
    config = MLPConfig(hidden=(4,), embedding=2)
    arrays = (data.X, data.y, data.X_val, data.y_val)
    (lane,) = fit_stack([config], *arrays, epochs=1, seed=0, blocks=blocks)
    wood = CategoryColumn(name="wood", first=0, labels=("ash", "oak"))
    save_model(lane.network, tmp_path / "one.safetensors", categories=[wood])
    rows = np.array([["oak", 0.5, 1.0], ["ash", 2.0, -1.0]], dtype=object)
    features = np.array([[0, 1, 0.5, 1.0], [1, 0, 2.0, -1.0]], np.float32)
    found = load_model(tmp_path / "one.safetensors").predict_proba(rows)
    assert np.array_equal(found, lane.network.predict_proba(features))
