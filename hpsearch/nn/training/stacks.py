"""The runner of stacks: groups lanes by structure and trains each group, epoch by epoch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.network import Network
from hpsearch.nn.stack.width import stack_width
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.divergence import PRESENT_RULE, DivergenceRule
from hpsearch.nn.training.trainer import StackTrainer


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """A lane's training between two of its epochs.

    Attributes:
        curve: Validation score after each epoch so far.
        checkpoint: Everything that the lane needs to go on.
    """

    curve: tuple[float, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The training of one lane.

    Attributes:
        config: The network and how it is trained.
        seed: Decides its initial weights, batches and dropout; 0 or more.
        since: The state from which the training goes on; ``None`` begins anew.
    """

    config: MLPConfig
    seed: int
    since: TrainingState | None = None

    @property
    def group(self) -> object:
        """The key of the lanes that may share a stack: structure, and the epochs and steps behind them."""
        done = self.since and (self.since.checkpoint.epoch, self.since.checkpoint.step)
        return self.config.structure, done


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StackEpoch:
    """One stack after one epoch; the methods look at the stack as it is until the next epoch.

    Attributes:
        curves: Key -> validation score after each whole epoch, of the lanes that trained in this epoch.
        diverged: Keys of the lanes that diverged in this epoch and have left the stack.
        keys: ``(lanes,)``, the key of each place in the trainer.
        trainer: The trainer of the stack.
    """

    curves: Mapping[int, tuple[float, ...]]
    diverged: Collection[int]
    keys: Sequence[int]
    trainer: StackTrainer

    def drop(self, ended: Collection[int]) -> None:
        """Let lanes leave, by their keys; a lane that diverged has left already."""
        self.trainer.drop([lane for lane in self.trainer.lanes if self.keys[lane] in ended])

    def network(self, key: int) -> Network:
        """Return a copy of a lane's network."""
        return self.trainer.network(self.keys.index(key))

    def state(self, key: int) -> TrainingState:
        """Return a copy of all that a lane still in training needs to go on later."""
        return TrainingState(curve=self.curves[key], checkpoint=self.trainer.checkpoint(self.keys.index(key)))


def run_stacks(
    trainings: Mapping[int, Training],
    *,
    data: TrainingData | RegressionData,
    dtype: DTypeLike = np.float32,
    divergence: DivergenceRule = PRESENT_RULE,
) -> Iterator[StackEpoch]:
    """Train lanes in stacks, one stack after the other; yield each stack after each of its epochs.

    A stack trains until all its lanes have left: the caller drops the lanes that have ended. A lane's results
    do not depend on the others.

    Args:
        trainings: The lanes by key, of any structures; their configs' ``epochs`` end nothing here.
        data: The rows to train on and to score by.
        dtype: float32, or float64 for checks.
        divergence: The rule by which a lane is called diverged.
    """
    for keys in _stacks(trainings, data):
        lanes = [trainings[key] for key in keys]
        # The lanes of a group all go on from a checkpoint, or all begin anew.
        checkpoints = [lane.since.checkpoint for lane in lanes if lane.since]
        trainer = (
            StackTrainer.resume(checkpoints, data=data, divergence=divergence)
            if checkpoints
            else StackTrainer(
                [lane.config for lane in lanes],
                data=data,
                seeds=[lane.seed for lane in lanes],
                dtype=dtype,
                divergence=divergence,
            )
        )
        curves = {key: lane.since.curve if lane.since else () for key, lane in zip(keys, lanes, strict=True)}
        while trainer.lanes:
            epoch = trainer.run_epoch()
            trained = [keys[lane] for lane in epoch.lanes]
            diverged = {key for key, left in zip(trained, epoch.diverged, strict=True) if left}
            for key, score in zip(trained, epoch.score.tolist(), strict=True):
                curves[key] += () if key in diverged else (score,)
            yield StackEpoch(
                curves={key: curves[key] for key in trained}, diverged=diverged, keys=keys, trainer=trainer
            )


def _stacks(trainings: Mapping[int, Training], data: TrainingData | RegressionData) -> Iterator[list[int]]:
    """Yield the keys of lanes that train together: of one group, no more of them than is fast."""
    groups: dict[object, list[int]] = {}
    for key, training in trainings.items():
        groups.setdefault(training.group, []).append(key)
    for keys in groups.values():
        # A stack that outgrows the cache is slower than two stacks, one after the other.
        config = trainings[keys[0]].config
        width = stack_width(config, data.n_features, data.n_outputs, blocks=data.blocks)
        for start in range(0, len(keys), width):
            yield keys[start : start + width]
