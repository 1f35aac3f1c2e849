"""Optimizers by name."""

from hpsearch.nn.optimizers.adam import Adam
from hpsearch.nn.optimizers.base import Optimizer
from hpsearch.nn.optimizers.sgd import Sgd

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "adam": Adam,
}

__all__ = ["OPTIMIZERS", "Adam", "Optimizer", "Sgd"]
