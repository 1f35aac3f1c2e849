"""Steps uphill that follow from the signs of gradients alone, so that rounding does not change them."""

from dataclasses import dataclass, field

import numpy as np

from hpsearch.types import Float64Array

GROWTH, SHRINKAGE = 1.5, 0.5
"""What a step is multiplied by where the sign of the gradient stays, and where it turns."""


@dataclass(slots=True)
class SignSteps:
    """Steps uphill, one a coordinate (Rprop).

    A step grows while the sign of its coordinate's gradient stays, and shrinks when it turns. Libraries of
    linear algebra round gradients differently, but hardly ever to another sign; so the way uphill is the
    same to the last bit on every machine.

    Attributes:
        sizes: The sizes of the next steps, any shape.
        most: The largest size.

    Source: M. Riedmiller and H. Braun, "A direct adaptive method for faster backpropagation learning: the
    RPROP algorithm", 1993.
    """

    sizes: Float64Array
    most: float = np.inf
    _signs: Float64Array | None = field(default=None, init=False)

    def step(self, gradient: Float64Array) -> Float64Array:
        """Return the step that follows from a gradient, both of the shape of ``sizes``."""
        signs = np.sign(gradient)
        same = signs * (0.0 if self._signs is None else self._signs)
        grown = np.minimum(self.sizes * GROWTH, self.most)
        self.sizes = np.where(same > 0, grown, np.where(same < 0, self.sizes * SHRINKAGE, self.sizes))
        self._signs = signs
        return np.asarray(signs * self.sizes)
