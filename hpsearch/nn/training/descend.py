"""Gradient descent on a function of a few numbers, by the optimizers that train networks."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from hpsearch.errors import DataError
from hpsearch.nn.config import whole_number
from hpsearch.nn.gradient_check import numerical_gradient
from hpsearch.nn.optimizers.base import Optimizer
from hpsearch.types import Float64Array

Rate: TypeAlias = float | Callable[[int], float]
"""A constant rate, or a rate for each step; 0 is the first."""


def descend(  # noqa: PLR0913 - a descent is all of these
    optimizer: Optimizer,
    f: Callable[[Float64Array], float],
    *,
    start: ArrayLike,
    steps: int,
    lr: Rate,
    gradient: Callable[[Float64Array], ArrayLike] | None = None,
) -> Float64Array:
    """Return the path ``(steps + 1, d)`` that an optimizer takes down ``f``, its start included.

    Args:
        optimizer: The rule, such as ``OPTIMIZERS["momentum"](momentum=0.9)``.
        f: The function of ``(d,)``; it is called only where ``gradient`` is not given.
        start: The first point, ``(d,)``.
        steps: Number of steps, 0 or more.
        lr: The learning rate, or a function from the step to it.
        gradient: The gradient of ``f``, ``(d,)`` to ``(d,)``; the numerical one when not given.

    Raises:
        SettingError: ``steps`` is not a whole number, 0 or more.
        DataError: ``start`` is not of shape ``(d,)``.

    Example:
        >>> from hpsearch.nn import OPTIMIZERS
        >>> path = descend(OPTIMIZERS["sgd"](), lambda x: x @ x, start=[1.0, 2.0], steps=2, lr=0.25)
        >>> path.round(6).tolist()
        [[1.0, 2.0], [0.5, 1.0], [0.25, 0.5]]
    """
    whole_number("steps", steps, least=0)
    here = np.array(start, np.float64)
    if here.ndim != 1:
        raise DataError(f"start: expected shape (d,), found {here.shape}")
    path = np.empty((steps + 1, len(here)))
    path[0] = here
    moments = [np.zeros((1, len(here))) for _ in range(optimizer.n_moments)]
    for step in range(steps):
        slope = numerical_gradient(f, here) if gradient is None else gradient(here)
        g = np.array(slope, np.float64).reshape(1, -1)
        rate = lr(step) if callable(lr) else lr
        optimizer.update(here[None], g, moments, lr=rate, t=step + 1)
        path[step + 1] = here
    return path
