"""The stacked NumPy multi-layer perceptron."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.checkpoint import Checkpoint
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.fit import LaneResult, LaneState, fit_stack
from hpsearch.nn.gradient_check import numerical_gradient
from hpsearch.nn.initializers import INITIALIZERS
from hpsearch.nn.losses import LOSSES
from hpsearch.nn.network import Network
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.penalties import PENALTIES
from hpsearch.nn.trainer import EpochResult, StackTrainer
from hpsearch.nn.width import stack_width

if TYPE_CHECKING:
    from hpsearch.nn.estimators import DivergedError, MLPClassifier, MLPRegressor

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "PENALTIES",
    "Checkpoint",
    "DivergedError",
    "EpochResult",
    "LaneResult",
    "LaneState",
    "MLPClassifier",
    "MLPConfig",
    "MLPRegressor",
    "Network",
    "RegressionData",
    "SettingError",
    "StackTrainer",
    "TrainingData",
    "fit_stack",
    "numerical_gradient",
    "stack_width",
]

_LATE = {
    "DivergedError": "hpsearch.nn.estimators",
    "MLPClassifier": "hpsearch.nn.estimators",
    "MLPRegressor": "hpsearch.nn.estimators",
}


def __getattr__(name: str) -> Any:
    """Import the estimators when they are first used: scikit-learn takes seconds, and a worker needs none."""
    if name not in _LATE:
        raise AttributeError(f"module 'hpsearch.nn' has no attribute {name!r}")
    return getattr(import_module(_LATE[name]), name)
