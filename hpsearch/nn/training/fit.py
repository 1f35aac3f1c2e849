"""``fit_stack``: trains one network for each of several configs, of any structures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from hpsearch.nn.config import MLPConfig, SettingError, whole_number
from hpsearch.nn.data import encode
from hpsearch.nn.network import Network
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.training.stacks import Training, run_stacks
from hpsearch.nn.warning import warn_of
from hpsearch.types import Float64Array


class LaneState(StrEnum):
    """How a lane's training ended."""

    COMPLETE = "complete"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaneResult:
    """The result of one lane.

    Attributes:
        curve: ``(epochs,)``, validation accuracy after each epoch, in [0, 1]; a diverged lane has only
            the epochs before the one in which it diverged.
        state: How the training ended.
        network: The trained network, with the original labels; a diverged one as it left the stack.
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
        configs: Settings, of any structures; ``epochs`` takes the place of their own, in schedules too.
        X: Training rows, ``(n, d)``.
        y: Their labels, ``(n,)``, of any one type that sorts.
        X_val: Validation rows, ``(n_val, d)``.
        y_val: Their labels, ``(n_val,)``, all of which occur in ``y``.
        epochs: Passes over the training rows, 1 or more.
        seed: One seed for every lane, or a sequence with one a lane; 0 or more.
        blocks: ``(start, stop)`` of each block of features that are the one-hot categories of one column, in
            their order; an ``embedding`` replaces them by vectors.
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
    warn_of(configs, rows=len(data.X), stacklevel=2)
    lanes = (Training(config=replace(c, epochs=epochs), seed=s) for c, s in zip(configs, seeds, strict=True))
    results: dict[int, LaneResult] = {}
    for stack in run_stacks(dict(enumerate(lanes)), data=data, dtype=dtype):
        for place, curve in stack.curves.items():
            diverged = place in stack.diverged
            if diverged or len(curve) == epochs:
                state = LaneState.DIVERGED if diverged else LaneState.COMPLETE
                network = replace(stack.networks(place)[0], classes=labels)
                results[place] = LaneResult(curve=np.array(curve), state=state, network=network)
        stack.drop(results)
    return [results[place] for place in range(len(configs))]
