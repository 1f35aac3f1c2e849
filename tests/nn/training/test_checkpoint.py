"""Going on from a checkpoint is never having stopped; weights and values obey the lane law too."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsearch.errors import DataError
from hpsearch.nn import (
    ACTIVATIONS,
    DROPOUT_KINDS,
    INITIALIZERS,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    MLPConfig,
    ModelFileError,
    RegressionData,
    SettingError,
    StackTrainer,
    TrainingData,
    load_checkpoint,
    save_checkpoint,
)


def make_data(*, n, d, outputs, values=False, weighted=False):
    """Return random rows of classes or values, with or without weights, some of them zero."""
    rng = np.random.default_rng(0)
    X, X_val = rng.standard_normal((n, d)).astype(np.float32), rng.standard_normal((5, d)).astype(np.float32)
    weights = np.maximum(0, rng.random(n) - 0.2) + 1e-3 * (np.arange(n) == 0) if weighted else None
    if values:
        y, y_val = rng.standard_normal((n, outputs)), rng.standard_normal((5, outputs))
        return RegressionData(X=X, y=y, X_val=X_val, y_val=y_val, weights=weights)
    y, y_val = rng.integers(0, outputs, n), rng.integers(0, outputs, 5)
    return TrainingData(X=X, y=y, X_val=X_val, y_val=y_val, n_classes=outputs, weights=weights)


def run(trainer, epochs):
    """Train; return each lane's bytes of every epoch."""
    trace = dict.fromkeys(trainer.lanes, b"")
    for _ in range(epochs):
        result = trainer.run_epoch()
        for row, lane in enumerate(result.lanes):
            trace[lane] += result.accuracy[row].tobytes() + result.loss[row].tobytes()
            trace[lane] += result.diverged[row].tobytes()
    return trace


