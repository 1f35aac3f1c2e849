"""The stacked NumPy multi-layer perceptron."""

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.averages import WeightedAverage, smooth
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import TrainingData
from hpsearch.nn.descend import descend
from hpsearch.nn.dropout import DROPOUT_KINDS
from hpsearch.nn.fit import LaneResult, LaneState, fit_stack
from hpsearch.nn.gradient_check import numerical_gradient
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.losses import LOSSES
from hpsearch.nn.network import Network
from hpsearch.nn.normalization import NORMALIZATIONS
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.penalties import PENALTIES
from hpsearch.nn.schedules import SCHEDULES
from hpsearch.nn.trainer import EpochResult, StackTrainer
from hpsearch.nn.width import stack_width

__all__ = [
    "ACTIVATIONS",
    "DROPOUT_KINDS",
    "INITIALIZERS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "PENALTIES",
    "SCHEDULES",
    "EpochResult",
    "LaneResult",
    "LaneState",
    "MLPConfig",
    "Network",
    "SettingError",
    "StackTrainer",
    "TrainingData",
    "WeightedAverage",
    "descend",
    "fit_stack",
    "numerical_gradient",
    "smooth",
    "stack_width",
]
