from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpsearch.errors import DataError
from hpsearch.metrics import METRICS
from hpsearch.nn import MLPConfig, RegressionData, SettingError, TrainingData, fit_stack
from hpsearch.nn.folds import Folds
from hpsearch.nn.streams import fold_seed
from hpsearch.nn.training.divergence import DivergenceRule
from hpsearch.nn.training.stacks import Training, run_stacks
from hpsearch.nn.training.trainer import StackTrainer

METRICS_OF_CLASSES = [name for name, metric in METRICS.items() if metric.for_classes]
METRICS_OF_NUMBERS = [name for name, metric in METRICS.items() if not metric.for_classes]

configs = st.builds(
    MLPConfig,
    hidden=st.sampled_from([(), (4,), (8,)]),
    lr=st.sampled_from([1e-3, 1e-1, 1e3]),
    dropout=st.sampled_from([0.0, 0.3]),
    batch_size=st.sampled_from([8, 16]),
)


def numbers_of(y, *, folds, repeats):
    """Return the fold of each row, dealt by class."""
    order = np.argsort(y, kind="stable")
    numbers = np.empty((repeats, len(y)), np.int64)
    for repeat, row in enumerate(numbers):
        row[np.roll(order, repeat)] = np.arange(len(y)) % folds
    return numbers


def rows_of(*, n, folds, repeats=1, classes=3, metric="accuracy", seed=0):
    """Return rows of classes that can be learned, divided into folds."""
    rng = np.random.default_rng(seed)
    y = np.arange(n, dtype=np.int64) % classes
    X = (rng.normal(size=(classes, 4))[y] + 0.7 * rng.normal(size=(n, 4))).astype(np.float32)
    return TrainingData(
        X=X,
        y=y,
        X_val=X[:0],
        y_val=y[:0],
        n_classes=classes,
        metric=METRICS[metric],
        folds=Folds.of(numbers_of(y, folds=folds, repeats=repeats), y),
    )


def trained(batch, data, epochs):
    """Return the curve and the bytes of the networks of each training, after some epochs."""
    found = {}
    for stack in run_stacks(dict(enumerate(batch)), data=data):
        ended = [key for key, curve in stack.curves.items() if len(curve) == epochs or key in stack.diverged]
        for key in ended:
            networks = b"".join(network.parameters.tobytes() for network in stack.networks(key))
            found[key] = stack.curves[key], networks
        stack.drop(ended)
    return [found[key] for key in range(len(batch))]


@given(
    n=st.integers(12, 60),
    folds=st.integers(2, 6),
    repeats=st.integers(1, 3),
    classes=st.integers(1, 4),
)
def test_folds_divide_the_rows(n, folds, repeats, classes):
    """Each row is held out once a repeat; no lane learns from a row that it is scored by."""
    y = np.random.default_rng(n).integers(0, classes, n)
    made = Folds.of(numbers_of(y, folds=folds, repeats=repeats), y)
    assert len(made) == folds * repeats
    assert made.train.shape[1] == n - int(np.ceil(n / folds))
    for repeat in range(repeats):
        lanes = range(repeat * folds, (repeat + 1) * folds)
        held = [made.held[lane, : made.counts[lane]] for lane in lanes]
        assert sorted(np.concatenate(held).tolist()) == list(range(n))
        for lane, own in zip(lanes, held, strict=True):
            train = made.train[lane]
            assert (np.diff(train) > 0).all()
            assert not np.isin(train, own).any()
            left_out = np.setdiff1d(np.arange(n), np.concatenate([train, own]))
            assert len(left_out) <= 1
            rest = np.bincount(y[np.setdiff1d(np.arange(n), own)])
            assert all(rest[y[left_out]] == rest.max())


@settings(deadline=None, max_examples=25)
@given(
    batch=st.lists(st.tuples(configs, st.integers(0, 2**63)), min_size=1, max_size=4),
    folds=st.integers(2, 5),
    repeats=st.integers(1, 2),
    metric=st.sampled_from(METRICS_OF_CLASSES),
    classes=st.integers(2, 3),
)
def test_a_training_with_folds_has_the_same_bits_alone_and_stacked(batch, folds, repeats, metric, classes):
    """Whatever trains beside it: the same curve and the same networks, one for each fold."""
    data = rows_of(n=41, folds=folds, repeats=repeats, classes=classes, metric=metric)
    trainings = [Training(config=config, seed=seed) for config, seed in batch]
    together = trained(trainings, data, 3)
    for training, found in zip(trainings, together, strict=True):
        assert trained([training], data, 3) == [found]


@settings(deadline=None, max_examples=15)
@given(folds=st.integers(2, 5), repeats=st.integers(1, 2), n=st.integers(30, 45), config=configs)
def test_a_curve_is_the_mean_of_trainings_of_their_own(folds, repeats, n, config):
    """The mean over folds is that of one ``fit_stack`` a fold, on its rows with its seed."""
    data = rows_of(n=n, folds=folds, repeats=repeats)
    ((curve, _),) = trained([Training(config=config, seed=7)], data, 4)
    made, alone = data.folds, []
    for fold in range(len(made)):
        train, held = made.train[fold], made.held[fold, : made.counts[fold]]
        (result,) = fit_stack(
            [config],
            data.X[train],
            data.y[train],
            data.X[held],
            data.y[held],
            epochs=4,
            seed=fold_seed(7, fold),
        )
        alone.append(result.curve)
    # The rule of divergence sees means in the one, and each lane alone in the other.
    length = min(len(curve), *map(len, alone))
    assert curve[:length] == tuple(
        float(np.mean([found[epoch] for found in alone])) for epoch in range(length)
    )