@st.composite
def stacks(draw):
    """Draw one to four lanes of one structure with their seeds."""
    base = MLPConfig(
        hidden=tuple(draw(st.lists(st.integers(1, 6), max_size=2))),
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
            lr=draw(st.sampled_from([1e-3, 0.05, 1.0, 1e30])),
            weight_decay=draw(st.sampled_from([0.0, 1e-3])),
            dropout=draw(st.sampled_from([0.0, 0.3, 0.97])),
            input_dropout=draw(st.sampled_from([0.0, 0.3])),
            schedule=draw(st.sampled_from(sorted(SCHEDULES))),
            schedule_every=1,
            schedule_rates=((1, 0.01), (2, 0.02)),
            warmup_epochs=draw(st.integers(1, 3)),
            momentum=draw(st.sampled_from([None, 0.5])),
            beta2=draw(st.sampled_from([None, 0.9])),
            l1=draw(st.sampled_from([0.0, 1e-3])),
            linf=draw(st.sampled_from([0.0, 1e-3])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]
    return lanes, draw(st.lists(st.integers(0, 2**64 - 1), min_size=len(lanes), max_size=len(lanes)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    stack=stacks(),
    n=st.integers(1, 14),
    outputs=st.integers(1, 3),
    values=st.booleans(),
    weighted=st.booleans(),
    dtype=st.sampled_from([np.float32, np.float64]),
    stops=st.integers(0, 3),
    limit=st.sampled_from([2.0, np.inf]),
    data=st.data(),
)
def test_resuming_is_not_stopping(*, stack, n, outputs, values, weighted, dtype, stops, limit, data):
    """From any epoch, in any new company and order, a lane goes on with the bytes of an unbroken run."""
    lanes, seeds = stack
    rows = make_data(n=n, d=3, outputs=outputs, values=values, weighted=weighted)
    whole = StackTrainer(lanes, data=rows, seeds=seeds, dtype=dtype, limit=limit)
    run(whole, stops)
    some = data.draw(st.permutations(whole.lanes))[:3] if whole.lanes else []
    if not some:
        return
    checkpoints = [whole.checkpoint(lane) for lane in some]
    rest = run(whole, 2)
    again = StackTrainer.resume(checkpoints, data=rows, limit=limit)
    found = run(again, 2)
    assert [found[i] for i in range(len(some))] == [rest[lane] for lane in some]
    for i, lane in enumerate(some):
        assert again.network(i).parameters.tobytes() == whole.network(lane).parameters.tobytes()
        assert again.network(i).config == lanes[lane]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(stack=stacks(), n=st.integers(1, 14), outputs=st.integers(1, 3), values=st.booleans())
def test_weighted_lanes_and_values_are_the_same_in_any_company(*, stack, n, outputs, values):
    """With weights, of classes or of values, each lane alone has the bytes that it has in the stack."""
    lanes, seeds = stack
    rows = make_data(n=n, d=3, outputs=outputs, values=values, weighted=True)
    together = StackTrainer(lanes, data=rows, seeds=seeds)
    traces = run(together, 2)
    for lane, (config, seed) in enumerate(zip(lanes, seeds, strict=True)):
        alone = StackTrainer([config], data=rows, seeds=[seed])
        assert run(alone, 2)[0] == traces[lane]
        assert alone.network(0).parameters.tobytes() == together.network(lane).parameters.tobytes()


@settings(max_examples=30, deadline=None)
@given(stack=stacks(), epochs=st.integers(0, 2))
def test_a_checkpoint_comes_back_from_its_file(tmp_path_factory, stack, epochs):
    """Saved and loaded, a checkpoint goes on with the same bytes."""
    lanes, seeds = stack
    rows = make_data(n=11, d=3, outputs=3)
    trainer = StackTrainer(lanes, data=rows, seeds=seeds)
    run(trainer, epochs)
    if not trainer.lanes:
        return
    path = tmp_path_factory.mktemp("checkpoint") / "lane.safetensors"
    save_checkpoint(trainer.checkpoint(trainer.lanes[0]), path)
    lane, rest = trainer.lanes[0], run(trainer, 1)
    assert run(StackTrainer.resume([load_checkpoint(path)], data=rows), 1)[0] == rest[lane]


def test_a_rate_changed_by_hand_takes_effect():
    """A lane goes on at another rate, from the same weights and with the same batches."""
    rows = make_data(n=20, d=3, outputs=3)
    trainer = StackTrainer([MLPConfig(hidden=(4,), optimizer="sgd")], data=rows, seeds=[0])
    trainer.run_epoch()
    checkpoint = trainer.checkpoint(0)
    slower = replace(checkpoint, config=replace(checkpoint.config, lr=1e-4))
    before = trainer.network(0).parameters
    moved = []
    for start in (checkpoint, slower):
        again = StackTrainer.resume([start], data=rows)
        again.run_epoch()
        moved.append(np.abs(again.network(0).parameters - before).max())
    assert moved[0] == pytest.approx(10 * moved[1], rel=1e-3)


def test_a_checkpoint_is_a_copy():
    """Training on does not change a checkpoint that was taken."""
    trainer = StackTrainer([MLPConfig(hidden=(4,))], data=make_data(n=20, d=3, outputs=3), seeds=[0])
    checkpoint = trainer.checkpoint(0)
    before = [array.copy() for array in (checkpoint.parameters, checkpoint.moments, checkpoint.order)]
    bits = checkpoint.order_bits.copy()
    trainer.run_epoch()
    after = checkpoint.parameters, checkpoint.moments, checkpoint.order
    assert all((a == b).all() for a, b in zip(after, before, strict=True))
    assert (checkpoint.order_bits == bits).all()
    assert (trainer.checkpoint(0).order_bits != bits).any()


def test_checkpoints_that_do_not_fit_are_refused():
    """Lanes at different steps, other rows, lanes that left and broken arrays are named."""
    rows, config = make_data(n=20, d=3, outputs=3), MLPConfig(hidden=(4,))
    trainer = StackTrainer([config] * 2, data=rows, seeds=[0, 1])
    early = trainer.checkpoint(0)
    trainer.run_epoch()
    late = trainer.checkpoint(1)
    with pytest.raises(SettingError, match=r"checkpoints: expected at least one lane, found none"):
        StackTrainer.resume([], data=rows)
    with pytest.raises(SettingError, match=r"checkpoints: expected step 0 of lane 0 .* found 1 in lane 1"):
        StackTrainer.resume([early, late], data=rows)
    with pytest.raises(SettingError, match=r"training rows and lanes \(.*, 19, 1\) .* found \(.*, 20, 1\)"):
        StackTrainer.resume([late], data=make_data(n=19, d=3, outputs=3))
    with pytest.raises(SettingError, match=r"\(3, 4, 2\), \(\), 20, 1\) in float32, found .*\(3, 4, 3\), "):
        StackTrainer.resume([late], data=make_data(n=20, d=3, outputs=2))
    with pytest.raises(SettingError, match=r"training rows and lanes \(.*, 20, 2\) .* found \(.*, 20, 1\)"):
        trainer.restore([late])
    for other, dtype in ((replace(config, activation="tanh"), np.float32), (config, np.float64)):
        with pytest.raises(SettingError, match=r"checkpoints: expected structure, sizes, .*(tanh|float64)"):
            StackTrainer([other], data=rows, seeds=[0], dtype=dtype).restore([late])
    with pytest.raises(
        SettingError, match=r"sizes: expected \(n_features, \*\(5,\), n_outputs\), found \(3, 4, 3\)"
    ):
        replace(late, config=replace(config, hidden=(5,)))
    with pytest.raises(SettingError, match=r"parameters: expected float32 \(31,\), found float32 \(30,\)"):
        replace(late, parameters=late.parameters[:30])
    with pytest.raises(SettingError, match=r"moments: expected float32 \(0, 31\), found float32 \(2, 31\)"):
        replace(late, config=replace(config, optimizer="sgd"))
    trainer.drop([0])
    with pytest.raises(SettingError, match=r"lane: expected one of \[1\], still in training, found 0"):
        trainer.checkpoint(0)
    with pytest.raises(SettingError, match=r"moments: expected float32 \(2, 31\), found float64 \(2, 31\)"):
        replace(late, moments=late.moments.astype(np.float64))
    with pytest.raises(SettingError, match=r"order: expected each of 0\.\.19 once, found something else"):
        replace(late, order=np.zeros(20, np.int64))
    with pytest.raises(SettingError, match=r"dropout_bits: expected uint64 \(6,\), found uint64 \(5,\)"):
        replace(late, dropout_bits=late.dropout_bits[:5])


def test_a_checkpoint_is_not_a_model(tmp_path):
    """A file of one kind is refused where another is expected."""
    trainer = StackTrainer([MLPConfig(hidden=())], data=make_data(n=5, d=3, outputs=3), seeds=[0])
    save_checkpoint(trainer.checkpoint(0), tmp_path / "lane")
    from hpsearch.nn import load_model  # noqa: PLC0415 - the only use here

    with pytest.raises(ModelFileError, match=r"lane: expected a saved model, found 'checkpoint'"):
        load_model(tmp_path / "lane")


@settings(max_examples=50, deadline=None)
@given(scale=st.sampled_from([1e-300, 1e-3, 1.0, 7.0, 1e300]), values=st.booleans())
def test_equal_weights_are_no_weights(scale, values):
    """Weights that are all the same change no byte, whatever they are."""
    plain = make_data(n=13, d=3, outputs=2, values=values)
    weighted = replace(plain, weights=np.full(13, scale))
    config = MLPConfig(hidden=(4,), batch_size=4)
    assert run(StackTrainer([config], data=plain, seeds=[0]), 2) == run(
        StackTrainer([config], data=weighted, seeds=[0]), 2
    )


def test_the_loss_of_an_epoch_is_the_weighted_mean():
    """At a rate too small to move anything, an epoch's loss is the weighted mean of the rows' losses."""
    data = make_data(n=13, d=3, outputs=3, weighted=True)
    trainer = StackTrainer(
        [MLPConfig(hidden=(4,), batch_size=4, lr=1e-30)], data=data, seeds=[0], dtype=np.float64
    )
    P = trainer.network(0).predict_proba(data.X)
    losses = -np.log(P[np.arange(13), data.y])
    assert trainer.run_epoch().loss[0] == pytest.approx(np.average(losses, weights=data.weights))


def test_the_first_loss_is_the_weighted_mean_of_the_first_batch():
    """What later losses are measured against does not depend on how heavy the first batch happens to be."""
    data = make_data(n=13, d=3, outputs=3, weighted=True)
    config = MLPConfig(hidden=(4,), batch_size=4, lr=1e-30)
    trainer = StackTrainer([config], data=data, seeds=[0], dtype=np.float64)
    P = trainer.network(0).predict_proba(data.X)
    trainer.run_epoch()
    checkpoint = trainer.checkpoint(0)
    first = checkpoint.order[:4]
    losses = -np.log(P[first, data.y[first]])
    assert checkpoint.first_loss == pytest.approx(np.average(losses, weights=data.weights[first]))


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.ones(12), r"weights: expected real numbers \(13,\), found float64 \(12,\)"),
        (np.ones(13, np.int64), r"weights: expected real numbers \(13,\), found int64 \(13,\)"),
        (np.full(13, np.nan), r"weights: expected finite numbers, 0 or more"),
        (np.arange(13) - 1.0, r"weights: expected finite numbers, 0 or more, found a negative"),
        (np.zeros(13), r"weights: expected at least one above zero, found none"),
    ],
)
@pytest.mark.parametrize("values", [False, True])
def test_weights_that_cannot_be_are_refused(values, weights, message):
    """Each kind of wrong weights is named."""
    with pytest.raises(DataError, match=message):
        replace(make_data(n=13, d=3, outputs=2, values=values), weights=weights)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("y", np.zeros(13), r"y: expected real numbers \(13, outputs\), found float64 \(13,\)"),
        ("y", np.zeros((13, 0)), r"y: expected real numbers \(13, outputs\), found float64 \(13, 0\)"),
        ("y", np.zeros((13, 2), np.int64), r"y: expected real numbers \(13, outputs\), found int64"),
        ("y", np.full((13, 2), np.inf), r"y: expected finite numbers, found NaN or infinity"),
        ("y_val", np.zeros((5, 3)), r"y_val: expected real numbers \(5, 2\), found float64 \(5, 3\)"),
    ],
)
def test_values_that_do_not_fit_are_refused(field, value, message):
    """Values of the wrong shape or type are named."""
    with pytest.raises(DataError, match=message):
        replace(make_data(n=13, d=3, outputs=2, values=True), **{field: value})


