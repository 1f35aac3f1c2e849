"""The layout of a lane's parameters: the place of each layer in the flat array of a stack."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.functions.initializers import INITIALIZERS, initial_vectors
from hpsearch.nn.functions.normalization import NORMALIZATIONS, NormalizationParameters
from hpsearch.nn.one_hot import Blocks, checked_blocks
from hpsearch.nn.streams import StreamPurpose, lane_rng
from hpsearch.types import FloatArray


class Affine(NamedTuple):
    """The parameters of a dense layer, or their gradients.

    Attributes:
        W: ``(lanes, n_in, n_out)``.
        b: ``(lanes, 1, n_out)``; of a normalized layer its ``beta``.
    """

    W: FloatArray
    b: FloatArray


class HiddenParameters(NamedTuple):
    """The further parameters of a hidden layer, or their gradients.

    Attributes:
        normalization: Its normalization's; without features where there is none.
        own: Its activation's, ``(lanes, 1, n_learned)``.
    """

    normalization: NormalizationParameters
    own: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a lane's parameters, each part layer by layer.

    First the penalized parameters: the vectors of categories and the weights. Then the other learned ones:
    the biases (of a normalized layer, its ``beta``), the normalizations' ``gamma``, the activations' own
    numbers. Last the ones that are kept, not learned: the moving means and variances of batch normalization.

    Attributes:
        sizes: Width of every layer: ``(n_features, *hidden, n_outputs)``.
        activation: A name in ``ACTIVATIONS``.
        normalization: A name in ``NORMALIZATIONS``.
        embedding: Length of the vector of a category; 0 where nothing is embedded.
        blocks: The embedded features; none where nothing is embedded.

    Raises:
        SettingError: ``blocks`` is not possible, or one of ``embedding`` and ``blocks`` without the other.
    """

    sizes: tuple[int, ...]
    activation: str = "relu"
    normalization: str = "none"
    embedding: int = 0
    blocks: Blocks = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", checked_blocks(self.blocks, n_features=self.sizes[0]))
        if bool(self.embedding) != bool(self.blocks):
            raise SettingError(
                "embedding",
                f"expected a width above 0 and blocks of one-hot features, or neither, found {self.embedding}"
                f" and {self.blocks or 'no blocks'}; name the blocks, or leave embedding out",
            )

    @classmethod
    def of(cls, config: MLPConfig, *, n_features: int, n_outputs: int, blocks: Blocks = ()) -> "Layout":
        """Return the layout of a config's network, which embeds these blocks if it embeds any.

        Raises:
            SettingError: It should, and there is none, or they are no blocks of the features.
        """
        return cls(
            sizes=(n_features, *config.hidden, n_outputs),
            activation=config.activation,
            normalization=config.normalization,
            embedding=config.embedding,
            blocks=blocks if config.embedding else (),
        )

    @property
    def n_vectors(self) -> int:
        """Number of inputs of the first dense layer that come from vectors of categories."""
        return len(self.blocks) * self.embedding

    @property
    def widths(self) -> tuple[int, ...]:
        """The widths of the dense layers: ``sizes`` with vectors in place of the one-hot features."""
        return (self.sizes[0] - sum(self._categories) + self.n_vectors, *self.sizes[1:])

    @property
    def n_inputs(self) -> int:
        """Number of weights that leave the inputs or their vectors; they come first in a lane's array."""
        return self._n_tables + self.widths[0] * self.widths[1]

    @property
    def n_weights(self) -> int:
        """Number of weights of a lane, vectors of categories included; they come first in its array."""
        return self._n_tables + sum(n_in * n_out for n_in, n_out in pairwise(self.widths))

    @property
    def n_learned(self) -> int:
        """Number of parameters that a lane learns; they come first in its array."""
        gammas = self._n_units if self.normalized else 0
        return self.n_weights + sum(self.sizes[1:]) + gammas + sum(self._n_own)

    @property
    def n_parameters(self) -> int:
        """Number of parameters of a lane, learned ones and moving statistics."""
        return self.n_learned + (2 * self._n_units if self._moving else 0)

    @property
    def normalized(self) -> bool:
        """Whether hidden layers are normalized, so that they have no bias of their own."""
        return NORMALIZATIONS[self.normalization] is not None

    @property
    def _categories(self) -> list[int]:
        return [stop - start for start, stop in self.blocks]

    @property
    def _n_tables(self) -> int:
        return sum(self._categories) * self.embedding

    @property
    def _n_units(self) -> int:
        return sum(self.sizes[1:-1])

    @property
    def _n_own(self) -> list[int]:
        """Numbers that each hidden layer's activation learns."""
        return [ACTIVATIONS[self.activation].n_learned(units) for units in self.sizes[1:-1]]

    @property
    def _moving(self) -> bool:
        kind = NORMALIZATIONS[self.normalization]
        return kind is not None and kind.moving

    def tables(self, flat: FloatArray) -> list[FloatArray]:
        """Return each block's vectors, ``(lanes, categories, embedding)``, views into ``flat``."""
        ends = (self.embedding * np.cumsum([0, *self._categories])).tolist()
        return [flat[:, start:end].reshape(len(flat), -1, self.embedding) for start, end in pairwise(ends)]

    def weights(self, flat: FloatArray) -> list[FloatArray]:
        """Return each dense layer's weights, views into ``flat`` ``(lanes, n_weights or more)``."""
        counts = (n_in * n_out for n_in, n_out in pairwise(self.widths))
        ends = np.cumsum([self._n_tables, *counts]).tolist()
        return [
            flat[:, start:end].reshape(len(flat), *shape)
            for (start, end), shape in zip(pairwise(ends), pairwise(self.widths), strict=True)
        ]

    def affine(self, flat: FloatArray) -> list[Affine]:
        """Return each dense layer's views into ``flat`` ``(lanes, n_learned or more)``."""
        ends = (self.n_weights + np.cumsum([0, *self.sizes[1:]])).tolist()
        biases = [flat[:, start:end].reshape(len(flat), 1, end - start) for start, end in pairwise(ends)]
        return [Affine(W=W, b=b) for W, b in zip(self.weights(flat), biases, strict=True)]

    def hidden(self, flat: FloatArray) -> list[HiddenParameters]:
        """Return each hidden layer's views into ``flat`` ``(lanes, n_parameters)``."""
        units = self.sizes[1:-1]
        gamma = units if self.normalized else [0] * len(units)
        moving = units if self._moving else [0] * len(units)
        at = self.n_weights + sum(self.sizes[1:])
        parts: list[list[FloatArray]] = []
        for widths in (gamma, self._n_own, moving, moving):
            ends = at + np.cumsum([0, *widths])
            parts.append([flat[:, a:b].reshape(len(flat), 1, b - a) for a, b in pairwise(ends.tolist())])
            at = int(ends[-1])
        betas = [layer.b for layer in self.affine(flat)][:-1]
        gammas, learned, means, variances = parts
        normalizations = map(NormalizationParameters, gammas, betas, means, variances)
        return [HiddenParameters(*pair) for pair in zip(normalizations, learned, strict=True)]

    def initial(self, configs: Sequence[MLPConfig], seeds: Sequence[int], dtype: DTypeLike) -> FloatArray:
        """Return the initial parameters ``(lanes, n_parameters)`` of lanes, one seed a lane."""
        flat: FloatArray = np.zeros((len(configs), self.n_parameters), dtype)
        for numbers in self.hidden(flat):
            numbers.normalization.gamma.fill(1)
            numbers.normalization.variance.fill(1)
            numbers.own.fill(ACTIVATIONS[self.activation].initial)
        for lane, (config, seed) in enumerate(zip(configs, seeds, strict=True)):
            rng = lane_rng(seed, StreamPurpose.INIT)
            draw = INITIALIZERS[config.init]
            for E in self.tables(flat[lane : lane + 1]):
                E[0] = initial_vectors(rng, E.shape[1:])
            for W in self.weights(flat[lane : lane + 1]):
                with np.errstate(over="ignore", under="ignore"):
                    W[0] = draw(rng, W.shape[1:]) * config.init_scale
        return flat
