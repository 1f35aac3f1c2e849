"""The law: a lane's bits do not depend on the lanes beside it."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsearch.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    INITIALIZERS,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    MLPConfig,
    StackTrainer,
    TrainingData,
)


def make_data(*, n, n_val, d, classes, seed=0, sparse=False):
    """Return random rows; ``sparse`` ones are mostly zero, so that zeros of both signs occur."""
    rng = np.random.default_rng(seed)
    X, X_val = rng.standard_normal((n, d)), rng.standard_normal((n_val, d))
    if sparse:
        X *= rng.random((n, d)) < 0.2
    return TrainingData(
        X=X.astype(np.float32),
        y=rng.integers(0, classes, n),
        X_val=X_val.astype(np.float32),
        y_val=rng.integers(0, classes, n_val),
        n_classes=classes,
    )


def train(configs, seeds, data, *, epochs, drops=None, dtype=np.float32):
    """Train a stack, letting lanes leave after some epochs; return each lane's bytes."""
    trainer = StackTrainer(configs, data=data, seeds=seeds, dtype=dtype)
    trace = [b""] * len(configs)
    for epoch in range(epochs):
        result = trainer.run_epoch()
        for row, lane in enumerate(result.lanes):
            trace[lane] += result.score[row].tobytes() + result.loss[row].tobytes()
            trace[lane] += result.diverged[row].tobytes()
        leaving = {lane for lane, last in enumerate(drops or []) if last == epoch} & set(trainer.lanes)
        trainer.drop(leaving)
    return [trace[lane] + trainer.network(lane).parameters.tobytes() for lane in range(len(configs))]


rarer_settings = st.fixed_dictionaries(
    {},
    optional={
        "init_scale": st.sampled_from([0.0, 0.01, 1e30]),
        "momentum": st.sampled_from([0.0, 0.5, 0.999]),
        "beta1": st.sampled_from([0.0, 0.5]),
        "beta2": st.sampled_from([0.0, 0.9]),
        "eps": st.sampled_from([1e-12, 0.1]),
        "schedule": st.sampled_from(sorted(SCHEDULES)),
        "schedule_decay": st.sampled_from([0.0, 0.5]),
        "schedule_every": st.integers(1, 2),
        "l1": st.sampled_from([1e-3, 0.5]),
        "linf": st.sampled_from([1e-3, 0.5]),
        "input_dropout": st.sampled_from([0.2, 0.9]),
        "label_smoothing": st.sampled_from([0.1, 0.9]),
    },
).map(lambda settings: {**settings, "warmup_epochs": 1, "schedule_rates": ((1, 0.5),)})
"""What may differ between lanes; most draws leave most of it alone."""


@st.composite
def stacks(draw):
    """Draw one to eight lanes of one structure, their seeds and epochs to leave at."""
    lane_count = draw(st.integers(1, 8))
    base = MLPConfig(
        hidden=tuple(draw(st.lists(st.integers(1, 9), max_size=3))),
        activation=draw(st.sampled_from(sorted(ACTIVATIONS))),
        optimizer=draw(st.sampled_from(sorted(OPTIMIZERS))),
        normalization=draw(st.sampled_from(sorted(NORMALIZATIONS))),
        dropout_kind=draw(st.sampled_from(sorted(DROPOUT_KINDS))),
        batch_size=draw(st.integers(1, 9)),
    )
    lanes = [
        replace(
            base,
            init=draw(st.sampled_from(sorted(INITIALIZERS))),
            lr=draw(st.sampled_from([1e-3, 0.05, 1.0, 1e4, 1e30])),
            weight_decay=draw(st.sampled_from([0.0, 1e-3, 0.5])),
            dropout=draw(st.sampled_from([0.0, 0.0, 0.3, 0.97])),
            **draw(rarer_settings),
        )
        for _ in range(lane_count)
    ]
    seeds = draw(st.lists(st.integers(0, 2**64 - 1), min_size=lane_count, max_size=lane_count))
    drops = draw(st.lists(st.sampled_from([0, 1, 9]), min_size=lane_count, max_size=lane_count))
    return lanes, seeds, drops


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    stack=stacks(),
    n=st.integers(1, 14),
    d=st.integers(1, 6),
    classes=st.integers(1, 4),
    sparse=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
    data=st.data(),
)
def test_a_lane_is_the_same_in_any_company(*, stack, n, d, classes, sparse, dtype, data):
    """Alone, in a shuffled subset, and with neighbours that leave or diverge, a lane has the same bytes."""
    lanes, seeds, drops = stack
    rows = make_data(n=n, n_val=7, d=d, classes=classes, sparse=sparse)
    together = train(lanes, seeds, rows, epochs=3, drops=drops, dtype=dtype)
    some = data.draw(st.permutations(range(len(lanes))))[: data.draw(st.integers(1, len(lanes)))]
    subset = train(
        [lanes[i] for i in some],
        [seeds[i] for i in some],
        rows,
        epochs=3,
        drops=[drops[i] for i in some],
        dtype=dtype,
    )
    assert subset == [together[i] for i in some]
    lane = some[0]
    alone = train([lanes[lane]], [seeds[lane]], rows, epochs=3, drops=[drops[lane]], dtype=dtype)
    assert alone == [together[lane]]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("hidden", "d", "batch_size"),
    [
        ((64, 64), 64, 64),
        ((100,), 784, 100),
        ((100, 100), 784, 128),
        ((33, 65), 129, 32),
        ((64,), 64, 1),
        ((), 784, 100),
        ((1, 64), 1, 64),
        ((300,), 300, 256),
    ],
)
def test_the_law_holds_where_blas_changes_kernels(hidden, d, batch_size, dtype):
    """Lanes of real sizes have the same bytes alone, in pairs and in a stack of eight."""
    rows = make_data(n=300, n_val=300, d=d, classes=10)
    lanes = [
        MLPConfig(hidden=hidden, batch_size=batch_size, lr=1e-3 * 2**i, weight_decay=1e-4 * i, dropout=i / 10)
        for i in range(8)
    ]
    seeds = list(range(8))
    together = train(lanes, seeds, rows, epochs=1, dtype=dtype)
    assert [train([lanes[i]], [seeds[i]], rows, epochs=1, dtype=dtype)[0] for i in (0, 3, 7)] == [
        together[i] for i in (0, 3, 7)
    ]
    assert train([lanes[5], lanes[2]], [5, 2], rows, epochs=1, dtype=dtype) == [together[5], together[2]]


