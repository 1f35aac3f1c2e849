"""The base class of both estimators: settings, seeds, training and checks."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from typing import Any, ClassVar, Self

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
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.divergence import NEVER
from hpsearch.nn.training.trainer import StackTrainer
from hpsearch.nn.warning import warn_of
from hpsearch.types import Float64Array, FloatArray

DTYPES = (np.float64, np.float32)
"""Rows of these types are trained on in their own precision, rows of other types in the first."""

ENOUGH_EPOCHS = 100
"""From this number of epochs on an estimator promises scikit-learn a good score, whatever the data.

The default of 10 epochs is meant for thousands of rows. On scikit-learn's check of class weights (50 rows, so
10 steps) it reaches 0.16 to 1.0 over ten seeds where 0.87 is asked for; 50 epochs give 0.88 or more, 100
always 1.0. On its check of regressors (200 rows): R^2 -0.37 to 0.33 at 10 epochs, 0.83 or more at 100.
"""


class DivergedError(HpsearchError, ValueError):
    """Training ended in numbers that are not finite: try a smaller learning rate, or scale the data."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedRows:
    """Checked rows of one kind of target.

    Attributes:
        X: ``(n, d)``.
        y: ``(n,)`` labels or class indices, or ``(n, outputs)`` values.
        weights: ``(n,)``, 0 or more.
    """

    X: FloatArray
    y: NDArray[Any]
    weights: Float64Array

    def where(self, chosen: NDArray[Any]) -> "WeightedRows":
        """Return some of the rows, by mask or by number."""
        return WeightedRows(X=self.X[chosen], y=self.y[chosen], weights=self.weights[chosen])


