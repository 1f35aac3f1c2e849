"""The trainer of one stack, an epoch at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.layout import Layout
from hpsearch.nn.network import Network
from hpsearch.nn.stack.batch import Batch
from hpsearch.nn.stack.lane_dropout import StackDropout
from hpsearch.nn.stack.stack import StackArrays
from hpsearch.nn.stack.updater import Updater
from hpsearch.nn.training.checkpoint import Checkpoint, check_compatible, lane_arrays, restored_lanes
from hpsearch.nn.training.divergence import PRESENT_RULE, DivergenceRule
from hpsearch.nn.training.lane_rows import LaneRows
from hpsearch.nn.training.lanes import Lanes, check_lanes
from hpsearch.types import BoolArray, Float64Array, FloatArray

Real = TypeVar("Real", bound=np.floating[Any])

BUFFER = 4096
"""Elements of NumPy's buffers in an epoch; they change no bit.

Where a number of each lane meets ``(lanes, rows, features)``, NumPy copies it over and over into a buffer if
two lanes or more fit there, which costs more than the product. Its own 8192 hold two lanes of 64 x 64: a
rectifier under a mask takes 1.8 microseconds a lane with these and 1.4 with 4096; 2048 slows the biases of 50
units and more rows.
"""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpochResult:
    """The results of one epoch, of the lanes that trained in it.

    Attributes:
        lanes: Their places, in order.
        score: ``(len(lanes),)``, the metric on the validation rows after the epoch, times -1 where less is
            better; NaN where diverged.
        loss: ``(len(lanes),)``, mean loss of the epoch's rows as their batches met them (weighted, where rows
            have weights), without the penalty.
        diverged: ``(len(lanes),)``, which lanes diverged in this epoch and have left the stack.
    """

    lanes: tuple[int, ...]
    score: Float64Array
    loss: Float64Array
    diverged: BoolArray


class StackTrainer:
    """Trains lanes of one structure together, an epoch at a time.

    A lane's results have the same bits whichever lanes train beside it, and whenever those leave.

    A lane diverges in an epoch when the mean training loss of the epoch is not finite (so the loss of some
    batch was NaN or infinite), when a parameter is not finite after the epoch, or when it breaks the rule of
    divergence. It leaves the stack by itself at the end of that epoch.

    Where the data have ``k`` folds, each ``k`` lanes in a row are one training: its lane ``f`` holds out fold
    ``f``. The rule of divergence sees means over them, and they leave together.

    Args:
        configs: One a lane, of one ``structure``; their ``epochs`` are not read, the caller counts.
        data: The rows to train on and to score by.
        seeds: One a lane, 0 or more; with its config it decides everything about the lane.
        dtype: float32, or float64 for checks.
        divergence: The rule of divergence.

    Attributes:
        lanes: Places in ``configs`` of the lanes still training, in order.

    Raises:
        SettingError: No lanes, lanes of different structure, or seeds that do not fit.
    """

    def __init__(
        self,
        configs: Sequence[MLPConfig],
        *,
        data: TrainingData | RegressionData,
        seeds: Sequence[int],
        dtype: DTypeLike = np.float32,
        divergence: DivergenceRule = PRESENT_RULE,
    ) -> None:
        check_lanes(configs, seeds)
        self._configs = tuple(configs)
        self._layout = Layout.of(
            configs[0], n_features=data.n_features, n_outputs=data.n_outputs, blocks=data.blocks
        )
        self._classes, self._divergence = data.classes, divergence
        self._rows, self._unit = LaneRows(data, lanes=len(configs), dtype=dtype), data.unit
        self._batch_size = min(configs[0].batch_size, self._rows.n)
        self._t, self._epoch = 0, 0
        self._left: dict[int, FloatArray] = {}
        self._batches: dict[int, Batch] = {}
        self._set_lanes(Lanes.start(configs, seeds, layout=self._layout, n=self._rows.n, dtype=dtype))

    @classmethod
    def resume(
        cls,
        checkpoints: Sequence[Checkpoint],
        *,
        data: TrainingData | RegressionData,
        divergence: DivergenceRule = PRESENT_RULE,
    ) -> "StackTrainer":
        """Return a trainer that goes on from checkpoints, with the bits of a training without a stop.

        Args:
            checkpoints: One a lane, of one structure and step, from any stacks.
            data: The rows that the lanes were trained on.
            divergence: The rule of divergence.

        Raises:
            SettingError: The checkpoints do not fit each other or the data.
        """
        check_compatible(checkpoints)
        trainer = cls(
            [checkpoint.config for checkpoint in checkpoints],
            data=data,
            seeds=[0] * len(checkpoints),  # the checkpoints bring weights and streams with them
            dtype=checkpoints[0].parameters.dtype,
            divergence=divergence,
        )
        trainer.restore(checkpoints)
        return trainer

    @property
    def lanes(self) -> tuple[int, ...]:
        """Places in ``configs`` of the lanes still training, in order."""
        return self._lanes.places

    def run_epoch(self) -> EpochResult:
        """Train every remaining lane for one epoch, evaluate, and let the diverged leave.

        Without lanes nothing happens, and the result is empty.
        """
        places = self.lanes
        if not places:
            nothing = np.empty(0)
            return EpochResult(lanes=(), score=nothing, loss=nothing, diverged=np.empty(0, np.bool_))
        # A diverging lane calculates with NaN and infinity to the end of the epoch.
        with np.errstate(all="ignore"):
            np.setbufsize(BUFFER)  # until the end of this context, as the rest of its state
            loss = _one_nan(self._train())
            score = self._rows.score(self._evaluation, places)
            mean, constants = self._rows.mean, self._rows.constants(places)
            broken = self._divergence.broken(
                loss=mean(loss),
                first=mean(self._lanes.first_loss),
                score=mean(score),
                constant=mean(constants),
            )
            finite = np.isfinite(loss) & self._lanes.finite
            diverged = broken | ~self._rows.all(finite)
        score[diverged] = np.nan
        self._leave(diverged)
        return EpochResult(lanes=places, score=score, loss=loss, diverged=diverged)

    def drop(self, lanes: Collection[int]) -> None:
        """Let lanes leave, by their places; the others go on with the same bits.

        Raises:
            SettingError: A lane does not train here, or does so no more.
        """
        unknown = sorted(set(lanes) - set(self.lanes))
        if unknown:
            raise SettingError("lanes", f"expected some of {list(self.lanes)}, found {unknown}")
        self._leave(np.isin(self.lanes, list(lanes)))

    def network(self, lane: int) -> Network:
        """Return a copy of one lane's network, as it is now or as it was when the lane left.

        Raises:
            SettingError: The trainer never had this lane.
        """
        if lane in self._left:
            parameters = self._left[lane].copy()
        elif lane in self.lanes:
            parameters = self._lanes.parameters[self.lanes.index(lane)].copy()
        else:
            raise SettingError("lane", f"expected a place from 0 to {len(self._configs) - 1}, found {lane}")
        return Network(
            config=self._configs[lane],
            sizes=self._layout.sizes,
            parameters=self._unit.built_in(parameters, self._layout) if self._unit else parameters,
            classes=self._classes,
            blocks=self._layout.blocks,
        )

    def checkpoint(self, lane: int) -> Checkpoint:
        """Return the checkpoint of a lane in training.

        Raises:
            SettingError: The lane does not train here, or does so no more.
        """
        if lane not in self.lanes:
            raise SettingError("lane", f"expected one of {list(self.lanes)}, still in training, found {lane}")
        return Checkpoint(
            config=self._configs[lane],
            step=self._t,
            epoch=self._epoch,
            sizes=self._layout.sizes,
            blocks=self._layout.blocks,
            **lane_arrays(self._lanes, self.lanes.index(lane)),
        )

    def restore(self, checkpoints: Sequence[Checkpoint]) -> None:
        """Set every lane back to its checkpoint; lanes that have left are back.

        Raises:
            SettingError: The checkpoints do not fit each other, the lanes or the data.
        """
        check_compatible(checkpoints)
        first, n = checkpoints[0], self._rows.n
        wanted = (first.config.structure, first.sizes, first.blocks, len(first.order), len(checkpoints))
        here = self._layout
        found = (self._configs[0].structure, here.sizes, here.blocks, n, len(self._configs))
        if found != wanted or first.parameters.dtype != self._rows.pool.X.dtype:
            raise SettingError(
                "checkpoints",
                f"expected structure, sizes, blocks, training rows and lanes {found} in "
                f"{self._rows.pool.X.dtype}, found {wanted} in {first.parameters.dtype}",
            )
        self._configs = tuple(checkpoint.config for checkpoint in checkpoints)
        self._t, self._epoch = first.step, first.epoch
        self._left.clear()
        self._set_lanes(restored_lanes(checkpoints))

    def _train(self) -> Float64Array:
        """Run the steps of one epoch; return the mean loss of each lane, ``(lanes,)``."""
        lanes, n = self._lanes, self._rows.n
        self._begin_epoch()
        order = self._rows.chosen(lanes.order, lanes.places)
        total = np.zeros(len(lanes.places))
        for start in range(0, n, self._batch_size):
            chosen = order[:, start : start + self._batch_size]
            batch = self._batches[chosen.shape[1]]  # the last batch of an epoch may be shorter
            losses = batch.gradients(chosen)
            total += losses
            # The first batch of all sets the measure of divergence; a resumed lane brings its own.
            if self._t == 0:
                lanes.first_loss[:] = losses / batch.weight
            self._t += 1
            self._updater.step(self._t)
        self._epoch += 1
        return total / n

    def _begin_epoch(self) -> None:
        """Shuffle, set each lane's learning rate for this epoch, and draw the masks of the epoch."""
        lanes = self._lanes
        lanes.shuffle()
        self._updater.lr[:, 0] = [self._configs[place].lr_at(self._epoch) for place in lanes.places]
        self._drops.draw()

    def _leave(self, leaving: BoolArray) -> None:
        """Keep the parameters of the lanes marked in ``(lanes,)`` and go on without these lanes."""
        if not leaving.any():
            return
        for row in np.flatnonzero(leaving):
            self._left[self.lanes[row]] = _one_nan(self._lanes.parameters[row])
        # The others move up into smaller arrays, so that the next epoch pays for no lane that has left.
        self._set_lanes(self._lanes.select(np.flatnonzero(~leaving).tolist()))

    def _set_lanes(self, lanes: Lanes) -> None:
        """Set the lanes in training, and make buffers for their number."""
        self._lanes = lanes
        if not lanes.places:
            self._batches.clear()  # nothing trains any more, so the largest buffers go
            return
        # All parts below are views of the lanes' arrays or buffers of their shape, so every change of lanes
        # makes them anew; then no step allocates anything.
        configs = [self._configs[place] for place in lanes.places]
        smoothing = np.array([config.label_smoothing for config in configs])
        arrays = StackArrays.around(lanes.parameters, layout=self._layout)
        self._evaluation = self._rows.evaluation(arrays, lanes.places)
        self._drops = StackDropout(lanes.dropout, lanes.parameters, layout=self._layout)
        short = self._rows.n % self._batch_size  # rows of the last batch, 0 where all are whole
        self._batches = {
            rows: Batch(arrays, self._rows.pool, rows=rows, drops=self._drops, smoothing=smoothing)
            for rows in (self._batch_size, short)
            if rows
        }
        optimizers = [config.build_optimizer() for config in configs]
        self._updater = Updater(optimizers, arrays, moments=lanes.moments, rates=lanes.rates)


def _one_nan(array: NDArray[Real]) -> NDArray[Real]:
    """Return a copy in which every NaN has the same bits.

    The sign of a calculated NaN depends on how a vector instruction was filled, so on the number of lanes.
    """
    copy = array.copy()
    copy[np.isnan(copy)] = np.nan
    return copy
