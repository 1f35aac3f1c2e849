"""The rows of a study's trials, and their weights."""

import dataclasses

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from hpsearch.data import load_dataset
from hpsearch.errors import DataError
from hpsearch.objective.rows.data import class_factors, training_data
from hpsearch.study_file import DataSpec, read_study

SPACE = "[space]\nlr = { low = 0.01, high = 0.1 }\n"


@pytest.fixture
def study(tmp_path):
    """Return a function that reads a study with a table ``[objective]``."""

    def read(objective, source="wine"):
        path = tmp_path / "study.toml"
        path.write_text(f'[data]\nsource = "{source}"\n[objective]\n{objective}\n{SPACE}')
        return read_study(path)

    return read


@pytest.fixture
def dataset(tmp_path):
    """Return a function that loads a built-in data set."""

    def load(source="wine"):
        return load_dataset(DataSpec(source=source), seed=0, base=tmp_path, cache=tmp_path)

    return load


def test_balanced_weights_are_scikit_learn_s(study, dataset):
    """Every class has the same part in the loss, by the training rows alone."""
    wine = dataset()
    found = class_factors("balanced", wine)
    assert found == pytest.approx(
        compute_class_weight("balanced", classes=np.arange(3), y=np.asarray(wine.y_train))
    )
    weights = training_data(study('class_weight = "balanced"'), wine).weights
    assert np.bincount(wine.y_train, weights=weights) == pytest.approx([len(wine.y_train) / 3] * 3)


def test_named_classes_have_their_weights(dataset):
    """The others have 1; a class that is not there is refused with the nearest name."""
    wine = dataset()
    assert class_factors({"class_1": 4.0}, wine).tolist() == [1.0, 4.0, 1.0]
    message = "objective.class_weight: expected one of the classes class_0, .*found 'class_l'"
    with pytest.raises(DataError, match=message):
        class_factors({"class_l": 4.0}, wine)


def test_a_refit_weighs_the_validation_rows_too(study, dataset):
    """It learns from all rows outside the test split, with the weights of their classes."""
    wine = dataset()
    data = training_data(study("class_weight = { class_2 = 3 }"), wine, refit=True)
    assert len(data.X) == len(wine.X_train) + len(wine.X_val) == len(data.weights)
    assert np.array_equal(data.weights == 3, data.y == 2)
    assert len(data.X_val) == 0


def test_a_regression_learns_in_the_unit_of_its_training_rows(study, dataset):
    """Its loss and metric are the study's."""
    rows = dataset("diabetes")
    data = training_data(study('metric = "mae"\nloss = "huber"', "diabetes"), rows)
    assert (data.loss, data.metric.name) == ("huber", "mae")
    assert data.unit.center == pytest.approx(rows.y_train.mean(axis=0))
    assert dataclasses.asdict(study('metric = "mae"'))["data"]["task"] == "regression"
