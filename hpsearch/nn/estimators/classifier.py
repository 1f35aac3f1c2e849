"""The estimator that predicts classes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

from hpsearch.nn.data import TrainingData
from hpsearch.nn.estimators.base import Perceptron
from hpsearch.nn.estimators.labels import all_classes, distinct, places
from hpsearch.nn.estimators.rows import WeightedRows, checked_rows, dense
from hpsearch.nn.estimators.score import SLOW_CLASSIFIER
from hpsearch.nn.estimators.weights import class_factors, row_weights
from hpsearch.nn.losses import log_softmax, softmax
from hpsearch.types import Float64Array, IntArray


@dataclass(eq=False, repr=False, kw_only=True)
class MLPClassifier(ClassifierMixin, Perceptron):  # type: ignore[misc]  # scikit-learn is not typed
    """A multi-layer perceptron that predicts classes, as a scikit-learn estimator.

    Rows of float32 are trained on in float32, all others in float64. With the same float32 rows, settings and
    seed it ends with the bits of a complete lane of ``fit_stack``. A row of weight zero is a row left out.

    Sparse rows, in any of SciPy's formats, are taken wherever dense ones are, with the same bits. ``fit`` and
    ``partial_fit`` make all of them dense at once, which takes the memory of the dense array (refused past
    the limit of ``HPSEARCH_MAX_MEMORY``, 2 GiB); predictions make 1,024 rows dense at a time. Measured on
    20,000 x 2,000 numbers, 305 MiB when dense: 290 MiB for ``fit``, 590 with
    ``early_stopping``, whose parts are copies, and 9 for ``predict``.

    Args:
        hidden: Units of each hidden layer; one whole number is one layer. This argument and the ones named
            here are the fields of ``MLPConfig`` and have its defaults: ``activation``, ``init``,
            ``init_scale``, ``normalization``, ``optimizer``, ``lr``, ``momentum``, ``beta1``, ``beta2``,
            ``eps``, ``schedule``, ``schedule_decay``, ``schedule_every``, ``schedule_rates``,
            ``warmup_epochs``, ``weight_decay``, ``l1``, ``linf``, ``dropout``, ``input_dropout``,
            ``dropout_kind``, ``embedding``, ``label_smoothing``, ``batch_size``, ``epochs``.
        blocks: ``(start, stop)`` of each block of features that are the one-hot categories of one column.
        class_weight: Weights of classes: ``"balanced"``, a mapping from labels, or ``None`` for equal ones.
        warm_start: Whether ``fit`` goes on from the network of the call before, in place of a fresh one. Its
            weights are taken over, the optimizer and the schedule start anew. The classes must be as before.
        early_stopping: Whether to train only while a score on held-out rows rises, for at most ``epochs``,
            and to keep the weights of the best epoch. Without it all epochs are trained and no row is held
            out.
        validation_fraction: Share of the rows that ``early_stopping`` holds out, stratified by class; in (0,
            1).
        n_iter_no_change: Epochs in a row without a better score that end no training yet, 1 or more.
        tol: What a score must add to the best one so far to count as better, 0 or more.
        random_state: A whole number is the lane's seed; otherwise one is drawn as is usual in scikit-learn.

    Attributes:
        classes_: ``(n_classes,)``, the labels in sorted order.
        n_features_in_: Features of a row.
        feature_names_in_: Their names, where ``X`` was a table with names.
        network_: The trained ``Network``.
        n_iter_: Epochs that the network was trained for, of all calls that went on from one another.
        loss_curve_: ``(n_iter_,)``, mean training loss of each epoch.
        validation_curve_: ``(n_iter_,)``, accuracy on the validation rows after each epoch; NaN without any.
        validation_scores_: The same with the rows' weights, as ``early_stopping`` compares them; ``None``
            without it.
        best_validation_score_: The score of the network that was kept; ``None`` without ``early_stopping``.

    Example:
        >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], ["left", "left", "right", "right"]
        >>> MLPClassifier(lr=0.1, random_state=0).fit(X, y).predict([[-3.0], [3.0]]).tolist()
        ['left', 'right']
    """

    _stratified: ClassVar[bool] = True
    _slow: ClassVar[frozenset[tuple[str, str]]] = SLOW_CLASSIFIER

    class_weight: str | Mapping[Any, float] | None = None

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.poor_score = self._poor_score
        return tags

    def partial_fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        classes: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> "MLPClassifier":
        """Train the network, a fresh one in the first call, for one more epoch on these rows.

        Args:
            X: ``(n, d)``.
            y: ``(n,)``, labels among ``classes``.
            classes: All labels there will be; needed in the first call, unless ``fit`` came before.
            sample_weight: ``(n,)``, how much each row counts, on a scale of this call.

        Raises:
            ValueError: As for ``fit``; or a label is not among the classes.
        """
        self._expect_no_early_stopping()
        first = not hasattr(self, "network_")
        if first and classes is None:
            raise ValueError(
                "classes: expected all labels in the first call of partial_fit, also those that y has later, "
                "found none"
            )
        checked = self._checked(X, y, sample_weight, reset=first)
        if isinstance(self.class_weight, str):
            raise ValueError(  # noqa: TRY004 - it is the value that does not fit
                f"class_weight: expected None or a mapping for partial_fit, found {self.class_weight!r}; "
                "a part of the rows does not tell how often classes occur"
            )
        named = self.classes_ if classes is None else all_classes(classes)
        if first:
            self.classes_: NDArray[Any] = named
        elif not np.array_equal(named, self.classes_):
            raise ValueError(
                f"classes: expected {self.classes_.tolist()} as before, found {named.tolist()}; "
                "leave them out, or fit a new estimator"
            )
        self._go_on(self._encoded(checked))
        return self

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each row, ``(n,)``, for ``X`` ``(n, d)``."""
        best = self._outputs(X).argmax(axis=1)
        labels: NDArray[Any] = self.network_.classes[best]
        return labels

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``, for ``X`` ``(n, d)``."""
        with np.errstate(all="ignore"):
            return softmax(self._outputs(X))

    def predict_log_proba(self, X: ArrayLike) -> Float64Array:
        """Return the logarithm of the probability of each class, ``(n, n_classes)``, for ``X`` ``(n, d)``.

        It is computed from the outputs, so it is finite where a probability is rounded to 0.
        """
        with np.errstate(all="ignore"):
            return log_softmax(self._outputs(X))

    def _data(self, train: WeightedRows, held: WeightedRows) -> TrainingData:
        return TrainingData(
            X=train.X,
            y=train.y,
            X_val=held.X,
            y_val=held.y,
            n_classes=len(self.classes_),
            weights=train.weights,
            blocks=self.blocks,
        )

    def _examples(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, first: bool
    ) -> WeightedRows:
        checked = self._checked(X, y, sample_weight, reset=first)
        found = distinct("y", checked.y)
        if first:
            self.classes_ = found
        elif not np.array_equal(found, self.classes_):
            raise ValueError(
                f"y: expected the classes {self.classes_.tolist()} of the fit before, because of warm_start, "
                f"found {found.tolist()}; bring rows of each, or fit a new estimator"
            )
        return self._encoded(checked)

    def _checked(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, reset: bool
    ) -> WeightedRows:
        """Return checked rows of weight above zero, with their labels."""
        rows, targets = checked_rows(self, X, y=y, reset=reset)
        check_classification_targets(targets)
        labels, weights = column_or_1d(targets, warn=True), row_weights(sample_weight, rows.shape[0])
        return WeightedRows(X=dense(rows), y=labels, weights=weights).above_zero()

    def _encoded(self, rows: WeightedRows) -> WeightedRows:
        """Return rows with class indices for labels, their weights multiplied by their classes' factors."""
        codes = self._targets("y", rows.y)
        factors = class_factors(self.class_weight, classes=self.classes_, codes=codes, weights=rows.weights)
        weights = rows.weights * factors[codes]
        if not weights.any():
            raise ValueError("class_weight: expected a factor above 0 for a class of these rows, found none")
        return WeightedRows(X=rows.X, y=codes, weights=weights).where(weights > 0)

    def _targets(self, name: str, y: NDArray[Any]) -> IntArray:
        """Return the places of labels in ``classes_``."""
        return places(name, column_or_1d(y), self.classes_)
