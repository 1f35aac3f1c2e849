"""Activation functions by name."""

from hpsearch.nn.activations.base import Activation
from hpsearch.nn.activations.relu import Relu
from hpsearch.nn.activations.tanh import Tanh

ACTIVATIONS: dict[str, type[Activation]] = {
    "relu": Relu,
    "tanh": Tanh,
}

__all__ = ["ACTIVATIONS", "Activation", "Relu", "Tanh"]
