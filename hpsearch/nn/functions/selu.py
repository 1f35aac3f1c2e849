"""The two numbers of self-normalizing networks: with them mean 0 and variance 1 are a fixed point.

Source: G. Klambauer, T. Unterthiner, A. Mayr and S. Hochreiter, "Self-normalizing neural networks",
NIPS 2017, equation 14.
"""

SELU_ALPHA = 1.6732632423543772
"""``alpha``: the negative side's depth."""

SELU_SCALE = 1.0507009873554805
"""``lambda``: the slope of the positive side."""
