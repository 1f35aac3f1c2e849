"""The regressor."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin

from hpsearch.nn.data import RegressionData
from hpsearch.nn.estimators.base import Examples, Perceptron
from hpsearch.nn.estimators.weights import row_weights
from hpsearch.nn.one_hot import Blocks
from hpsearch.types import FloatArray


class MLPRegressor(RegressorMixin, Perceptron):  # type: ignore[misc]  # scikit-learn is not typed
    """A multi-layer perceptron that predicts values, one or several a row, as a scikit-learn estimator.

    Its output is linear, its loss the squared error. Rows of float32 are trained on in float32, all others in
    float64. A row of weight zero is a row left out. Targets far from the size of 1 are learned slowly: scale
    them, for instance with ``sklearn.compose.TransformedTargetRegressor``.

    Args:
        hidden: As all down to ``epochs``, a field of ``MLPConfig``.
        activation: See ``MLPConfig``.
        init: See ``MLPConfig``.
        init_scale: See ``MLPConfig``.
        normalization: See ``MLPConfig``.
        optimizer: See ``MLPConfig``.
        lr: See ``MLPConfig``.
        momentum: See ``MLPConfig``.
        beta1: See ``MLPConfig``.
        beta2: See ``MLPConfig``.
        eps: See ``MLPConfig``.
        schedule: See ``MLPConfig``.
        schedule_decay: See ``MLPConfig``.
        schedule_every: See ``MLPConfig``.
        schedule_rates: See ``MLPConfig``.
        warmup_epochs: See ``MLPConfig``.
        weight_decay: See ``MLPConfig``.
        l1: See ``MLPConfig``.
        linf: See ``MLPConfig``.
        dropout: See ``MLPConfig``.
        input_dropout: See ``MLPConfig``.
        dropout_kind: See ``MLPConfig``.
        embedding: See ``MLPConfig``.
        batch_size: See ``MLPConfig``.
        epochs: See ``MLPConfig``.
        blocks: ``(start, stop)`` of each block of features that are the one-hot categories of one column.
        validation_fraction: Share of the rows held out of training to fill ``validation_curve_``; in [0, 1).
        random_state: A whole number is the lane's seed; otherwise one is drawn as is usual in scikit-learn.

    Attributes:
        n_features_in_: Features of a row.
        feature_names_in_: Their names, where ``X`` was a table with names.
        network_: The trained ``Network``.
        loss_curve_: ``(epochs,)``, mean training loss of each epoch.
        validation_curve_: ``(epochs,)``, R^2 on the validation rows after each epoch; NaN without any.

    Example:
        >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], [2.0, 1.0, 1.0, 2.0]
        >>> model = MLPRegressor(lr=0.05, epochs=100, random_state=0).fit(X, y)
        >>> model.predict([[-1.5], [1.5]]).round(1).tolist()
        [1.5, 1.5]
    """

    _stratified: ClassVar[bool] = False

    def __init__(  # noqa: PLR0913 - scikit-learn reads the settings from this signature
        self,
        hidden: tuple[int, ...] = (100,),
        *,
        activation: str = "relu",
        init: str = "he",
        init_scale: float = 1.0,
        normalization: str = "none",
        optimizer: str = "adam",
        lr: float = 0.001,
        momentum: float | None = None,
        beta1: float | None = None,
        beta2: float | None = None,
        eps: float | None = None,
        schedule: str = "constant",
        schedule_decay: float | None = None,
        schedule_every: int = 10,
        schedule_rates: tuple[tuple[int, float], ...] = (),
        warmup_epochs: int = 0,
        weight_decay: float = 0.0,
        l1: float = 0.0,
        linf: float = 0.0,
        dropout: float = 0.0,
        input_dropout: float = 0.0,
        dropout_kind: str = "standard",
        embedding: int = 0,
        batch_size: int = 64,
        epochs: int = 10,
        blocks: Blocks = (),
        validation_fraction: float = 0.0,
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.hidden = hidden
        self.activation = activation
        self.init = init
        self.init_scale = init_scale
        self.normalization = normalization
        self.optimizer = optimizer
        self.lr = lr
        self.momentum = momentum
        self.beta1, self.beta2 = beta1, beta2
        self.eps = eps
        self.schedule = schedule
        self.schedule_decay = schedule_decay
        self.schedule_every = schedule_every
        self.schedule_rates = schedule_rates
        self.warmup_epochs = warmup_epochs
        self.weight_decay = weight_decay
        self.l1, self.linf = l1, linf
        self.dropout = dropout
        self.input_dropout = input_dropout
        self.dropout_kind = dropout_kind
        self.embedding = embedding
        self.batch_size = batch_size
        self.epochs = epochs
        self.blocks = blocks
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.regressor_tags.poor_score = self._poor_score
        return tags

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> "MLPRegressor":
        """Train a fresh network.

        Args:
            X: ``(n, d)``, numbers.
            y: ``(n,)`` or ``(n, outputs)``, numbers.
            sample_weight: ``(n,)``, how much each row counts, 0 or more.
            X_val: ``(n_val, d)``, rows for ``validation_curve_``, in place of a held-out share.
            y_val: ``(n_val,)`` or ``(n_val, outputs)``, their values.

        Raises:
            ValueError: The arrays cannot be learned from.
            SettingError: A setting is not possible.
            DivergedError: The numbers overflowed.
        """
        examples = self._checked(X, y, sample_weight, reset=True)
        validation = None
        if X_val is not None and y_val is not None:
            rows, values = self._rows(X_val, y=y_val, reset=False, multi_output=True, y_numeric=True)
            validation = rows, _columns(values)
        elif X_val is not y_val:
            raise ValueError("X_val, y_val: expected both or neither, found one")
        self._begin(examples, validation)
        return self

    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> "MLPRegressor":
        """Train for one epoch on these rows, going on from where the network stands.

        Args:
            X: ``(n, d)``.
            y: ``(n,)`` or ``(n, outputs)``, as in the first call.
            sample_weight: ``(n,)``, how much each row counts, on a scale of this call.

        Raises:
            ValueError: As for ``fit``.
        """
        first = not hasattr(self, "network_")
        self._go_on(self._checked(X, y, sample_weight, reset=first))
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the values of each row, ``(n,)`` or ``(n, outputs)`` as ``y`` was, for ``X`` ``(n, d)``."""
        rows = self._fitted_rows(X)
        Y = self.network_.outputs(rows)
        return Y[:, 0] if self._flat else Y

    def _data(self, train: Examples, X_val: FloatArray, y_val: NDArray[Any]) -> RegressionData:
        return RegressionData(
            X=train.X, y=train.y, X_val=X_val, y_val=y_val, weights=train.weights, blocks=self.blocks
        )

    def _checked(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, reset: bool
    ) -> Examples:
        rows, values = self._rows(X, y=y, reset=reset, multi_output=True, y_numeric=True)
        weights = row_weights(sample_weight, len(rows))
        if reset:
            self._flat = values.ndim == 1
        examples = Examples(X=rows, y=_columns(values), weights=weights)
        return examples.where(weights > 0)


def _columns(values: NDArray[Any]) -> FloatArray:
    """Return values ``(n,)`` or ``(n, outputs)`` as real numbers ``(n, outputs)``."""
    return values.reshape(len(values), -1).astype(np.float64)
