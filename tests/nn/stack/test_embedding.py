"""Embeddings: the layer, its derivative, the law, and what training does to vectors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hpsearch.nn import (
    DROPOUT_KINDS,
    LOSSES,
    NORMALIZATIONS,
    MLPConfig,
    StackTrainer,
    TrainingData,
    numerical_gradient,
)
from hpsearch.nn.functions.initializers import initial_vectors
from hpsearch.nn.layout import Layout
from hpsearch.nn.stack.embedding import Embedding
from hpsearch.nn.stack.lane_dropout import LaneDropout, StackDropout
from hpsearch.nn.stack.stack import Stack, StackArrays
from hpsearch.nn.streams import StreamPurpose, lane_bits
from tests.nn.categories import BLOCKS, N_FEATURES, fitted, make_data, one_hot_rows
from tests.nn.memory import memory_of_epochs
from tests.nn.test_gradients import assert_same_gradient
from tests.nn.test_lane_law import stacks, train


@pytest.mark.parametrize("width", [1, 3])
def test_the_layer_has_its_derivative(width):
    """The gradient of every table is the central difference, for blocks of one category and of several."""
    rng = np.random.default_rng(0)
    tables = [rng.standard_normal((2, stop - start, width)) for start, stop in BLOCKS]
    gradients = [np.empty_like(table) for table in tables]
    layer = Embedding(tables, gradients, blocks=BLOCKS, n_features=N_FEATURES, rows=12)
    X = np.stack([one_hot_rows(12, seed=seed) for seed in (0, 1)]).astype(np.float64)
    R = rng.standard_normal((2, 12, 3 * width + 2))
    expected = [
        numerical_gradient(lambda _: float((R * layer.forward(X, training=True)).sum()), table)
        for table in tables
    ]
    layer.forward(X, training=True)
    layer.parameter_gradients(R)
    for found, oracle in zip(gradients, expected, strict=True):
        assert_same_gradient(found, oracle)


@pytest.mark.parametrize("kind", [None, *DROPOUT_KINDS])
@pytest.mark.parametrize("hidden", [(), (4, 3)])
@pytest.mark.parametrize("normalization", NORMALIZATIONS)
def test_whole_networks_have_their_derivatives(normalization, hidden, kind):
    """All gradients are central differences, with every normalization and every dropout of fixed bits."""
    layout = Layout(
        sizes=(N_FEATURES, *hidden, 3),
        activation="tanh",
        normalization=normalization,
        embedding=2,
        blocks=BLOCKS,
    )
    rng = np.random.default_rng(4)
    parameters = rng.standard_normal((2, layout.n_parameters))
    X = np.stack([one_hot_rows(6, seed=seed) for seed in (0, 1)]).astype(np.float64)
    arrays, y = StackArrays.around(parameters, layout=layout), rng.integers(0, 3, (2, 6))
    loss = LOSSES["cross_entropy"]((2, 6, 3), np.float64)
    plain = MLPConfig(hidden=hidden, dropout_kind=kind or "standard", embedding=2)
    configs = [replace(plain, dropout=0.5, input_dropout=0.3) if kind else plain, plain]

    def run():
        bits = [lane_bits(seed, StreamPurpose.DROPOUT) for seed in (1, 2)]
        drops = StackDropout(LaneDropout.of(configs, bits, np.float64), parameters, layout=layout)
        drops.draw()
        drops.refresh()
        stack = Stack(arrays, rows=6, logits=loss.logits, drops=drops)
        stack.forward(X.copy(), training=True)
        return stack, drops, float(loss.forward(y).sum() / 6)

    expected = numerical_gradient(lambda _: run()[2], parameters)[:, : layout.n_learned]
    stack, drops, _ = run()
    stack.backward(loss.backward())
    drops.mask(arrays.gradients)
    assert_same_gradient(arrays.gradients[:, : layout.n_learned], expected)


def test_a_network_is_that_of_the_products_of_its_matrices():
    """With ``E W`` as the weights of a block, a softmax regression on the one-hot rows says the same."""
    network, X = fitted(hidden=()), one_hot_rows(20, seed=5).astype(np.float64)
    (W,), (b,) = network.weights, network.biases
    logits = np.broadcast_to(b, (20, 3)).copy()
    for at, ((start, stop), E) in enumerate(zip(BLOCKS, network.embeddings, strict=True)):
        assert E.shape == (stop - start, 2)
        logits += X[:, start:stop] @ (E @ W[2 * at : 2 * at + 2])
    logits += X[:, [4, 9]] @ W[6:]
    assert np.abs(network.outputs(X) - logits).max() < 1e-12


@st.composite
def embedded(draw):
    """Draw lanes of one structure with an embedding, where their blocks are, and how many features."""
    lanes, seeds, drops = draw(stacks())
    width = draw(st.integers(1, 3))
    gaps = draw(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 5)), min_size=1, max_size=3))
    blocks, end = [], 0
    for gap, categories in gaps:
        blocks.append((end + gap, end + gap + categories))
        end += gap + categories
    d = end + draw(st.integers(0, 2))
    return [replace(lane, embedding=width) for lane in lanes], seeds, drops, tuple(blocks), d


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    stack=embedded(), n=st.integers(1, 14), dtype=st.sampled_from([np.float32, np.float64]), data=st.data()
)
def test_a_lane_is_the_same_in_any_company(*, stack, n, dtype, data):
    """Alone, in a shuffled subset, and with neighbours that leave or diverge, a lane has the same bytes."""
    lanes, seeds, drops, blocks, d = stack
    rows = make_data(n, blocks=blocks, d=d)
    together = train(lanes, seeds, rows, epochs=3, drops=drops, dtype=dtype)
    some = data.draw(st.permutations(range(len(lanes))))[: data.draw(st.integers(1, len(lanes)))]
    for places in (some, some[:1]):
        apart = [[part[i] for i in places] for part in (lanes, seeds, drops)]
        found = train(*apart[:2], rows, epochs=3, drops=apart[2], dtype=dtype)
        assert found == [together[i] for i in places]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("categories", "width", "batch_size"), [(300, 8, 64), (64, 64, 1), (1000, 1, 32), (33, 17, 100)]
)
def test_the_law_holds_where_blas_changes_kernels(categories, width, batch_size, dtype):
    """Lanes of real sizes have the same bytes alone and in a stack of eight."""
    rows = make_data(
        200, n_val=300, blocks=((3, 3 + categories), (3 + categories, 8 + categories)), d=20 + categories
    )
    lanes = [
        MLPConfig(hidden=(64,), embedding=width, batch_size=batch_size, lr=1e-3 * 2**i, input_dropout=i / 10)
        for i in range(8)
    ]
    together = train(lanes, range(8), rows, epochs=1, dtype=dtype)
    for i in (0, 5):
        assert train([lanes[i]], [i], rows, epochs=1, dtype=dtype) == [together[i]]


def test_a_category_without_training_rows_keeps_its_vector():
    """Nothing but a penalty moves it; every category that is met does move."""
    rows = one_hot_rows(40, unknown=0.0)
    rows = rows[rows[:, 2] == 0]
    data = TrainingData(
        X=rows, y=np.arange(len(rows)) % 2, X_val=rows[:0], y_val=np.arange(0), n_classes=2, blocks=BLOCKS
    )
    config = MLPConfig(hidden=(4,), embedding=2, optimizer="sgd", lr=0.1)
    lanes = [config, replace(config, weight_decay=0.1)]
    trainer = StackTrainer(lanes, data=data, seeds=[0, 0])
    before = [trainer.network(lane).embeddings[0] for lane in range(2)]
    trainer.run_epoch()
    after = [trainer.network(lane).embeddings[0] for lane in range(2)]
    assert (after[0][2] == before[0][2]).all()
    assert (np.delete(after[0], 2, axis=0) != np.delete(before[0], 2, axis=0)).all()
    assert (np.abs(after[1][2]) < np.abs(before[1][2])).all()


def test_zeros_alone_are_the_vector_zero():
    """A row that has none of a block's categories is a row whose vector there is 0."""
    network = fitted()
    known = one_hot_rows(5, seed=3, unknown=0.0)
    unknown = known.copy()
    unknown[:, 0:4] = 0
    blank = network.parameters.copy()
    blank[: 4 * 2] = 0
    assert np.array_equal(network.outputs(unknown), replace(network, parameters=blank).outputs(known))