@pytest.mark.parametrize("metric", METRICS_OF_NUMBERS)
def test_numbers_have_folds_as_well(metric):
    """A stack of numbers scores each lane by the numbers of its own fold."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(33, 3)).astype(np.float32)
    y = X @ rng.normal(size=(3, 1)) + 0.1 * rng.normal(size=(33, 1))
    folds = Folds.of((np.arange(33) % 4)[None], y)
    data = RegressionData(X=X, y=y, X_val=X[:0], y_val=y[:0], metric=METRICS[metric], folds=folds)
    config = MLPConfig(hidden=(4,), lr=1e-2, batch_size=8)
    trainer = StackTrainer([config] * 4, data=data, seeds=range(4))
    score = trainer.run_epoch().score
    for lane in range(4):
        held = folds.held[lane, : folds.counts[lane]]
        alone = METRICS[metric].of(y[held], trainer.network(lane).predict(X[held]).reshape(-1, 1))
        assert score[lane] == pytest.approx(METRICS[metric].sign * alone, rel=1e-5)


@pytest.mark.parametrize("repeats", [1, 2])
def test_a_training_with_folds_goes_on_from_its_lanes(repeats):
    """A training that was stopped between two epochs goes on with the bits of one that was not."""
    data = rows_of(n=40, folds=3, repeats=repeats)
    batch = [Training(config=MLPConfig(hidden=(4,), dropout=0.2, lr=0.01), seed=seed) for seed in (1, 2)]
    whole = trained(batch, data, 5)
    stack = next(
        epoch for epoch in run_stacks(dict(enumerate(batch)), data=data) if len(epoch.curves[0]) == 2
    )
    later = [Training(config=one.config, seed=0, since=stack.state(key)) for key, one in enumerate(batch)]
    assert [len(one.since.lanes) for one in later] == [3 * repeats] * 2
    assert trained(later, data, 5) == whole
    assert trained(later[1:], data, 5) == whole[1:]


def test_one_lane_that_diverges_ends_the_training():
    """All lanes of a training leave with the first one that diverges; its neighbors go on."""
    data = rows_of(n=40, folds=4)
    X = data.X.copy()
    X[0] = 3e38  # one row that three of the four lanes meet in training
    data = TrainingData(X=X, y=data.y, X_val=X[:0], y_val=data.y[:0], n_classes=3, folds=data.folds)
    batch = [Training(config=MLPConfig(hidden=(4,), lr=0.1), seed=seed) for seed in (1, 2)]
    stack = next(run_stacks(dict(enumerate(batch)), data=data))
    assert stack.diverged == {0, 1}
    assert stack.curves == {0: (), 1: ()}
    assert not stack.trainer.lanes
    assert len(stack.networks(0)) == 4


@pytest.mark.parametrize("lanes", [1, 3, 5])
def test_a_training_without_a_lane_for_each_fold_is_refused(lanes):
    """Each training has a lane for each fold of the data; data without folds have any number."""
    data = rows_of(n=40, folds=4)
    with pytest.raises(
        SettingError, match=f"a lane for each of 4 folds of each training, found {lanes} lanes"
    ):
        StackTrainer([MLPConfig()] * lanes, data=data, seeds=range(lanes))
    StackTrainer([MLPConfig()] * lanes, data=replace(data, folds=None), seeds=range(lanes))


def test_the_rule_of_divergence_sees_means(monkeypatch):
    """One lane with a grown loss and few right rows of its fold does not end the training of all folds."""
    seen = []
    broken = DivergenceRule.broken

    def watched(rule, **values):
        seen.append(values)
        return broken(rule, **values)

    monkeypatch.setattr(DivergenceRule, "broken", watched)
    data = rows_of(n=40, folds=4, classes=2)
    trainer = StackTrainer([MLPConfig(hidden=(4,), lr=0.01)] * 8, data=data, seeds=range(8))
    result = trainer.run_epoch()
    ((found, mine),) = [(values["loss"], result.loss) for values in seen]
    assert found.tolist() == [mine[:4].mean()] * 4 + [mine[4:].mean()] * 4
    assert {name: len(set(values.tolist())) <= 2 for name, values in seen[0].items()} == dict.fromkeys(
        ("loss", "first", "score", "constant"), True
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X_val": np.ones((2, 4), np.float32), "y_val": np.zeros(2, np.int64)}, "X_val: expected no rows"),
        ({"weights": np.arange(40.0)}, "weights: expected numbers above 0 beside folds"),
        ({"X": np.ones((30, 4), np.float32), "y": np.zeros(30, np.int64)}, "numbers of the 30 rows of X"),
    ],
)
def test_rows_that_folds_do_not_divide_are_refused(change, message):
    """Folds stand alone: no validation rows beside them, no rows left out."""
    data = rows_of(n=40, folds=4)
    kept = {name: getattr(data, name) for name in ("X", "y", "X_val", "y_val", "n_classes", "folds")}
    with pytest.raises(DataError, match=message):
        TrainingData(**{**kept, **change})


@pytest.mark.parametrize("numbers", [[0, 0, 0], [0, 0, 2], [0, 0, 0, 1]])
def test_folds_that_are_not_equal_are_refused(numbers):
    """Two folds at least, each with as many rows as another or one less."""
    with pytest.raises(
        DataError, match="folds: expected two or more a repeat, with as many rows each or one less"
    ):
        Folds.of(np.array([numbers]), np.zeros(len(numbers), np.int64))
