"""The trainings of ``parity.py``: settings, hpsearch's side of each, and the job for other libraries."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

import numpy as np

from hpsearch.nn import (
    ACTIVATIONS,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    MLPConfig,
    Network,
    RegressionData,
    StackTrainer,
    TrainingData,
)
from hpsearch.nn.functions.dropout import Dropout, DropoutStreams
from hpsearch.nn.losses import softmax
from hpsearch.nn.streams import StreamPurpose, lane_bits
from hpsearch.nn.training.divergence import NEVER

SEED = 3
N, N_NEW, FEATURES, CLASSES, OUTPUTS = 96, 40, 6, 4, 3
BLOCKS = ((0, 3), (3, 5))
"""Of ``"categories"``: two one-hot blocks of the six features."""

RATES = {
    "sgd": 0.1,
    "momentum": 0.02,
    "averaged_momentum": 0.1,
    "nesterov": 0.02,
    "adagrad": 0.05,
    "rmsprop": 5e-3,
    "adam": 0.01,
    "adamw": 0.01,
}
"""Learning rates at which a training goes on learning, for each optimizer."""

DECAYS = {"time": 1.0, "exponential": 0.95, "staircase": 0.5}
"""``schedule_decay`` of the schedules that have one, said on both sides."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One training.

    Attributes:
        rows: The rows of the table that it counts in.
        data: ``"classes"``, ``"values"`` (several outputs), ``"one value"``, ``"categories"``.
        weighted: Whether rows have weights.
        config: The settings.
    """

    rows: tuple[str, ...]
    data: str = "classes"
    weighted: bool = False
    config: MLPConfig = field(default_factory=MLPConfig)


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A training by hpsearch, and what another library needs to repeat it.

    Attributes:
        settings: The settings by name, every default filled in.
        arrays: Initial parameters, rows, weights, the order of the rows in each epoch, masks.
        results: Parameters at the end, ``losses`` and ``predictions``.
    """

    settings: Mapping[str, Any]
    arrays: Mapping[str, Any]
    results: Mapping[str, Any]


def case(*rows: str, data: str = "classes", weighted: bool = False, **settings: Any) -> Case:
    """Return a training: two hidden layers, batches that do not divide the rows, six epochs."""
    optimizer = settings.get("optimizer", "sgd")
    usual = {"hidden": (7, 5), "batch_size": 20, "epochs": 6, "optimizer": optimizer, "lr": RATES[optimizer]}
    return Case(rows=rows, data=data, weighted=weighted, config=MLPConfig(**usual | settings))


def torch_cases() -> Iterator[Case]:
    """Yield the trainings that are compared with PyTorch."""
    yield from _functions()
    yield from _penalties()
    yield from _further()


def _functions() -> Iterator[Case]:
    """Yield activations under each normalization, and optimizers under each schedule."""
    for activation in ACTIVATIONS:
        for name in NORMALIZATIONS:
            rows = (f"activation {activation}", f"normalization {name}")
            yield case(*rows, activation=activation, normalization=name)
    for optimizer in OPTIMIZERS:
        for name in SCHEDULES:
            rows = (f"optimizer {optimizer}", f"schedule {name}")
            yield case(*rows, optimizer=optimizer, activation="tanh", **_schedule(name))


def _penalties() -> Iterator[Case]:
    """Yield each penalty under each optimizer."""
    for optimizer in OPTIMIZERS:
        for name in ("weight_decay", "l1", "linf"):
            row = "decoupled decay" if (optimizer, name) == ("adamw", "weight_decay") else f"penalty {name}"
            yield case(row, optimizer=optimizer, activation="tanh", **{name: 0.02})


def _further() -> Iterator[Case]:
    """Yield what else a training may have."""
    for optimizer in ("sgd", "adam"):
        usual = {"optimizer": optimizer, "activation": "tanh"}
        yield case("moving statistics", normalization="batch", **usual)
        for data in ("classes", "values"):
            yield case("weights of rows", data=data, weighted=True, **usual)
        for data in ("one value", "values"):
            yield case(f"regression, {data}", data=data, **usual)
        for decay in (0.0, 0.02):
            embedded = {"embedding": 2, "weight_decay": decay}
            yield case("embedding of categories", data="categories", **usual, **embedded)
        yield case("dropout, masks handed over", dropout=0.3, input_dropout=0.2, **usual)


def scikit_learn_cases() -> Iterator[Case]:
    """Yield the trainings in which scikit-learn means the same: batches divide the rows, no small eps."""
    usual = {"batch_size": 16}
    for activation in ("linear", "sigmoid", "tanh", "relu"):
        for name in ("sgd", "momentum", "nesterov", "adam"):
            settings = {"optimizer": name, "activation": activation, **usual, **_eps(name)}
            yield case(f"activation {activation}", f"optimizer {name}", **settings)
    for name in ("sgd", "momentum", "nesterov", "adam"):
        settings = {"optimizer": name, "activation": "tanh", **usual, **_eps(name)}
        yield case("penalty weight_decay", weight_decay=0.02, **settings)
        for data in ("one value", "values"):
            yield case(f"regression, {data}", data=data, **settings)
        yield case("weights of rows", weighted=True, **settings | {"batch_size": N})


