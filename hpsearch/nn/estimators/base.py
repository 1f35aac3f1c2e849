"""The base class of both estimators: settings, seeds, training and checks."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, fields, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from hpsearch.errors import HpsearchError
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.data import RegressionData, TrainingData
from hpsearch.nn.estimators.early_stopping import EarlyStopping, StoppingRule, held_out
from hpsearch.nn.estimators.rows import WeightedRows, checked_rows, dense, dense_pieces, expect_precision
from hpsearch.nn.estimators.score import promised
from hpsearch.nn.estimators.settings import flag, hidden_layers, patience, share, tolerance
from hpsearch.nn.files.json import as_tuples
from hpsearch.nn.layout import Layout
from hpsearch.nn.network import Network
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.divergence import NEVER
from hpsearch.nn.training.trainer import StackTrainer
from hpsearch.nn.warning import warn_of
from hpsearch.types import Float64Array, FloatArray


class DivergedError(HpsearchError, ValueError):
    """Training ended in numbers that are not finite: try a smaller learning rate, or scale the data."""


@dataclass(eq=False, repr=False)
class Perceptron(BaseEstimator):  # type: ignore[misc]  # scikit-learn is not typed
    """A network of one lane behind scikit-learn's conventions.

    The fields are the constructor's arguments, from which scikit-learn reads the settings. A subclass defines
    ``_data``, ``_examples`` and ``_targets``, which know its kind of target, and its own ``partial_fit`` and
    ``predict``.
    """

    _stratified: ClassVar[bool]
    """Whether the rows held out have the classes in the shares of all rows."""

    _slow: ClassVar[frozenset[tuple[str, str]]]
    """Settings with which no good score is promised."""

    _target_checks: ClassVar[Mapping[str, bool]] = {}
    """Options of scikit-learn's check of targets."""

    hidden: int | tuple[int, ...] = (100,)
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
    label_smoothing: float = 0.0
    batch_size: int = 64
    epochs: int = 10
    blocks: Blocks = ()
    warm_start: bool = False
    early_stopping: bool = False
    validation_fraction: float = 0.1
    n_iter_no_change: float = 10
    tol: float = 1e-4
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
        """Train a fresh network, or with ``warm_start`` the one of the call before.

        Args:
            X: ``(n, d)``, numbers; a sparse array becomes dense in the type of its numbers.
            y: Labels ``(n,)`` of any one type that sorts; for a regressor, numbers ``(n,)`` or
                ``(n, outputs)``.
            sample_weight: ``(n,)``, how much each row counts, 0 or more.
            X_val: ``(n_val, d)``, rows for ``validation_curve_``; ``early_stopping`` takes them in place of a
                held-out share.
            y_val: Their labels or values, like ``y``.

        Raises:
            ValueError: The arrays cannot be learned from.
            SettingError: A setting is not possible.
            DataError: Sparse rows would take more memory than the limit.
            DivergedError: The numbers overflowed.
        """
        config, rule, seed = self._config(), self._stopping_rule(), self._seed()
        warm = flag("warm_start", self.warm_start) and hasattr(self, "network_")
        if (X_val is None) != (y_val is None):
            raise ValueError("X_val, y_val: expected both or neither, found one")
        train = self._examples(X, y, sample_weight, first=not warm)
        if X_val is not None and y_val is not None:
            held = self._validation_rows(X_val, y_val)
        elif rule is not None:
            fraction = share("validation_fraction", self.validation_fraction, above_zero=True)
            train, held = held_out(train, fraction=fraction, seed=seed, stratified=self._stratified)
        else:
            held = train.where(slice(0))
        warn_of([config], rows=len(train.X), stacklevel=2)
        trainer = self._trainer(config, self._data(train, held), seed=seed, warm=warm)
        stopping = None if rule is None else EarlyStopping(held, rule, start=trainer if warm else None)
        self._train(trainer, config.epochs, goes_on=warm, stopping=stopping)
        return self

    @property
    def _poor_score(self) -> bool:
        """Whether scikit-learn's checks should expect no good score, as its tags call it."""
        try:
            return bool(self.early_stopping) or not promised(self._config(), self._slow)
        except SettingError:  # scikit-learn sets anything, and checks nothing before ``fit``
            return True

    def _config(self) -> MLPConfig:
        settings = {field.name: as_tuples(getattr(self, field.name)) for field in fields(MLPConfig)}
        return MLPConfig(**{**settings, "hidden": hidden_layers(self.hidden)})

    def _stopping_rule(self) -> StoppingRule | None:
        """Return when training ends early, ``None`` for never; its settings are checked either way."""
        share("validation_fraction", self.validation_fraction, above_zero=False)
        rule = StoppingRule(
            tol=tolerance("tol", self.tol),
            n_iter_no_change=patience("n_iter_no_change", self.n_iter_no_change),
        )
        return rule if flag("early_stopping", self.early_stopping) else None

    def _seed(self) -> int:
        """Return the seed of the lane: a whole number is its own seed."""
        if isinstance(self.random_state, int | np.integer) and not isinstance(self.random_state, bool):
            if self.random_state < 0:
                raise SettingError(
                    "random_state", f"expected a whole number, 0 or more, found {self.random_state}"
                )
            return int(self.random_state)
        try:
            generator = check_random_state(self.random_state)
        except ValueError:
            raise SettingError(
                "random_state", f"expected a whole number, None or a RandomState, found {self.random_state!r}"
            ) from None
        return int(generator.randint(2**31 - 1))

    def _data(self, train: WeightedRows, held: WeightedRows) -> TrainingData | RegressionData:
        """Return rows to train on and rows to score on as a trainer takes them."""
        raise NotImplementedError

    def _examples(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, first: bool
    ) -> WeightedRows:
        """Return checked rows of weight above zero; the first call learns the kind of the targets."""
        raise NotImplementedError

    def _targets(self, name: str, y: NDArray[Any]) -> NDArray[Any]:
        """Return checked targets as class indices ``(n,)`` or values ``(n, outputs)``."""
        raise NotImplementedError

    def _validation_rows(self, X_val: ArrayLike, y_val: ArrayLike) -> WeightedRows:
        try:
            rows, targets = checked_rows(self, X_val, y=y_val, reset=False, **self._target_checks)
        except ValueError as error:
            raise ValueError(f"X_val, y_val: {error}") from None
        return WeightedRows(X=dense(rows), y=self._targets("y_val", targets), weights=np.ones(rows.shape[0]))

    def _expect_no_early_stopping(self) -> None:
        if self._stopping_rule() is not None:
            raise SettingError(
                "early_stopping", "expected False for partial_fit, which trains for one epoch, found True"
            )

    def _go_on(self, train: WeightedRows) -> None:
        """Train for one more epoch on these rows: a fresh network the first time."""
        config = self._config()
        warn_of([config], rows=len(train.X), stacklevel=3)
        data = self._data(train, train.where(slice(0)))
        checkpoint: Checkpoint | None = getattr(self, "_checkpoint", None)
        if checkpoint is None:
            trainer = self._trainer(config, data, seed=self._seed(), warm=False)
        else:
            self._expect_layout(config, data)
            _expect("optimizer", before=checkpoint.config.optimizer, now=config.optimizer)
            expect_precision(train.X, checkpoint.parameters.dtype)
            here = replace(checkpoint.for_rows(len(train.X)), config=config)
            trainer = StackTrainer.resume([here], data=data, divergence=NEVER)
        self._train(trainer, 1, goes_on=checkpoint is not None)

    def _trainer(
        self, config: MLPConfig, data: TrainingData | RegressionData, *, seed: int, warm: bool
    ) -> StackTrainer:
        """Return a trainer before its first step, of a fresh network or, warm, of the trained one."""
        if not warm:
            return StackTrainer([config], data=data, seeds=[seed], dtype=data.X.dtype, divergence=NEVER)
        self._expect_layout(config, data)
        parameters = self.network_.parameters
        expect_precision(data.X, parameters.dtype)
        trainer = StackTrainer([config], data=data, seeds=[seed], dtype=parameters.dtype, divergence=NEVER)
        trainer.restore([replace(trainer.checkpoint(0), parameters=parameters)])
        return trainer

    def _expect_layout(self, config: MLPConfig, data: TrainingData | RegressionData) -> None:
        """Refuse settings with which the trained parameters would be another network."""
        before, features = self.network_.layout, data.n_features
        now = Layout.of(config, n_features=features, n_outputs=data.n_outputs, blocks=data.blocks)
        _expect("hidden", before=before.sizes[1:-1], now=now.sizes[1:-1])
        for name in ("activation", "normalization", "embedding", "blocks"):
            _expect(name, before=getattr(before, name), now=getattr(now, name))

    def _train(
        self, trainer: StackTrainer, epochs: int, *, goes_on: bool, stopping: EarlyStopping | None = None
    ) -> None:
        losses: list[float] = list(self.loss_curve_) if goes_on else []
        curve: list[float] = list(self.validation_curve_) if goes_on else []
        for _ in range(epochs):
            result = trainer.run_epoch()
            if result.diverged[0]:
                raise DivergedError(
                    f"lr: expected a rate at which training stays finite, found {self.lr}: it overflowed in "
                    f"epoch {len(losses) + 1}; try a smaller one, or scale the data"
                )
            losses.append(float(result.loss[0]))
            curve.append(float(result.score[0]))
            if stopping is not None and stopping.ends(trainer):
                break
        self.loss_curve_: Float64Array = np.array(losses)
        self.validation_curve_: Float64Array = np.array(curve)
        self.n_iter_ = len(losses)
        self._keep_scores(stopping, goes_on=goes_on)
        best = None if stopping is None else stopping.best
        self._checkpoint = checkpoint = trainer.checkpoint(0) if best is None else best
        network = replace(trainer.network(0), parameters=checkpoint.parameters.copy())
        self.network_: Network = replace(network, classes=getattr(self, "classes_", network.classes))

    def _keep_scores(self, stopping: EarlyStopping | None, *, goes_on: bool) -> None:
        """Keep the scores of early stopping; without it there are none, as in scikit-learn."""
        before = getattr(self, "validation_scores_", None) if goes_on else None
        self.validation_scores_ = [*(before or []), *stopping.scores] if stopping else None
        self.best_validation_score_ = stopping.best_score if stopping else None

    def _outputs(self, X: ArrayLike) -> FloatArray:
        """Return the outputs of the network, ``(n, n_outputs)``, for rows ``(n, d)``."""
        check_is_fitted(self, "network_")
        pieces = dense_pieces(checked_rows(self, X, reset=False))
        return np.concatenate([self.network_.outputs(piece) for piece in pieces])

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


def _expect(name: str, *, before: object, now: object) -> None:
    if now != before:
        raise SettingError(
            name,
            f"expected {before!r} of the network so far, found {now!r}; set it back, or fit a new estimator",
        )
