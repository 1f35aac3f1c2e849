"""What the classifier and the regressor share: settings, seeds and training."""

import math
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.model_selection import train_test_split
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from hpsearch.errors import HpsearchError
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.files.json import as_tuples
from hpsearch.nn.network import Network
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.trainer import StackTrainer
from hpsearch.types import Float64Array, FloatArray

DTYPES = (np.float64, np.float32)
"""Rows of these types are trained on in their own precision, others in the first."""

ENOUGH_EPOCHS = 100
"""From so many epochs on an estimator promises scikit-learn a good score, whatever the data.

The default of 10 epochs is meant for thousands of rows. On scikit-learn's check of class weights (50 rows, so
10 steps) it reaches 0.16 to 1.0 over ten seeds where 0.87 is asked for; 50 epochs give 0.88 or more, 100
always 1.0. On its check of regressors (200 rows): R^2 -0.37 to 0.33 at 10 epochs, 0.83 or more at 100.
"""


class DivergedError(HpsearchError, ValueError):
    """Training ended in numbers that are not finite: try a smaller learning rate, or scale the data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Checked rows of one kind of target.

    Attributes:
        X: ``(n, d)``.
        y: ``(n,)`` class indices, or ``(n, outputs)`` values.
        weights: ``(n,)``, 0 or more.
    """

    X: FloatArray
    y: NDArray[Any]
    weights: Float64Array

    def where(self, chosen: NDArray[Any]) -> "Examples":
        """Return some of the rows, by mask or by number."""
        return Examples(X=self.X[chosen], y=self.y[chosen], weights=self.weights[chosen])


class Perceptron(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not typed
    """A network of one lane behind scikit-learn's conventions.

    A class gives ``_data`` (which kind of rows) and its own ``fit``, ``partial_fit`` and ``predict``.
    """

    _stratified: ClassVar[bool]

    @property
    def _poor_score(self) -> bool:
        """Whether scikit-learn's checks should expect no good score, as its tags call it."""
        return not (isinstance(self.epochs, int | np.integer) and self.epochs >= ENOUGH_EPOCHS)

    def _config(self) -> MLPConfig:
        settings = {field.name: as_tuples(getattr(self, field.name)) for field in fields(MLPConfig)}
        return MLPConfig(**settings)

    def _seed(self) -> int:
        """Return the seed of the lane: a whole number is its own seed."""
        if isinstance(self.random_state, int | np.integer) and not isinstance(self.random_state, bool):
            if self.random_state < 0:
                raise SettingError(
                    "random_state", f"expected a whole number, 0 or more, found {self.random_state}"
                )
            return int(self.random_state)
        return int(check_random_state(self.random_state).randint(2**31 - 1))

    def _data(self, train: Examples, X_val: FloatArray, y_val: NDArray[Any]) -> TrainingData | RegressionData:
        raise NotImplementedError

    def _begin(self, examples: Examples, validation: tuple[FloatArray, NDArray[Any]] | None) -> None:
        """Train a fresh network for all its epochs."""
        config, seed = self._config(), self._seed()
        if validation is None:
            examples, validation = self._hold_out(examples, seed)
        data = self._data(examples, *validation)
        trainer = StackTrainer([config], data=data, seeds=[seed], dtype=examples.X.dtype, limit=math.inf)
        self.loss_curve_, self.validation_curve_ = np.empty(0), np.empty(0)
        self._train(trainer, config.epochs)

    def _go_on(self, examples: Examples) -> None:
        """Train for one more epoch on these rows: a fresh network the first time."""
        config, X = self._config(), examples.X
        data = self._data(examples, X[:0], examples.y[:0])
        checkpoint: Checkpoint | None = getattr(self, "_checkpoint", None)
        if checkpoint is None:
            trainer = StackTrainer([config], data=data, seeds=[self._seed()], dtype=X.dtype, limit=math.inf)
            self.loss_curve_, self.validation_curve_ = np.empty(0), np.empty(0)
        else:
            here = replace(checkpoint.for_rows(len(X)), config=config)
            trainer = StackTrainer.resume([here], data=data, limit=math.inf)
        self._train(trainer, 1)

    def _train(self, trainer: StackTrainer, epochs: int) -> None:
        losses, scores = self.loss_curve_.tolist(), self.validation_curve_.tolist()
        for _ in range(epochs):
            result = trainer.run_epoch()
            if result.diverged[0]:
                raise DivergedError(
                    f"lr: expected a rate at which training stays finite, found {self.lr}: it overflowed in "
                    f"epoch {len(losses) + 1}; try a smaller one, or scale the data"
                )
            losses.append(float(result.loss[0]))
            scores.append(float(result.accuracy[0]))
        self.loss_curve_, self.validation_curve_ = np.array(losses), np.array(scores)
        network = trainer.network(0)
        self.network_: Network = replace(network, classes=getattr(self, "classes_", network.classes))
        self._checkpoint = trainer.checkpoint(0)

    def _hold_out(self, examples: Examples, seed: int) -> tuple[Examples, tuple[FloatArray, NDArray[Any]]]:
        """Split the rows to judge by off, as ``validation_fraction`` says."""
        fraction = self.validation_fraction
        if not (isinstance(fraction, float | int) and 0 <= fraction < 1):
            raise SettingError("validation_fraction", f"expected a number in [0, 1), found {fraction!r}")
        if not fraction:
            return examples, (examples.X[:0], examples.y[:0])
        train, held = train_test_split(
            np.arange(len(examples.X)),
            test_size=float(fraction),
            random_state=seed % 2**32,
            stratify=examples.y if self._stratified else None,
        )
        return examples.where(np.sort(train)), (examples.X[held], examples.y[held])

    def _rows(self, X: ArrayLike, **options: Any) -> Any:
        """Return checked rows (and targets, where given)."""
        return validate_data(self, X, dtype=list(DTYPES), order="C", **options)

    def _fitted_rows(self, X: ArrayLike) -> FloatArray:
        check_is_fitted(self, "network_")
        rows: FloatArray = self._rows(X, reset=False)
        return rows
