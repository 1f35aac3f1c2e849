"""A training whose settings may change between two of its epochs."""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.network import Network
from hpsearch.nn.optimizers import OPTIMIZERS
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.divergence import PRESENT_RULE, DivergenceRule
from hpsearch.nn.training.stacks import Training, trainer_of

CHANGEABLE: tuple[str, ...] = (
    "lr",
    "weight_decay",
    "dropout",
    "input_dropout",
    "momentum",
    "l1",
    "linf",
    "label_smoothing",
    "schedule",
)
"""The settings that may change between two epochs: the stack has them as vectors over its lanes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteeredEpoch:
    """One epoch of a steered training.

    Attributes:
        loss: Mean loss of the epoch's rows as their batches met them; with folds the mean over them. NaN or
            infinite where the calculation was so.
        score: The metric on the validation rows after the epoch, more is better; NaN where it diverged.
        diverged: Whether the training diverged in this epoch.
    """

    loss: float
    score: float
    diverged: bool


class SteeredTraining:
    """The training of one network, an epoch at a time; with folds of one network for each.

    Without changes it has the bits of a training in any stack.

    Args:
        config: The network, and how it is trained at first.
        seed: Decides its initial weights, batches and dropout; 0 or more.
        data: The rows to train on and to score by.
        dtype: float32, or float64 for checks.
        divergence: The rule of divergence.

    Attributes:
        config: The settings of the next epoch.
    """

    def __init__(
        self,
        config: MLPConfig,
        *,
        seed: int,
        data: TrainingData | RegressionData,
        dtype: DTypeLike = np.float32,
        divergence: DivergenceRule = PRESENT_RULE,
    ) -> None:
        training = Training(config=config, seed=seed)
        self._trainer = trainer_of([training], data, dtype=dtype, divergence=divergence)
        self._places = self._trainer.lanes
        self.config = config

    def run_epoch(self) -> SteeredEpoch:
        """Train an epoch; one that diverged can only be followed by ``restore``."""
        result = self._trainer.run_epoch()
        diverged = bool(result.diverged.any())
        return SteeredEpoch(
            loss=float(result.loss.mean()),
            score=math.nan if diverged else float(result.score.mean()),
            diverged=diverged,
        )

    def state(self) -> tuple[Checkpoint, ...]:
        """Return a copy of all that it needs to go on from here: a checkpoint for each fold, or one."""
        return tuple(map(self._trainer.checkpoint, self._places))

    def restore(self, state: tuple[Checkpoint, ...]) -> None:
        """Go back to a state, with the settings that held then."""
        self._trainer.restore(state)
        self.config = state[0].config

    def change(self, settings: Mapping[str, object]) -> None:
        """Let other settings hold from the next epoch on.

        Raises:
            SettingError: A setting cannot change between two epochs, is not possible, or changes nothing.
        """
        config = changed(self.config, settings)
        self._trainer.restore([replace(lane, config=config) for lane in self.state()])
        self.config = config

    def networks(self) -> tuple[Network, ...]:
        """Return copies of its networks: one, or one for each fold."""
        return tuple(map(self._trainer.network, self._places))


def changed(config: MLPConfig, settings: Mapping[str, object]) -> MLPConfig:
    """Return settings with others in place of some of them.

    Raises:
        SettingError: A setting cannot change between two epochs, is not possible, or would change nothing.

    Example:
        >>> changed(MLPConfig(lr=0.1), {"lr": 0.05}).lr
        0.05
    """
    for name in settings:
        expect_changeable(name)
    config = replace(config, **settings)  # type: ignore[arg-type]  # it refuses other types
    optimizer = config.optimizer
    read = {field.name for field in fields(OPTIMIZERS[optimizer])}  # type: ignore[arg-type]  # all are dataclasses
    if "momentum" in settings and "momentum" not in read:
        readers = ", ".join(n for n, kind in OPTIMIZERS.items() if "momentum" in kind.__dataclass_fields__)  # type: ignore[attr-defined]
        raise SettingError("momentum", f"expected an optimizer that reads it ({readers}), found {optimizer}")
    if "lr" in settings and config.schedule == "manual":
        raise SettingError(
            "lr",
            'expected a schedule that starts from it, found "manual", which lists its rates; '
            "change the schedule as well: schedule constant",
        )
    return config


def expect_changeable(name: str) -> None:
    """Refuse the name of a setting that cannot change between two epochs.

    Raises:
        SettingError: Names the settings that can.
    """
    if name in CHANGEABLE:
        return
    known = name in {field.name for field in fields(MLPConfig)}
    found = f"{name}, which holds for a whole training" if known else repr(name)
    raise SettingError(
        name,
        f"expected a setting that can change between two epochs ({', '.join(CHANGEABLE)}), found {found}",
    )


def digest_of(state: tuple[Checkpoint, ...]) -> str:
    """Return the SHA-256 over the parameters of a state, 64 hexadecimal digits."""
    whole = hashlib.sha256()
    for lane in state:
        whole.update(lane.parameters.tobytes())
    return whole.hexdigest()
