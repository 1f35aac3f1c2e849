"""The classifier."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from hpsearch.nn.data import TrainingData
from hpsearch.nn.estimators.base import Examples, Perceptron
from hpsearch.nn.estimators.weights import class_factors, row_weights
from hpsearch.nn.one_hot import Blocks
from hpsearch.types import Float64Array, FloatArray, IntArray


class MLPClassifier(ClassifierMixin, Perceptron):  # type: ignore[misc]  # scikit-learn is not typed
    """A multi-layer perceptron that predicts classes, as a scikit-learn estimator.

    Rows of float32 are trained on in float32, all others in float64. With the same float32 rows, settings and
    seed it ends with the bits of a complete lane of ``fit_stack``. A row of weight zero is a row left out.

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
        class_weight: How much classes count: ``"balanced"``, a mapping from labels, or ``None`` for the same.
        validation_fraction: Share of the rows held out of training, stratified, to fill
            ``validation_curve_``; in [0, 1).
        random_state: A whole number is the lane's seed; otherwise one is drawn as is usual in scikit-learn.

    Attributes:
        classes_: ``(n_classes,)``, the labels in sorted order.
        n_features_in_: Features of a row.
        feature_names_in_: Their names, where ``X`` was a table with names.
        network_: The trained ``Network``.
        loss_curve_: ``(epochs,)``, mean training loss of each epoch.
        validation_curve_: ``(epochs,)``, validation accuracy after each epoch; NaN without validation rows.

    Example:
        >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], ["left", "left", "right", "right"]
        >>> MLPClassifier(lr=0.1, random_state=0).fit(X, y).predict([[-3.0], [3.0]]).tolist()
        ['left', 'right']
    """

    _stratified: ClassVar[bool] = True

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
        class_weight: str | Mapping[Any, float] | None = None,
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
        self.class_weight = class_weight
        self.validation_fraction = validation_fraction
        self.random_state = random_state

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = self._poor_score
        return tags

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        *,
        X_val: ArrayLike | None = None,
        y_val: ArrayLike | None = None,
    ) -> "MLPClassifier":
        """Train a fresh network.

        Args:
            X: ``(n, d)``, numbers.
            y: ``(n,)``, labels of any one type that sorts.
            sample_weight: ``(n,)``, how much each row counts, 0 or more.
            X_val: ``(n_val, d)``, rows for ``validation_curve_``, in place of a held-out share.
            y_val: ``(n_val,)``, their labels.

        Raises:
            ValueError: The arrays cannot be learned from.
            SettingError: A setting is not possible.
            DivergedError: The numbers overflowed.
        """
        rows, labels, weights = self._checked(X, y, sample_weight, reset=True)
        chosen = weights > 0
        self.classes_, codes = np.unique(labels[chosen], return_inverse=True)
        examples = self._weighted(rows[chosen], codes.astype(np.int64), weights[chosen])
        self._begin(examples, self._validation(X_val, y_val))
        return self

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> "MLPClassifier":
        """Train for one epoch on these rows, going on from where the network stands.

        Args:
            X: ``(n, d)``.
            y: ``(n,)``, labels among ``classes``.
            classes: All labels there will be; needed in the first call, unless ``fit`` came before.
            sample_weight: ``(n,)``, how much each row counts, on a scale of this call.

        Raises:
            ValueError: As for ``fit``; or a label is not among the classes.
        """
        first = not hasattr(self, "network_")
        if first and classes is None:
            raise ValueError("classes: expected all labels in the first call of partial_fit, found none")
        rows, labels, weights = self._checked(X, y, sample_weight, reset=first)
        if isinstance(self.class_weight, str):
            raise ValueError(  # noqa: TRY004 - it is the value that does not fit
                f"class_weight: expected None or a mapping for partial_fit, found {self.class_weight!r}; "
                "a part of the rows does not tell how often classes occur"
            )
        if first:
            self.classes_ = np.unique(np.asarray(classes))
        elif classes is not None and not np.array_equal(np.unique(np.asarray(classes)), self.classes_):
            raise ValueError(f"classes: expected {self.classes_.tolist()} as before, found {classes!r}")
        chosen = weights > 0
        self._go_on(self._weighted(rows[chosen], self._codes("y", labels[chosen]), weights[chosen]))
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row, ``(n,)``, for ``X`` ``(n, d)``."""
        rows = self._fitted_rows(X)
        return self.network_.predict(rows)

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``, for ``X`` ``(n, d)``."""
        rows = self._fitted_rows(X)
        return self.network_.predict_proba(rows)

    def _data(self, train: Examples, X_val: FloatArray, y_val: NDArray[Any]) -> TrainingData:
        return TrainingData(
            X=train.X,
            y=train.y,
            X_val=X_val,
            y_val=y_val,
            n_classes=len(self.classes_),
            weights=train.weights,
            blocks=self.blocks,
        )

    def _checked(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, reset: bool
    ) -> tuple[FloatArray, NDArray[Any], Float64Array]:
        rows, targets = self._rows(X, y=y, reset=reset)
        check_classification_targets(targets)
        return rows, column_or_1d(targets, warn=True), row_weights(sample_weight, len(rows))

    def _weighted(self, X: FloatArray, codes: IntArray, weights: Float64Array) -> Examples:
        factors = class_factors(self.class_weight, classes=self.classes_, codes=codes, weights=weights)
        return Examples(X=X, y=codes, weights=weights * factors[codes])

    def _validation(
        self, X_val: ArrayLike | None, y_val: ArrayLike | None
    ) -> tuple[FloatArray, IntArray] | None:
        if X_val is None or y_val is None:
            if X_val is not y_val:
                raise ValueError("X_val, y_val: expected both or neither, found one")
            return None
        rows, targets = self._rows(X_val, y=y_val, reset=False)
        return rows, self._codes("y_val", column_or_1d(targets))

    def _codes(self, name: str, labels: NDArray[Any]) -> IntArray:
        """Return the places of labels in ``classes_``."""
        unseen = np.setdiff1d(labels, self.classes_)
        if unseen.size:
            raise ValueError(
                f"{name}: expected labels among {self.classes_.tolist()}, found {unseen.tolist()[0]!r}"
            )
        return np.searchsorted(self.classes_, labels).astype(np.int64)
