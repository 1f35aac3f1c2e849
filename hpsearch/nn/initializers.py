"""How weights start; biases start at zero."""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from hpsearch.types import Float64Array

Initializer: TypeAlias = Callable[[np.random.Generator, tuple[int, int]], Float64Array]
"""From a lane's stream and ``(n_in, n_out)`` to the weights ``(n_in, n_out)`` of a layer."""


def he(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw normal weights ``(n_in, n_out)`` of deviation ``sqrt(2 / n_in)``: for rectifiers.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Delving deep into rectifiers", ICCV 2015, equation 10.
    """
    return rng.standard_normal(shape) * math.sqrt(2 / shape[0])


def xavier(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw normal weights ``(n_in, n_out)`` of deviation ``sqrt(1 / n_in)``: the textbooks' Xavier.

    It looks at the way forward only; ``glorot`` is the form that balances both ways.

    Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010, equation 10.
    """
    return rng.standard_normal(shape) * math.sqrt(1 / shape[0])


def glorot(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw normal weights ``(n_in, n_out)`` of deviation ``sqrt(2 / (n_in + n_out))``: the paper's own.

    Source: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", AISTATS 2010, equation 12.
    """
    return rng.standard_normal(shape) * math.sqrt(2 / sum(shape))


INITIALIZERS: dict[str, Initializer] = {
    "he": he,
    "xavier": xavier,
    "glorot": glorot,
}
