"""The estimator that predicts values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import RegressorMixin

from hpsearch.nn.data import RegressionData
from hpsearch.nn.estimators.base import Perceptron
from hpsearch.nn.estimators.rows import WeightedRows, checked_rows, dense
from hpsearch.nn.estimators.score import SLOW_REGRESSOR
from hpsearch.nn.estimators.weights import row_weights
from hpsearch.types import FloatArray


@dataclass(eq=False, repr=False)
class MLPRegressor(RegressorMixin, Perceptron):  # type: ignore[misc]  # scikit-learn is not typed
    """A multi-layer perceptron that predicts values, one or several a row, as a scikit-learn estimator.

    Its output is linear, its loss the squared error. Rows of float32 are trained on in float32, all others in
    float64. A row of weight zero is a row left out. Targets far from the size of 1 are learned slowly: scale
    them, for instance with ``sklearn.compose.TransformedTargetRegressor``.

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
        warm_start: Whether ``fit`` goes on from the network of the call before, in place of a fresh one. Its
            weights are taken over, the optimizer and the schedule start anew.
        early_stopping: Whether to train only while a score on held-out rows rises, for at most ``epochs``,
            and to keep the weights of the best epoch. Without it all epochs are trained and no row is held
            out.
        validation_fraction: Share of the rows that ``early_stopping`` holds out; in (0, 1).
        n_iter_no_change: Epochs in a row without a better score that end no training yet, 1 or more.
        tol: What a score must add to the best one so far to count as better, 0 or more.
        random_state: A whole number is the lane's seed; otherwise one is drawn as is usual in scikit-learn.

    Attributes:
        n_features_in_: Features of a row.
        feature_names_in_: Their names, where ``X`` was a table with names.
        network_: The trained ``Network``.
        n_iter_: Epochs that the network was trained for, of all calls that went on from one another.
        loss_curve_: ``(n_iter_,)``, mean training loss of each epoch.
        validation_curve_: ``(n_iter_,)``, R^2 on the validation rows after each epoch; NaN without any.
        validation_scores_: The same with the rows' weights, as ``early_stopping`` compares them; ``None``
            without it.
        best_validation_score_: The score of the network that was kept; ``None`` without ``early_stopping``.

    Example:
        >>> X, y = [[-2.0], [-1.0], [1.0], [2.0]], [2.0, 1.0, 1.0, 2.0]
        >>> model = MLPRegressor(lr=0.05, epochs=100, random_state=0).fit(X, y)
        >>> model.predict([[-1.5], [1.5]]).round(1).tolist()
        [1.5, 1.5]
    """

    _stratified: ClassVar[bool] = False
    _slow: ClassVar[frozenset[tuple[str, str]]] = SLOW_REGRESSOR
    _target_checks: ClassVar[Mapping[str, bool]] = {"multi_output": True, "y_numeric": True}

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        tags.regressor_tags.poor_score = self._poor_score
        return tags

    def partial_fit(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None = None
    ) -> "MLPRegressor":
        """Train the network, a fresh one in the first call, for one more epoch on these rows.

        Args:
            X: ``(n, d)``.
            y: ``(n,)`` or ``(n, outputs)``, as in the first call.
            sample_weight: ``(n,)``, how much each row counts, on a scale of this call.

        Raises:
            ValueError: As for ``fit``.
        """
        self._expect_no_early_stopping()
        first = not hasattr(self, "network_")
        self._go_on(self._examples(X, y, sample_weight, first=first))
        return self

    def predict(self, X: ArrayLike) -> FloatArray:
        """Return the values of each row, ``(n,)`` or ``(n, outputs)`` as ``y`` was, for ``X`` ``(n, d)``."""
        Y = self._outputs(X)
        return Y[:, 0] if self._flat else Y

    def _data(self, train: WeightedRows, held: WeightedRows) -> RegressionData:
        return RegressionData(
            X=train.X, y=train.y, X_val=held.X, y_val=held.y, weights=train.weights, blocks=self.blocks
        )

    def _examples(
        self, X: ArrayLike, y: ArrayLike, sample_weight: ArrayLike | None, *, first: bool
    ) -> WeightedRows:
        rows, values = checked_rows(self, X, y=y, reset=first, **self._target_checks)
        weights = row_weights(sample_weight, rows.shape[0])
        targets = self._targets("y", values)
        if first:
            self._flat = values.ndim == 1
        else:
            self._expect_outputs(targets.shape[1])
        return WeightedRows(X=dense(rows), y=targets, weights=weights).above_zero()

    def _expect_outputs(self, found: int) -> None:
        expected = self.network_.sizes[-1]
        if found != expected:
            columns = "1 column" if expected == 1 else f"{expected} columns"
            raise ValueError(
                f"y: expected {columns}, as the network so far has outputs, found {found}; "
                "bring as many, or fit a new estimator"
            )

    def _targets(self, name: str, y: NDArray[Any]) -> FloatArray:  # noqa: ARG002 - every number is possible
        """Return values ``(n,)`` or ``(n, outputs)`` as real numbers ``(n, outputs)``."""
        return y.reshape(len(y), -1).astype(np.float64)
