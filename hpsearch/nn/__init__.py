"""The stacked NumPy multi-layer perceptron."""

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import TrainingData
from hpsearch.nn.fit import LaneResult, LaneState, fit_stack
from hpsearch.nn.gradient_check import numerical_gradient
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.losses import LOSSES
from hpsearch.nn.network import Network
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.penalties import PENALTIES
from hpsearch.nn.trainer import EpochResult, StackTrainer
from hpsearch.nn.width import stack_width

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "PENALTIES",
    "EpochResult",
    "LaneResult",
    "LaneState",
    "MLPConfig",
    "Network",
    "SettingError",
    "StackTrainer",
    "TrainingData",
    "fit_stack",
    "numerical_gradient",
    "stack_width",
]
