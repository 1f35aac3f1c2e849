"""Optimizers, by name in ``OPTIMIZERS``; schedules of their rate and penalties on the weights."""

from hpsearch.nn.optimizers.adagrad import AdaGrad, RmsProp
from hpsearch.nn.optimizers.adam import Adam, AdamW
from hpsearch.nn.optimizers.base import Optimizer
from hpsearch.nn.optimizers.momentum import AveragedMomentum, Momentum, Nesterov
from hpsearch.nn.optimizers.sgd import Sgd

OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": Sgd,
    "momentum": Momentum,
    "averaged_momentum": AveragedMomentum,
    "nesterov": Nesterov,
    "adagrad": AdaGrad,
    "rmsprop": RmsProp,
    "adam": Adam,
    "adamw": AdamW,
}