@dataclass(eq=False, repr=False)
class Perceptron(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not typed
    """A network of one lane behind scikit-learn's conventions.

    The fields are the constructor's arguments, from which scikit-learn reads the settings. A subclass defines
    ``_data``, ``_examples`` and ``_targets``, which know its kind of target, and its own ``partial_fit`` and
    ``predict``.
    """

    _stratified: ClassVar[bool]
    """Whether the rows held out have the classes in the shares of all rows."""

    _target_checks: ClassVar[Mapping[str, bool]] = {}
    """Options of scikit-learn's check of targets."""

    hidden: tuple[int, ...] = (100,)
    _: KW_ONLY
    activation: str = "relu"
    init: str = "he"
    init_scale: float = 1.0
    normalization: str = "none"
    optimizer: str = "adam"
    lr: float = 0.001
    momentum: float | None = None
    beta1: float | None = None
    beta2: float | None = None
    eps: float | None = None
    schedule: str = "constant"
    schedule_decay: float | None = None
    schedule_every: int = 10
    schedule_rates: tuple[tuple[int, float], ...] = ()
    warmup_epochs: int = 0
    weight_decay: float = 0.0
    l1: float = 0.0
    linf: float = 0.0
    dropout: float = 0.0
    input_dropout: float = 0.0
    dropout_kind: str = "standard"
    embedding: int = 0
    batch_size: int = 64
    epochs: int = 10
    blocks: Blocks = ()
    validation_fraction: float = 0.0
    random_state: int | np.random.RandomState | None = None

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> Self:
        """Train a fresh network.

        Args:
            X: ``(n, d)``, numbers.
            y: Labels ``(n,)`` of any one type that sorts; for a regressor, numbers ``(n,)`` or
                ``(n, outputs)``.
            sample_weight: ``(n,)``, how much each row counts, 0 or more.
            X_val: ``(n_val, d)``, rows for ``validation_curve_``, in place of a held-out share.
            y_val: Their labels or values, like ``y``.

        Raises:
            ValueError: The arrays cannot be learned from.
            SettingError: A setting is not possible.
            DivergedError: The numbers overflowed.
        """
        train = self._examples(X, y, sample_weight, first=True)
        held_out = None
        if X_val is not None and y_val is not None:
            rows, targets = self._rows(X_val, y=y_val, reset=False, **self._target_checks)
            held_out = rows, self._targets("y_val", targets)
        elif X_val is not y_val:
            raise ValueError("X_val, y_val: expected both or neither, found one")
        config, seed = self._config(), self._seed()
        if held_out is None:
            train, held_out = self._hold_out(train, seed)
        warn_of([config], rows=len(train.X), stacklevel=2)
        self._train(self._fresh(config, self._data(train, *held_out), seed), config.epochs)
        return self

    @property
    def _poor_score(self) -> bool:
        """Whether scikit-learn's checks should expect no good score, as its tags call it."""
        epochs: object = self.epochs  # scikit-learn sets anything, and checks nothing before ``fit``
        return not (isinstance(epochs, int | np.integer) and epochs >= ENOUGH_EPOCHS)

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

    def _data(
        self, train: WeightedRows, X_val: FloatArray, y_val: NDArray[Any]
    ) -> TrainingData | RegressionData:
        """Return the rows as a trainer takes them."""
        raise NotImplementedError

    def _examples(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, first: bool
    ) -> WeightedRows:
        """Return checked rows of weight above zero; the first call learns the kind of the targets."""
        raise NotImplementedError

    def _targets(self, name: str, y: NDArray[Any]) -> NDArray[Any]:
        """Return checked targets as class indices ``(n,)`` or values ``(n, outputs)``."""
        raise NotImplementedError

    def _go_on(self, train: WeightedRows) -> None:
        """Train for one more epoch on these rows: a fresh network the first time."""
        config, X = self._config(), train.X
        warn_of([config], rows=len(X), stacklevel=3)
        data = self._data(train, X[:0], train.y[:0])
        checkpoint: Checkpoint | None = getattr(self, "_checkpoint", None)
        if checkpoint is None:
            trainer = self._fresh(config, data, self._seed())
        else:
            here = replace(checkpoint.for_rows(len(X)), config=config)
            trainer = StackTrainer.resume([here], data=data, divergence=NEVER)
        self._train(trainer, 1)

    def _fresh(self, config: MLPConfig, data: TrainingData | RegressionData, seed: int) -> StackTrainer:
        """Return a trainer before its first step, and forget the curves of an earlier one."""
        self.loss_curve_, self.validation_curve_ = np.empty(0), np.empty(0)
        return StackTrainer([config], data=data, seeds=[seed], dtype=data.X.dtype, divergence=NEVER)

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

    def _hold_out(
        self, rows: WeightedRows, seed: int
    ) -> tuple[WeightedRows, tuple[FloatArray, NDArray[Any]]]:
        """Return the training rows and the validation rows, split as ``validation_fraction`` says."""
        fraction: object = self.validation_fraction
        if not (isinstance(fraction, float | int) and 0 <= fraction < 1):
            raise SettingError("validation_fraction", f"expected a number in [0, 1), found {fraction!r}")
        if not fraction:
            return rows, (rows.X[:0], rows.y[:0])
        train, held = train_test_split(
            np.arange(len(rows.X)),
            test_size=float(fraction),
            random_state=seed % 2**32,
            stratify=rows.y if self._stratified else None,
        )
        return rows.where(np.sort(train)), (rows.X[held], rows.y[held])

    def _rows(self, X: ArrayLike, **options: Any) -> Any:
        """Return checked rows (and targets, where given)."""
        for name, values in (("X", X), ("y", options.get("y"))):
            if np.ma.is_masked(values):  # NumPy forgets the mask when it makes a plain array
                raise ValueError(
                    f"{name}: expected a value in every cell, found masked ones; fill them first"
                )
        if "y" in options:
            options["y"] = _plain(options["y"])
        return validate_data(self, X, dtype=list(DTYPES), order="C", **options)

    def _fitted_rows(self, X: ArrayLike) -> FloatArray:
        check_is_fitted(self, "network_")
        rows: FloatArray = self._rows(X, reset=False)
        return rows


def _plain(targets: Any) -> Any:
    """Return a column of a data frame whose type NumPy has not, such as ``Int64``, as an array that holds it.

    scikit-learn would make real numbers of it.
    """
    if isinstance(getattr(targets, "dtype", None), np.dtype) or not hasattr(targets, "dtype"):
        return targets
    plain = np.asarray(targets)
    return targets if plain.dtype == object else plain
