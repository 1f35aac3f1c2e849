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

if TYPE_CHECKING:
    from hpsearch.nn.activations import ACTIVATIONS as ACTIVATIONS
    from hpsearch.nn.config import MLPConfig as MLPConfig
    from hpsearch.nn.config import SettingError as SettingError
    from hpsearch.nn.data import RegressionData as RegressionData
    from hpsearch.nn.data import TrainingData as TrainingData
    from hpsearch.nn.estimators import DivergedError as DivergedError
    from hpsearch.nn.estimators import MLPClassifier as MLPClassifier
    from hpsearch.nn.estimators import MLPRegressor as MLPRegressor
    from hpsearch.nn.files.checkpoint_file import checkpoint_from_bytes as checkpoint_from_bytes
    from hpsearch.nn.files.checkpoint_file import checkpoint_to_bytes as checkpoint_to_bytes
    from hpsearch.nn.files.checkpoint_file import lanes_from_bytes as lanes_from_bytes
    from hpsearch.nn.files.checkpoint_file import lanes_to_bytes as lanes_to_bytes
    from hpsearch.nn.files.checkpoint_file import load_checkpoint as load_checkpoint
    from hpsearch.nn.files.checkpoint_file import save_checkpoint as save_checkpoint
    from hpsearch.nn.files.ensemble import Ensemble as Ensemble
    from hpsearch.nn.files.input_scaling import InputScaling as InputScaling
    from hpsearch.nn.files.model_file import LoadedModel as LoadedModel
    from hpsearch.nn.files.model_file import load_model as load_model
    from hpsearch.nn.files.model_file import save_model as save_model
    from hpsearch.nn.files.tensor_file import ModelFileError as ModelFileError
    from hpsearch.nn.functions.dropout import DROPOUT_KINDS as DROPOUT_KINDS
    from hpsearch.nn.functions.initializers import INITIALIZERS as INITIALIZERS
    from hpsearch.nn.functions.normalization import NORMALIZATIONS as NORMALIZATIONS
    from hpsearch.nn.gradient_check import numerical_gradient as numerical_gradient
    from hpsearch.nn.losses import LOSSES as LOSSES
    from hpsearch.nn.network import Network as Network
    from hpsearch.nn.optimizers import OPTIMIZERS as OPTIMIZERS
    from hpsearch.nn.optimizers.averages import WeightedAverage as WeightedAverage
    from hpsearch.nn.optimizers.averages import smooth as smooth
    from hpsearch.nn.optimizers.penalties import PENALTIES as PENALTIES
    from hpsearch.nn.optimizers.schedules import SCHEDULES as SCHEDULES
    from hpsearch.nn.stack.width import stack_width as stack_width
    from hpsearch.nn.training.checkpoint import Checkpoint as Checkpoint
    from hpsearch.nn.training.descend import descend as descend
    from hpsearch.nn.training.fit import LaneResult as LaneResult
    from hpsearch.nn.training.fit import LaneState as LaneState
    from hpsearch.nn.training.fit import fit_stack as fit_stack
    from hpsearch.nn.training.trainer import EpochResult as EpochResult
    from hpsearch.nn.training.trainer import StackTrainer as StackTrainer

_HOMES = {
    "ACTIVATIONS": "hpsearch.nn.activations",
    "Checkpoint": "hpsearch.nn.training.checkpoint",
    "DROPOUT_KINDS": "hpsearch.nn.functions.dropout",
    "DivergedError": "hpsearch.nn.estimators",
    "Ensemble": "hpsearch.nn.files.ensemble",
    "EpochResult": "hpsearch.nn.training.trainer",
    "INITIALIZERS": "hpsearch.nn.functions.initializers",
    "InputScaling": "hpsearch.nn.files.input_scaling",
    "LOSSES": "hpsearch.nn.losses",
    "LaneResult": "hpsearch.nn.training.fit",
    "LaneState": "hpsearch.nn.training.fit",
    "LoadedModel": "hpsearch.nn.files.model_file",
    "MLPClassifier": "hpsearch.nn.estimators",
    "MLPConfig": "hpsearch.nn.config",
    "MLPRegressor": "hpsearch.nn.estimators",
    "ModelFileError": "hpsearch.nn.files.tensor_file",
    "NORMALIZATIONS": "hpsearch.nn.functions.normalization",
    "Network": "hpsearch.nn.network",
    "OPTIMIZERS": "hpsearch.nn.optimizers",
    "PENALTIES": "hpsearch.nn.optimizers.penalties",
    "RegressionData": "hpsearch.nn.data",
    "SCHEDULES": "hpsearch.nn.optimizers.schedules",
    "SettingError": "hpsearch.nn.config",
    "StackTrainer": "hpsearch.nn.training.trainer",
    "TrainingData": "hpsearch.nn.data",
    "WeightedAverage": "hpsearch.nn.optimizers.averages",
    "checkpoint_from_bytes": "hpsearch.nn.files.checkpoint_file",
    "checkpoint_to_bytes": "hpsearch.nn.files.checkpoint_file",
    "descend": "hpsearch.nn.training.descend",
    "fit_stack": "hpsearch.nn.training.fit",
    "lanes_from_bytes": "hpsearch.nn.files.checkpoint_file",
    "lanes_to_bytes": "hpsearch.nn.files.checkpoint_file",
    "load_checkpoint": "hpsearch.nn.files.checkpoint_file",
    "load_model": "hpsearch.nn.files.model_file",
    "numerical_gradient": "hpsearch.nn.gradient_check",
    "save_checkpoint": "hpsearch.nn.files.checkpoint_file",
    "save_model": "hpsearch.nn.files.model_file",
    "smooth": "hpsearch.nn.optimizers.averages",
    "stack_width": "hpsearch.nn.stack.width",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
