"""The runner of stacks: groups lanes by structure and trains each group, epoch by epoch."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.network import Network
from hpsearch.nn.stack.width import stack_width
from hpsearch.nn.streams import fold_seed
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.divergence import PRESENT_RULE, DivergenceRule
from hpsearch.nn.training.trainer import StackTrainer
from hpsearch.types import Float64Array


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingState:
    """A training between two of its epochs.

    Attributes:
        curve: Validation score after each epoch so far.
        lanes: Everything that it needs to go on: the checkpoint of its lane, or of the lane of each fold.
    """

    curve: tuple[float, ...]
    lanes: tuple[Checkpoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """The training of one lane; where the data have folds, of one lane for each fold.

    Attributes:
        config: The network and how it is trained.
        seed: Decides its initial weights, batches and dropout; 0 or more. With folds each lane has a seed of
            its own from it, by ``fold_seed``.
        since: The state from which the training goes on; ``None`` begins anew.
    """

    config: MLPConfig
    seed: int
    since: TrainingState | None = None

    @property
    def group(self) -> object:
        """The key of trainings that may share a stack: structure, and the epochs and steps behind them."""
        done = self.since and (self.since.lanes[0].epoch, self.since.lanes[0].step)
        return self.config.structure, done


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StackEpoch:
    """One stack after one epoch; the methods look at the stack as it is until the next epoch.

    Attributes:
        curves: Key -> validation score after each whole epoch, of the trainings that took part in this
            epoch; with folds the mean over the lanes of the training.
        diverged: Keys of the trainings that diverged in this epoch; all their lanes have left.
        keys: ``(lanes,)``, the key of each place in the trainer.
        trainer: The trainer of the stack.
    """

    curves: Mapping[int, tuple[float, ...]]
    diverged: Collection[int]
    keys: Sequence[int]
    trainer: StackTrainer

    def drop(self, ended: Collection[int]) -> None:
        """Let trainings leave, by their keys; one that diverged has left already."""
        self.trainer.drop([lane for lane in self.trainer.lanes if self.keys[lane] in ended])

    def networks(self, key: int) -> tuple[Network, ...]:
        """Return copies of the networks of a training: one, or one for each fold."""
        return tuple(map(self.trainer.network, self._places(key)))

    def state(self, key: int) -> TrainingState:
        """Return a copy of all that a training which has not ended needs to go on later."""
        lanes = tuple(map(self.trainer.checkpoint, self._places(key)))
        return TrainingState(curve=self.curves[key], lanes=lanes)

    def _places(self, key: int) -> list[int]:
        return [place for place, other in enumerate(self.keys) if other == key]


def run_stacks(
    trainings: Mapping[int, Training],
    *,
    data: TrainingData | RegressionData,
    dtype: DTypeLike = np.float32,
    divergence: DivergenceRule = PRESENT_RULE,
) -> Iterator[StackEpoch]:
    """Train lanes in stacks, one stack after the other; yield each stack after each of its epochs.

    A stack trains until all its lanes have left: the caller drops the trainings that have ended. A training's
    results do not depend on the others. Its folds are lanes of one stack, so that each epoch has a mean.

    Args:
        trainings: The trainings by key, of any structures; their configs' ``epochs`` end nothing here.
        data: The rows to train on and to score by.
        dtype: float32, or float64 for checks.
        divergence: The rule by which a lane is called diverged.
    """
    for keys in _stacks(trainings, data):
        trainer = trainer_of([trainings[key] for key in keys], data, dtype=dtype, divergence=divergence)
        places = [key for key in keys for _ in range(_lanes_each(data))]
        since = ((key, trainings[key].since) for key in keys)
        curves = {key: () if state is None else state.curve for key, state in since}
        while trainer.lanes:
            epoch = trainer.run_epoch()
            trained = [places[lane] for lane in epoch.lanes]
            diverged = {key for key, left in zip(trained, epoch.diverged, strict=True) if left}
            for key, score in _means(trained, epoch.score).items():
                curves[key] += () if key in diverged else (score,)
            yield StackEpoch(
                curves={key: curves[key] for key in dict.fromkeys(trained)},
                diverged=diverged,
                keys=places,
                trainer=trainer,
            )


def _lanes_each(data: TrainingData | RegressionData) -> int:
    """Return the number of lanes of a training."""
    return 1 if data.folds is None else len(data.folds)


def trainer_of(
    trainings: Sequence[Training],
    data: TrainingData | RegressionData,
    *,
    dtype: DTypeLike,
    divergence: DivergenceRule,
) -> StackTrainer:
    """Return the trainer of a stack: its trainings all go on from checkpoints, or all begin anew."""
    checkpoints = [lane for training in trainings if training.since for lane in training.since.lanes]
    if checkpoints:
        return StackTrainer.resume(checkpoints, data=data, divergence=divergence)
    seeds = [training.seed for training in trainings]
    if data.folds is not None:
        seeds = [fold_seed(seed, fold) for seed in seeds for fold in range(len(data.folds))]
    return StackTrainer(
        [training.config for training in trainings for _ in range(_lanes_each(data))],
        data=data,
        seeds=seeds,
        dtype=dtype,
        divergence=divergence,
    )


def _means(keys: Sequence[int], scores: Float64Array) -> dict[int, float]:
    """Return the mean score of each key, whose lanes stand beside each other."""
    if len(set(keys)) == len(keys):
        return dict(zip(keys, scores.tolist(), strict=True))
    first = [place for place, key in enumerate(keys) if place == 0 or key != keys[place - 1]]
    parts = np.split(scores, first[1:])
    # One array each: the bits of a sum over an axis of a larger array could depend on its shape.
    return {keys[place]: float(part.mean()) for place, part in zip(first, parts, strict=True)}


def _stacks(trainings: Mapping[int, Training], data: TrainingData | RegressionData) -> Iterator[list[int]]:
    """Yield the keys that train together: of one group, no more than is fast, and one at least."""
    groups: dict[object, list[int]] = {}
    for key, training in trainings.items():
        groups.setdefault(training.group, []).append(key)
    for keys in groups.values():
        # A stack that outgrows the cache is slower than two stacks, one after the other.
        config = trainings[keys[0]].config
        width = stack_width(config, data.n_features, data.n_outputs, blocks=data.blocks)
        step = max(1, width // _lanes_each(data))
        for start in range(0, len(keys), step):
            yield keys[start : start + step]