def test_the_score_of_values_is_r_squared():
    """The validation score is the mean R^2 of the outputs; a constant output is 1 or 0."""
    data = make_data(n=13, d=3, outputs=2, values=True)
    trainer = StackTrainer([MLPConfig(hidden=(4,))] * 2, data=data, seeds=[0, 1], limit=np.inf)
    scores = trainer.run_epoch().accuracy
    for lane in range(2):
        P = trainer.network(lane).predict(data.X_val)
        parts = 1 - ((data.y_val - P) ** 2).sum(0) / ((data.y_val - data.y_val.mean(0)) ** 2).sum(0)
        assert scores[lane] == pytest.approx(parts.mean())
    flat = replace(data, y_val=np.ones((5, 2)))
    assert StackTrainer([MLPConfig(hidden=())], data=flat, seeds=[0]).run_epoch().accuracy == [0.0]
    empty = replace(data, X_val=data.X_val[:0], y_val=data.y_val[:0])
    assert np.isnan(StackTrainer([MLPConfig(hidden=())], data=empty, seeds=[0]).run_epoch().accuracy).all()


def test_a_network_of_values_has_no_probabilities():
    """Values are predicted as they are, and probabilities are refused."""
    data = make_data(n=13, d=3, outputs=2, values=True)
    network = StackTrainer([MLPConfig(hidden=())], data=data, seeds=[0]).network(0)
    assert network.predict(data.X) == pytest.approx(data.X @ network.weights[0], abs=1e-6)
    with pytest.raises(DataError, match=r"expected a network that predicts classes, found one of values"):
        network.predict_proba(data.X)
