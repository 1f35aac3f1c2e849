"""Weights of rows in the training of a study's trials: the loss alone reads them."""

import dataclasses

import numpy as np
import pytest
from sklearn.utils.class_weight import compute_class_weight

from hpsearch.data import load_dataset
from hpsearch.nn import MLPConfig, TrainingData
from hpsearch.nn.streams import fold_seed
from hpsearch.nn.training.stacks import run_stacks
from hpsearch.objective.mlp import MLPEvaluator
from hpsearch.objective.mlp.training import MLPTask
from hpsearch.objective.rows.data import class_factors, training_data
from hpsearch.study_file import DataSpec, ObjectiveSpec

RNG = np.random.default_rng(1)
CONFIG = MLPConfig(hidden=(8,), lr=0.05, batch_size=16, epochs=3, dropout=0.1)


def weighted(dataset, *, copies=False, factor=1.0):
    """Return a data set with weights of 1 to 4."""
    w_train, w_val = (np.arange(len(y)) % 4 + 1.0 for y in (dataset.y_train, dataset.y_val))
    if copies:
        n = w_train.astype(int)
        return dataclasses.replace(
            dataset, X_train=dataset.X_train.repeat(n, 0), y_train=dataset.y_train.repeat(n, 0)
        )
    return dataclasses.replace(dataset, w_train=w_train * factor, w_val=w_val * factor)


@pytest.fixture(scope="module")
def numbers(dataset):
    """Return the blobs with a number as the target."""
    rows = {
        f"y_{name}": getattr(dataset, f"X_{name}")[:, :1].astype(float) for name in ("train", "val", "test")
    }
    return dataclasses.replace(dataset, classes=(), **rows)


def study(spec, **objective):
    """Return a study with an objective; one of a number has R2."""
    return dataclasses.replace(spec, objective=ObjectiveSpec(**objective))


def trained(spec, dataset, *, seeds=(3,), config=CONFIG, refit=False):
    """Return the parameters of networks that are trained in one stack."""
    objective = MLPEvaluator(spec, dataset, refit=refit)
    outcomes = objective.train([MLPTask(config=config, seed=seed) for seed in seeds])
    return [outcome.network.parameters for outcome in outcomes]


def trained_on(rows, config, *, seed):
    """Return the parameters of a network that is trained on rows."""
    for stack in run_stacks({0: MLPTask(config=config, seed=seed)}, data=rows):
        if len(stack.curves[0]) == config.epochs:
            (network,) = stack.networks(0)
            stack.drop([0])
    return network.parameters


@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_whole_weights_are_copies_of_rows(request, spec, dataset, kind):
    """In the loss's gradient, to rounding: one step of gradient descent with all rows in one batch."""
    data = dataset if kind == "classes" else request.getfixturevalue("numbers")
    own = study(spec) if kind == "classes" else study(spec, metric="r2")
    config = MLPConfig(hidden=(8,), optimizer="sgd", lr=1.0, batch_size=1024, epochs=1)

    def after_a_step(dataset, lr=1.0):
        rows = training_data(own, dataset)
        # The unit of a number counts each row once, so that copies would have another one.
        rows = dataclasses.replace(rows, unit=None) if kind == "numbers" else rows
        return trained_on(rows, dataclasses.replace(config, lr=lr), seed=3)

    start = after_a_step(data, lr=1e-30)
    steps = [after_a_step(rows) - start for rows in (weighted(data), weighted(data, copies=True), data)]
    largest = np.abs(steps[0]).max()
    assert np.abs(steps[0] - steps[1]).max() < 1e-5 * largest
    assert np.abs(steps[0] - steps[2]).max() > 1e-2 * largest


@pytest.mark.parametrize("kind", ["classes", "numbers"])
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_a_lane_is_the_same_alone_and_in_a_stack(request, spec, dataset, kind, normalization):
    """Weights are those of rows, not of lanes: no bit depends on the neighbors."""
    data = weighted(dataset if kind == "classes" else request.getfixturevalue("numbers"))
    own = study(spec) if kind == "classes" else study(spec, metric="r2")
    config = dataclasses.replace(CONFIG, normalization=normalization)
    together = trained(own, data, seeds=range(5), config=config)
    for seed, found in enumerate(together):
        assert trained(own, data, seeds=(seed,), config=config)[0].tobytes() == found.tobytes()
    assert len({found.tobytes() for found in together}) == 5


def test_the_scale_of_weights_does_not_matter(spec, dataset):
    """They have mean 1 over the training rows, as for the estimators, so that rates keep their meaning."""
    (first,) = trained(spec, weighted(dataset))
    assert trained(spec, weighted(dataset, factor=4.0))[0].tobytes() == first.tobytes()
    assert trained(spec, weighted(dataset, factor=1e-300))[0] == pytest.approx(first, rel=1e-4, abs=1e-5)
    assert trained(spec, dataset)[0].tobytes() != first.tobytes()
    ones = dataclasses.replace(dataset, w_train=np.full(60, 7.0), w_val=np.full(24, 7.0))
    assert trained(spec, ones)[0].tobytes() == trained(spec, dataset)[0].tobytes()


