"""The stacked NumPy multi-layer perceptron; it knows nothing of studies.

Rooms:

- ``functions``: dropout, normalization, losses, initializers.
- ``activations``: activation functions.
- ``optimizers``: optimizers, schedules of the learning rate, penalties on the weights.
- ``stack``: the layers of all lanes, one training step, one update, the scores.
- ``training``: the runner of stacks, the trainer of one stack, its lanes, checkpoints.
- ``files``: models, ensembles and checkpoints as files.
- ``estimators``: the network as scikit-learn estimators.

Beside the rooms: ``config`` (settings), ``data`` (rows), ``layout`` (places of parameters), ``network`` (one
trained network), ``streams`` (random numbers), ``one_hot`` (blocks of categories), ``warning`` (settings that
do not do what they seem to), ``gradient_check``.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hpsearch.nn.activations import ACTIVATIONS
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.files.ensemble import Ensemble
from hpsearch.nn.functions.dropout import DROPOUT_KINDS
from hpsearch.nn.functions.initializers import INITIALIZERS
from hpsearch.nn.functions.normalization import NORMALIZATIONS
from hpsearch.nn.gradient_check import numerical_gradient
from hpsearch.nn.losses import LOSSES
from hpsearch.nn.network import Network
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.optimizers.averages import WeightedAverage, smooth
from hpsearch.nn.optimizers.penalties import PENALTIES
from hpsearch.nn.optimizers.schedules import SCHEDULES
from hpsearch.nn.stack.width import stack_width
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.descend import descend
from hpsearch.nn.training.fit import LaneResult, LaneState, fit_stack
from hpsearch.nn.training.trainer import EpochResult, StackTrainer

if TYPE_CHECKING:
    from hpsearch.nn.estimators import DivergedError, MLPClassifier, MLPRegressor
    from hpsearch.nn.files.checkpoint_file import (
        checkpoint_from_bytes,
        checkpoint_to_bytes,
        lanes_from_bytes,
        lanes_to_bytes,
        load_checkpoint,
        save_checkpoint,
    )
    from hpsearch.nn.files.input_scaling import InputScaling
    from hpsearch.nn.files.model_file import LoadedModel, load_model, save_model
    from hpsearch.nn.files.tensor_file import ModelFileError

__all__ = [
    "ACTIVATIONS",
    "DROPOUT_KINDS",
    "INITIALIZERS",
    "LOSSES",
    "NORMALIZATIONS",
    "OPTIMIZERS",
    "PENALTIES",
    "SCHEDULES",
    "Checkpoint",
    "DivergedError",
    "Ensemble",
    "EpochResult",
    "InputScaling",
    "LaneResult",
    "LaneState",
    "LoadedModel",
    "MLPClassifier",
    "MLPConfig",
    "MLPRegressor",
    "ModelFileError",
    "Network",
    "RegressionData",
    "SettingError",
    "StackTrainer",
    "TrainingData",
    "WeightedAverage",
    "checkpoint_from_bytes",
    "checkpoint_to_bytes",
    "descend",
    "fit_stack",
    "lanes_from_bytes",
    "lanes_to_bytes",
    "load_checkpoint",
    "load_model",
    "numerical_gradient",
    "save_checkpoint",
    "save_model",
    "smooth",
    "stack_width",
]

_LATE = ("hpsearch.nn.files.checkpoint_file", "hpsearch.nn.files.model_file", "hpsearch.nn.estimators")
"""The modules that give the names that are not imported above."""


def __getattr__(name: str) -> Any:
    """Import estimators and files when first used: a worker needs neither, and scikit-learn is slow."""
    for home in _LATE if name in __all__ else ():
        if hasattr(module := import_module(home), name):
            return getattr(module, name)
    raise AttributeError(f"module 'hpsearch.nn' has no attribute {name!r}")