def test_dropout_of_inputs_drops_whole_vectors():
    """In training a category's vector is 0 or divided by the probability to stay; numbers drop one by one."""
    layout = Layout(sizes=(N_FEATURES, 3), embedding=3, blocks=((0, 9),))
    config = MLPConfig(hidden=(), embedding=3, input_dropout=0.5)
    arrays = StackArrays.around(layout.initial([config], [0], np.float64), layout=layout)
    lanes = LaneDropout.of([config], [lane_bits(0, StreamPurpose.DROPOUT)], np.float64)
    stack = Stack(arrays, rows=400, drops=StackDropout(lanes, arrays.parameters, layout=layout))
    X = one_hot_rows(400, blocks=((0, 9),), unknown=0.0).astype(np.float64)
    stack.forward(X[None].copy(), training=True)
    vectors, (E,) = stack._embedding._out[0, :, :3], layout.tables(arrays.parameters)
    whole = 2 * E[0][X[:, :9].argmax(axis=1)]
    kept = (vectors == whole).all(axis=1)
    assert (kept | (vectors == 0).all(axis=1)).all()
    assert 150 < kept.sum() < 250


def test_vectors_start_small():
    """They are uniform within 0.05 of 0, from the lane's stream, whatever the initializer of weights."""
    config = MLPConfig(hidden=(), embedding=4, init="zeros", init_scale=0.0)
    layout = Layout.of(config, n_features=N_FEATURES, n_outputs=2, blocks=BLOCKS)
    flat = layout.initial([config], [5], np.float64)
    drawn = initial_vectors(np.random.Generator(lane_bits(5, StreamPurpose.INIT)), (4, 4))
    assert (layout.tables(flat)[0][0] == drawn).all()
    many = initial_vectors(np.random.default_rng(0), (4000, 3))
    assert 0.0499 < many.max() < 0.05
    assert -0.05 < many.min() < -0.0499
    assert abs(many.mean()) < 5 * 0.05 / np.sqrt(3 * many.size)
    assert (flat[:, 8 * 4 :] == 0).all()


def test_steps_allocate_nothing():
    """Once warm, a hundred epochs leave nothing behind and need no buffer more."""
    data = make_data(640, n_val=0, blocks=((2, 40), (40, 64)), d=70)
    trainer = StackTrainer([MLPConfig(hidden=(64,), embedding=16)] * 8, data=data, seeds=range(8))
    kept, needed = memory_of_epochs(trainer, 20)
    assert kept < 16 * 1024
    assert needed < 4 * 8 * 64 * 32  # the vectors of a batch, 64 KiB