def test_weights_of_rows_and_of_classes_are_multiplied(spec, dataset):
    """``"balanced"`` counts weights in the place of rows, as scikit-learn does."""
    rows = weighted(dataset)
    data = training_data(study(spec, class_weight={"b": 5.0, "c": 0.5}), rows)
    assert data.weights.tolist() == (rows.w_train * np.array([1, 5, 0.5])[rows.y_train]).tolist()
    factors = class_factors("balanced", rows)
    wanted = compute_class_weight(
        "balanced", classes=np.arange(3), y=rows.y_train, sample_weight=rows.w_train
    )
    assert factors == pytest.approx(wanted, rel=1e-14)
    parts = np.bincount(rows.y_train, training_data(study(spec, class_weight="balanced"), rows).weights)
    assert parts == pytest.approx([rows.w_train.sum() / 3] * 3)
    huge = dataclasses.replace(rows, w_train=rows.w_train * 4e307)
    with np.errstate(over="raise"):
        assert class_factors("balanced", huge) == pytest.approx(wanted)


@pytest.mark.parametrize("objective", [{}, {"class_weight": "balanced"}])
def test_a_refit_weighs_the_validation_rows_too(spec, dataset, objective):
    """The weights stand in the order of the rows."""
    rows = weighted(dataset)
    data = training_data(study(spec, **objective), rows, refit=True)
    factors = class_factors("balanced", rows) if objective else np.ones(3)
    own = np.concatenate([rows.w_train, rows.w_val]) * factors[data.y]
    assert data.weights.tolist() == own.tolist()
    assert len(data.X) == len(own) == 84


def test_folds_take_the_weights_of_their_rows(spec, dataset):
    """A fold's network is the one that learns from the rows of the other folds, with their weights."""
    folded = dataclasses.replace(spec, data=dataclasses.replace(spec.data, folds=3))
    rows = weighted(dataclasses.replace(dataset, X_val=dataset.X_val[:0], y_val=dataset.y_val[:0]))
    data = training_data(folded, rows)
    own = data.folds.train[0]
    config = dataclasses.replace(CONFIG, optimizer="adam")
    (outcome,) = MLPEvaluator(folded, rows).train([MLPTask(config=config, seed=3)])
    # Adam does not see the scale of the loss, and the mean of the weights is over all folds.
    alone = TrainingData(
        X=data.X[own],
        y=data.y[own],
        X_val=data.X_val,
        y_val=data.y_val,
        n_classes=3,
        weights=rows.w_train[own],
    )
    found, seed = outcome.networks[0].parameters, fold_seed(3, 0)
    assert found == pytest.approx(trained_on(alone, config, seed=seed), rel=1e-3, abs=1e-3)
    without = dataclasses.replace(alone, weights=None)
    assert np.abs(found - trained_on(without, config, seed=seed)).max() > 0.01


def test_metrics_count_every_row_alike(spec, dataset):
    """The scores of validation and test rows are the metric without weights, and so are the constants."""
    plain, rows = MLPEvaluator(spec, dataset), MLPEvaluator(spec, weighted(dataset))
    (outcome,) = rows.train([MLPTask(config=CONFIG, seed=3)])
    right = outcome.network.predict(dataset.X_val) == dataset.y_val
    assert outcome.curve[-1] == right.mean()
    assert rows.judge.test_scores([outcome]) == plain.judge.test_scores([outcome])
    assert rows.judge.constant_score == plain.judge.constant_score
    assert rows.judge.test_constant() == plain.judge.test_constant()


@pytest.mark.parametrize("keys", [{}, {"folds": 3}])
def test_a_row_of_weight_0_changes_no_bit(tmp_path, spec, keys):
    """Its features are anything: the networks are the same to the last bit, with folds and after a refit."""
    x, weights = RNG.normal(size=(90, 3)).round(3), RNG.integers(0, 3, size=90)
    kind = np.where(x[:, 0] + 0.3 * RNG.normal(size=90) > 0, "yes", "no")
    found = set()
    for odd in (0.0, 1e6, np.nan):
        cells = np.where((weights == 0)[:, None], odd, x).tolist()
        lines = [
            ",".join(map(str, row)) for row in zip(*zip(*cells, strict=True), weights, kind, strict=True)
        ]
        (tmp_path / "t.csv").write_text("\n".join(["a,b,c,w,kind", *lines]).replace("nan", ""))
        data = DataSpec(source="t.csv", target="kind", weights="w", **keys)
        dataset = load_dataset(data, seed=0, base=tmp_path, cache=tmp_path / "cache")
        own = dataclasses.replace(spec, data=data)
        kinds = (False, True) if not keys else (False,)
        found.add(b"".join(trained(own, dataset, refit=refit)[0].tobytes() for refit in kinds))
    assert len(found) == 1
