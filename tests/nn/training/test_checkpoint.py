"""Going on from a checkpoint is never having stopped; weights and values obey the lane law too."""

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
    ModelFileError,
    SettingError,
    StackTrainer,
    load_checkpoint,
    save_checkpoint,
)
from hpsearch.nn.training.divergence import LOSS_ALONE, NEVER, DivergenceRule
from tests.nn.training.rows import make_data, run


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
            label_smoothing=draw(st.sampled_from([0.0, 0.1])),
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
    divergence=st.sampled_from([DivergenceRule(), LOSS_ALONE, NEVER]),
    data=st.data(),
)
def test_resuming_is_not_stopping(*, stack, n, outputs, values, weighted, dtype, stops, divergence, data):
    """From any epoch, in any new company and order, a lane goes on with the bytes of an unbroken run."""
    lanes, seeds = stack
    if values:
        lanes = [replace(lane, label_smoothing=0.0) for lane in lanes]
    rows = make_data(n=n, d=3, outputs=outputs, values=values, weighted=weighted)
    whole = StackTrainer(lanes, data=rows, seeds=seeds, dtype=dtype, divergence=divergence)
    run(whole, stops)
    some = data.draw(st.permutations(whole.lanes))[:3] if whole.lanes else []
    if not some:
        return
    checkpoints = [whole.checkpoint(lane) for lane in some]
    rest = run(whole, 2)
    again = StackTrainer.resume(checkpoints, data=rows, divergence=divergence)
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
    if values:
        lanes = [replace(lane, label_smoothing=0.0) for lane in lanes]
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
