"""Training many networks at once, whatever their structures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from hpsearch.nn.config import MLPConfig, SettingError, Structure, whole_number
from hpsearch.nn.data import TrainingData, encode
from hpsearch.nn.network import Network
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.stack.width import stack_width
from hpsearch.nn.training.trainer import StackTrainer
from hpsearch.types import Float64Array


class LaneState(StrEnum):
    """How a lane's training ended."""

    COMPLETE = "complete"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneResult:
    """What training made of one config.

    Attributes:
        curve: ``(epochs,)``, validation accuracy after each epoch, in [0, 1]; of a diverged lane only the
            epochs before the one it diverged in.
        state: How it ended.
        network: The trained network, with the original labels; of a diverged lane as of its leaving.
    """

    curve: Float64Array
    state: LaneState
    network: Network


def fit_stack(  # noqa: PLR0913 - four arrays of data, as in scikit-learn
    configs: Sequence[MLPConfig],
    X: ArrayLike,
    y: ArrayLike,
    X_val: ArrayLike,
    y_val: ArrayLike,
    *,
    epochs: int,
    seed: int | Sequence[int],
    blocks: Blocks = (),
    dtype: DTypeLike = np.float32,
) -> list[LaneResult]:
    """Train one network for each config and return their results in the same order.

    Configs of one structure train as lanes of one stack; a result depends on its config, its seed and the
    data, never on its neighbours.

    Args:
        configs: Settings, of any structures; their own ``epochs`` are not read.
        X: Training rows, ``(n, d)``.
        y: Their labels, ``(n,)``, of any one type that sorts.
        X_val: Validation rows, ``(n_val, d)``.
        y_val: Their labels, ``(n_val,)``, all of which occur in ``y``.
        epochs: Passes over the training rows, 1 or more.
        seed: One seed for every lane, or a sequence with one a lane; 0 or more.
        blocks: ``(start, stop)`` of each block of features that are the one-hot categories of one column, in
            their order: what an ``embedding`` puts vectors in the place of.
        dtype: float32, or float64 for checks.

    Raises:
        SettingError: ``epochs``, ``seed`` or ``blocks`` is not possible, or an ``embedding`` has no blocks.
        DataError: The arrays cannot be learned from.

    Example:
        >>> X = np.array([[-2.0], [-1.0], [1.0], [2.0]])
        >>> y = ["left", "left", "right", "right"]
        >>> settings = [MLPConfig(hidden=(8,), lr=rate) for rate in (0.1, 0.01)]
        >>> first, second = fit_stack(settings, X, y, X, y, epochs=20, seed=0)
        >>> first.network.predict([[-3.0], [3.0]]).tolist()
        ['left', 'right']
    """
    whole_number("epochs", epochs)
    seeds = [seed] * len(configs) if isinstance(seed, int | np.integer) else list(seed)
    if len(seeds) != len(configs):
        raise SettingError("seed", f"expected one, or one a lane, {len(configs)}, found {len(seeds)}")
    data, labels = encode(X, y, X_val=X_val, y_val=y_val, blocks=blocks)
    results: dict[int, LaneResult] = {}
    for places in _stacks(configs, data):
        trainer = StackTrainer(
            [configs[i] for i in places], data=data, seeds=[seeds[i] for i in places], dtype=dtype
        )
        for place, result in zip(places, _run(trainer, epochs), strict=True):
            results[place] = replace(result, network=replace(result.network, classes=labels))
    return [results[place] for place in range(len(configs))]


def _stacks(configs: Sequence[MLPConfig], data: TrainingData) -> Iterator[list[int]]:
    """Yield the places of configs that train together: one structure, no wider than is fast."""
    groups: dict[Structure, list[int]] = {}
    for place, config in enumerate(configs):
        groups.setdefault(config.structure, []).append(place)
    for group in groups.values():
        width = stack_width(configs[group[0]], data.n_features, data.n_classes, blocks=data.blocks)
        n_stacks = -(-len(group) // width)
        yield from (part.tolist() for part in np.array_split(group, n_stacks))


def _run(trainer: StackTrainer, epochs: int) -> list[LaneResult]:
    """Train to the end; return one result for each place of the trainer."""
    curves: list[list[float]] = [[] for _ in trainer.lanes]
    states = [LaneState.COMPLETE for _ in trainer.lanes]
    for _ in range(epochs):
        epoch = trainer.run_epoch()
        for row, lane in enumerate(epoch.lanes):
            if epoch.diverged[row]:
                states[lane] = LaneState.DIVERGED
            else:
                curves[lane].append(float(epoch.accuracy[row]))
    return [
        LaneResult(curve=np.array(curve), state=state, network=trainer.network(lane))
        for lane, (curve, state) in enumerate(zip(curves, states, strict=True))
    ]
