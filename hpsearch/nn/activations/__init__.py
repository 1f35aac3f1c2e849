"""Activation functions, by name in ``ACTIVATIONS``; one family in a file."""

from hpsearch.nn.activations.base import Activation
from hpsearch.nn.activations.elu import Elu, Selu
from hpsearch.nn.activations.gelu import Gelu
from hpsearch.nn.activations.linear import Linear
from hpsearch.nn.activations.relu import LeakyRelu, PRelu, PReluShared, Relu, ThresholdedRelu
from hpsearch.nn.activations.sigmoid import HardSigmoid, Sigmoid, Softplus
from hpsearch.nn.activations.softmax import Softmax
from hpsearch.nn.activations.tanh import Softsign, Tanh

ACTIVATIONS: dict[str, type[Activation]] = {
    "relu": Relu,
    "tanh": Tanh,
    "sigmoid": Sigmoid,
    "hard_sigmoid": HardSigmoid,
    "softplus": Softplus,
    "softmax": Softmax,
    "softsign": Softsign,
    "leaky_relu": LeakyRelu,
    "prelu": PRelu,
    "prelu_shared": PReluShared,
    "thresholded_relu": ThresholdedRelu,
    "linear": Linear,
    "elu": Elu,
    "gelu": Gelu,
    "selu": Selu,
}
