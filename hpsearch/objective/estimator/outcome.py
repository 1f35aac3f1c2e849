"""The outcome of fitting an estimator: what it predicts of the rows that it was fitted without."""

from dataclasses import dataclass

from hpsearch.objective.rows.predicted import PredictedOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimatorOutcome(PredictedOutcome):
    """The outcome of fitting an estimator.

    Attributes:
        model: The estimator itself, as skops writes it; empty where it was not asked for.
    """

    model: bytes = b""

    @property
    def nbytes(self) -> int:
        """Bytes of its predictions."""
        return sum(array.nbytes for array in self.predicted.values()) + len(self.model)