def _eps(optimizer: str) -> dict[str, float]:
    # scikit-learn adds eps to the root of the uncorrected moment, Kingma and Ba's second form; without eps
    # both forms are one.
    return {"eps": 1e-30} if optimizer == "adam" else {}


def _schedule(name: str) -> dict[str, Any]:
    more: dict[str, Any] = {"schedule_decay": DECAYS[name]} if name in DECAYS else {}
    more |= {"staircase": {"schedule_every": 2}, "warmup": {"warmup_epochs": 3}}.get(name, {})
    return {"schedule": name, **more} | (
        {"schedule_rates": ((1, 0.02), (4, 0.005))} if name == "manual" else {}
    )


@cache
def rows_of(data: str) -> dict[str, Any]:
    """Return ``X``, ``y``, ``X_new`` and ``row_weights`` of a kind of data, made from a seed."""
    rng = np.random.default_rng(0)
    X = rng.standard_normal((N + N_NEW, FEATURES))
    if data == "categories":
        for start, stop in BLOCKS:
            X[:, start:stop] = np.eye(stop - start)[rng.integers(stop - start, size=len(X))]
    signal = np.tanh(X @ rng.standard_normal((FEATURES, CLASSES))) + 0.3 * rng.standard_normal(
        (len(X), CLASSES)
    )
    outputs = {"values": OUTPUTS, "one value": 1}.get(data)
    y = signal.argmax(1) if outputs is None else signal[:, :outputs]
    return {"X": X[:N], "y": y[:N], "X_new": X[N:], "row_weights": rng.uniform(0.2, 3.0, N)}


def trained(of: Case) -> Trained:
    """Train a case by hpsearch, in float64 and without dropping what diverges; return it as a job."""
    made, config = rows_of(of.data), of.config
    data = _training_data(of)
    trainer = StackTrainer([config], data=data, seeds=[SEED], dtype=np.float64, divergence=NEVER)
    initial = named(trainer.network(0))
    orders, losses = [], []
    for _ in range(config.epochs):
        losses.append(trainer.run_epoch().loss[0])
        orders.append(trainer.checkpoint(0).order)
    network = trainer.network(0)
    outputs = network.outputs(made["X_new"])
    arrays = {**initial, **{key: made[key] for key in ("X", "y", "X_new")}, "order": np.array(orders)}
    arrays |= {"weights": made["row_weights"]} if of.weighted else {}
    predictions = outputs if network.predicts_values else softmax(outputs)
    return Trained(
        settings={**asdict(config), "constants": asdict(config.build_optimizer()), "blocks": data.blocks},
        arrays=arrays | _masks(config),
        results={**named(network), "losses": np.array(losses), "predictions": predictions},
    )


def _training_data(of: Case) -> TrainingData | RegressionData:
    made = rows_of(of.data)
    X, y = made["X"], made["y"]
    weights = made["row_weights"] if of.weighted else None
    if y.ndim == 2:
        return RegressionData(X=X, y=y, X_val=X[:0], y_val=y[:0], weights=weights)
    blocks = BLOCKS if of.config.embedding else ()
    return TrainingData(X=X, y=y, X_val=X[:0], y_val=y[:0], n_classes=CLASSES, weights=weights, blocks=blocks)


def named(network: Network) -> dict[str, Any]:
    """Return the parameters of a network by name: ``W0``, ``b0``, ``gamma0``, ``a0``, ``mean0``, ``E0``..."""
    flat = network.parameters[None].copy()
    found: dict[str, Any] = {f"E{b}": table[0] for b, table in enumerate(network.layout.tables(flat))}
    for at, layer in enumerate(network.layout.affine(flat)):
        found |= {f"W{at}": layer.W[0], f"b{at}": layer.b[0, 0]}
    for at, layer in enumerate(network.layout.hidden(flat)):
        own = layer.normalization
        further = {"gamma": own.gamma, "a": layer.own, "mean": own.mean, "variance": own.variance}
        found |= {f"{name}{at}": array[0, 0] for name, array in further.items() if array.size}
    return found


def _masks(config: MLPConfig) -> dict[str, Any]:
    """Draw the masks of a training once more: of the inputs, then of each hidden layer, batch by batch."""
    if not config.dropout:
        return {}
    bits = [lane_bits(SEED, StreamPurpose.DROPOUT)]
    streams = [DropoutStreams([rate], bits, np.float64) for rate in (config.input_dropout, config.dropout)]
    layers = [(FEATURES, streams[0]), *((units, streams[1]) for units in config.hidden)]
    found = {f"mask{at}": np.empty((config.epochs, N, units)) for at, (units, _) in enumerate(layers)}
    for epoch in range(config.epochs):
        for start in range(0, N, config.batch_size):
            stop = min(start + config.batch_size, N)
            for at, (units, stream) in enumerate(layers):
                mask = Dropout(stream, (1, stop - start, units)).draw()
                found[f"mask{at}"][epoch, start:stop] = mask.factor()[0]
    return found
