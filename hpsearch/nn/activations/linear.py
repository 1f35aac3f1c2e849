"""The identity."""

from hpsearch.nn.activations.base import ElementwiseActivation
from hpsearch.types import FloatArray


class Linear(ElementwiseActivation):
    """``f(z) = z``; ``f'(z) = 1``. A stack of linear layers is one linear map, however deep.

    Source: C. M. Bishop, "Pattern Recognition and Machine Learning", 2006, section 5.1.
    """

    def linearize(self, Z: FloatArray, slope: FloatArray) -> None:  # noqa: ARG002 - the value stays
        """Write 1 into ``slope``; ``Z`` stays."""
        slope.fill(1)