def test_blocks_of_the_update_change_no_bit(monkeypatch):
    """An update cut into other blocks, through lanes or through columns, gives the same bytes."""
    rows = make_data(n=30, n_val=5, d=7, classes=3)
    lanes = [MLPConfig(hidden=(11, 5), batch_size=8, weight_decay=0.1 * i) for i in range(5)]
    whole = train(lanes, range(5), rows, epochs=2)
    for block in (1, 7, 100, 400):
        monkeypatch.setattr("hpsearch.nn.stack.updater.BLOCK", block)
        assert train(lanes, range(5), rows, epochs=2) == whole


class OtherZeros(ACTIVATIONS["relu"]):
    """A rectifier whose zeros have random signs."""

    def forward(self, Z, mask):
        """Overwrite ``Z`` by its rectifier, then turn the sign of every other zero, by chance."""
        super().forward(Z, mask)
        zeros = np.random.default_rng(Z.size).random(Z.shape) < 0.5
        Z[(Z == 0) & zeros] *= -1


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("kind", DROPOUT_KINDS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_sign_of_a_zero_reaches_no_result(monkeypatch, normalization, kind, dtype):
    """Where a rectifier's zeros have other signs, lanes end with the same bytes, from zero weights, too."""
    for hidden, batch_size in (((64, 64), 64), ((3, 5), 1), ((33, 1, 17), 7), ((129,), 100)):
        base = MLPConfig(hidden=hidden, normalization=normalization, dropout_kind=kind, batch_size=batch_size)
        lanes = [
            replace(base, init_scale=scale, dropout=dropout, lr=lr, l1=l1)
            for scale, dropout, lr, l1 in (
                (1, 0, 1e-2, 0),
                (0, 0.5, 1e-3, 1e-3),
                (1, 0.3, 1, 0),
                (0, 0, 1, 1),
            )
        ]
        rows = make_data(n=130, n_val=20, d=20, classes=3, sparse=True)
        expected = train(lanes, range(4), rows, epochs=2, dtype=dtype)
        with monkeypatch.context() as patch:
            patch.setitem(ACTIVATIONS, "relu", OtherZeros)
            assert train(lanes, range(4), rows, epochs=2, dtype=dtype) == expected


def test_seeds_and_settings_do_matter():
    """Lanes that differ in seed, rate, penalty or dropout end with different weights."""
    rows = make_data(n=40, n_val=5, d=6, classes=3)
    base = MLPConfig(hidden=(16,), batch_size=8)
    lanes = [base, base, replace(base, lr=2e-3), replace(base, weight_decay=0.1), replace(base, dropout=0.5)]
    weights = train(lanes, [0, 1, 0, 0, 0], rows, epochs=1)
    assert len(set(weights)) == len(lanes)
