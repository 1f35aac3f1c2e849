"""The unit of a target that is a number: a network learns it with mean 0 and deviation 1."""

from typing import NamedTuple

import numpy as np

from hpsearch.nn.layout import Layout
from hpsearch.types import Float64Array, FloatArray


class Unit(NamedTuple):
    """The unit in which a network sees its targets: ``(y - center) / scale``.

    Attributes:
        center: ``(outputs,)``.
        scale: ``(outputs,)``, above 0.
    """

    center: Float64Array
    scale: Float64Array

    @classmethod
    def of(cls, y: FloatArray) -> "Unit":
        """Return the unit in which targets ``(n, outputs)`` have mean 0 and deviation 1; a constant has 1."""
        values = y.astype(np.float64)
        deviation = values.std(axis=0)
        return cls(center=values.mean(axis=0), scale=np.where(deviation > 0, deviation, 1.0))

    def measured(self, y: FloatArray) -> Float64Array:
        """Return targets in this unit."""
        return np.asarray((y - self.center) / self.scale)

    def built_in(self, parameters: FloatArray, layout: Layout) -> FloatArray:
        """Return a lane's parameters ``(n_parameters,)`` whose outputs are the numbers themselves.

        The last dense layer is linear, so its weights and biases take the unit in.
        """
        changed: FloatArray = parameters.copy()
        last = layout.affine(changed[None])[-1]
        last.W[...] = last.W * self.scale
        last.b[...] = last.b * self.scale + self.center
        return changed
