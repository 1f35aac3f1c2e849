"""Where each layer's parameters lie in the one flat array of a stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.config import MLPConfig
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.normalization import NORMALIZATIONS, Scale
from hpsearch.nn.streams import Purpose, lane_rng
from hpsearch.types import FloatArray


class Affine(NamedTuple):
    """The parameters of a dense layer, or their gradients.

    Attributes:
        W: ``(lanes, n_in, n_out)``.
        b: ``(lanes, 1, n_out)``; of a normalized layer its ``beta``.
    """

    W: FloatArray
    b: FloatArray


class HiddenNumbers(NamedTuple):
    """What else a hidden layer learns and remembers, or the gradients of it.

    Attributes:
        scale: Its normalization's; without features where there is none.
        own: Its activation's, ``(lanes, 1, n_learned)``.
    """

    scale: Scale
    own: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a lane's numbers, each part layer by layer.

    First what is penalised, the weights; then what else is learned: the biases (of a normalized layer, its
    ``beta``), the normalizations' ``gamma``, the activations' own numbers; last what is only remembered, the
    moving means and the moving variances of batch normalization.

    Attributes:
        sizes: Width of every layer: ``(n_features, *hidden, n_outputs)``.
        activation: A name in ``ACTIVATIONS``.
        normalization: A name in ``NORMALIZATIONS``.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    normalization: str = "none"

    @classmethod
    def of(cls, config: MLPConfig, *, n_features: int, n_outputs: int) -> "Layout":
        """Return the layout of a config's network."""
        return cls(
            sizes=(n_features, *config.hidden, n_outputs),
            activation=config.activation,
            normalization=config.normalization,
        )

    @property
    def n_weights(self) -> int:
        """Weights of a lane: the first so many of its numbers."""
        return sum(n_in * n_out for n_in, n_out in pairwise(self.sizes))

    @property
    def n_learned(self) -> int:
        """Numbers that a lane learns: the first so many."""
        n_hidden = len(self.sizes) - 2
        gammas = self._n_units if self.normalized else 0
        return self.n_weights + sum(self.sizes[1:]) + gammas + n_hidden * self._n_own

    @property
    def n_parameters(self) -> int:
        """All numbers of a lane, learned and remembered."""
        return self.n_learned + (2 * self._n_units if self._moving else 0)

    @property
    def normalized(self) -> bool:
        """Whether hidden layers are normalized, so that they have no bias of their own."""
        return NORMALIZATIONS[self.normalization] is not None

    @property
    def _n_units(self) -> int:
        return sum(self.sizes[1:-1])

    @property
    def _n_own(self) -> int:
        return ACTIVATIONS[self.activation].n_learned

    @property
    def _moving(self) -> bool:
        kind = NORMALIZATIONS[self.normalization]
        return kind is not None and kind.moving

    def weights(self, flat: FloatArray) -> list[FloatArray]:
        """Return each dense layer's weights, views into ``flat`` ``(lanes, n_weights or more)``."""
        ends = np.cumsum([0, *(n_in * n_out for n_in, n_out in pairwise(self.sizes))]).tolist()
        return [
            flat[:, start:end].reshape(len(flat), *shape)
            for (start, end), shape in zip(pairwise(ends), pairwise(self.sizes), strict=True)
        ]

    def affine(self, flat: FloatArray) -> list[Affine]:
        """Return each dense layer's views into ``flat`` ``(lanes, n_learned or more)``."""
        ends = (self.n_weights + np.cumsum([0, *self.sizes[1:]])).tolist()
        biases = [flat[:, start:end].reshape(len(flat), 1, end - start) for start, end in pairwise(ends)]
        return [Affine(W=W, b=b) for W, b in zip(self.weights(flat), biases, strict=True)]

    def hidden(self, flat: FloatArray) -> list[HiddenNumbers]:
        """Return each hidden layer's views into ``flat`` ``(lanes, n_parameters)``."""
        units = self.sizes[1:-1]
        gamma = units if self.normalized else [0] * len(units)
        moving = units if self._moving else [0] * len(units)
        own = [self._n_own] * len(units)
        at = self.n_weights + sum(self.sizes[1:])
        parts: list[list[FloatArray]] = []
        for widths in (gamma, own, moving, moving):
            ends = at + np.cumsum([0, *widths])
            parts.append([flat[:, a:b].reshape(len(flat), 1, b - a) for a, b in pairwise(ends.tolist())])
            at = int(ends[-1])
        betas = [layer.b for layer in self.affine(flat)][:-1]
        return [
            HiddenNumbers(scale=Scale(gamma=g, beta=beta, mean=mean, variance=variance), own=own_)
            for g, beta, own_, mean, variance in zip(parts[0], betas, *parts[1:], strict=True)
        ]

    def initial(self, configs: Sequence[MLPConfig], seeds: Sequence[int], dtype: DTypeLike) -> FloatArray:
        """Return the numbers ``(lanes, n_parameters)`` that lanes start with, one seed a lane."""
        flat: FloatArray = np.zeros((len(configs), self.n_parameters), dtype)
        for numbers in self.hidden(flat):
            numbers.scale.gamma.fill(1)
            numbers.scale.variance.fill(1)
            numbers.own.fill(ACTIVATIONS[self.activation].initial)
        for lane, (config, seed) in enumerate(zip(configs, seeds, strict=True)):
            rng = lane_rng(seed, Purpose.INIT)
            draw = INITIALIZERS[config.init]
            for W, shape in zip(self.weights(flat[lane : lane + 1]), pairwise(self.sizes), strict=True):
                with np.errstate(over="ignore", under="ignore"):
                    W[0] = draw(rng, shape) * config.init_scale
        return flat
