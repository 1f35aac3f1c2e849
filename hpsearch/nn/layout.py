"""Where each layer's parameters lie in the one flat array of a stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.streams import Purpose, lane_rng
from hpsearch.types import FloatArray


class Affine(NamedTuple):
    """The parameters of a dense layer, or their gradients.

    Attributes:
        W: ``(lanes, n_in, n_out)``.
        b: ``(lanes, 1, n_out)``.
    """

    W: FloatArray
    b: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All weights, layer by layer, then all that is not penalised (the biases), layer by layer.

    Attributes:
        sizes: Width of every layer: ``(n_features, *hidden, n_classes)``.
    """

    sizes: tuple[int, ...]

    @property
    def n_weights(self) -> int:
        """Weights of a lane: the first so many of its parameters."""
        return sum(n_in * n_out for n_in, n_out in pairwise(self.sizes))

    @property
    def n_parameters(self) -> int:
        """Weights and biases of a lane."""
        return self.n_weights + sum(self.sizes[1:])

    def affine(self, flat: FloatArray) -> list[Affine]:
        """Return each dense layer's views into ``flat`` ``(lanes, n_parameters)``."""
        lanes = len(flat)
        layers: list[Affine] = []
        at, bias_at = 0, self.n_weights
        for n_in, n_out in pairwise(self.sizes):
            W = flat[:, at : at + n_in * n_out].reshape(lanes, n_in, n_out)
            b = flat[:, bias_at : bias_at + n_out].reshape(lanes, 1, n_out)
            layers.append(Affine(W=W, b=b))
            at, bias_at = at + n_in * n_out, bias_at + n_out
        return layers

    def initial(self, configs: Sequence[MLPConfig], seeds: Sequence[int], dtype: DTypeLike) -> FloatArray:
        """Return the parameters ``(lanes, n_parameters)`` that lanes start with, one seed a lane."""
        flat: FloatArray = np.zeros((len(configs), self.n_parameters), dtype)
        for lane, (config, seed) in enumerate(zip(configs, seeds, strict=True)):
            rng = lane_rng(seed, Purpose.INIT)
            draw = INITIALIZERS[config.init]
            for layer in self.affine(flat[lane : lane + 1]):
                layer.W[0] = draw(rng, (layer.W.shape[1], layer.W.shape[2]))
        return flat
