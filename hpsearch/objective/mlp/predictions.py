"""What the networks of outcomes predict of the rows of a study."""

from collections.abc import Sequence
from functools import partial

from hpsearch.data import Dataset
from hpsearch.metrics import Predicted, PredictionKind
from hpsearch.nn import Network, TrainingData
from hpsearch.nn.data import RegressionData
from hpsearch.objective.mlp.training import MLPOutcome
from hpsearch.objective.rows.predicted import Answers
from hpsearch.objective.task import Outcome
from hpsearch.types import FloatArray


class NetworkPredictions:
    """Reads the predictions of outcomes by running their networks.

    Args:
        dataset: The examples.
        data: The rows that trials learn from, and those that score them.
    """

    def __init__(self, dataset: Dataset, data: TrainingData | RegressionData) -> None:
        self._dataset, self._data = dataset, data

    def held_out(self, outcome: Outcome) -> Sequence[Answers]:
        """Return what each network predicts of the rows that it was trained without."""
        assert isinstance(outcome, MLPOutcome)
        data, folds = self._data, self._data.folds
        if folds is None:
            return [partial(_predicted, outcome.network, data.X_val)]
        held = [own[:n] for own, n in zip(folds.held, folds.counts, strict=True)]
        return [
            partial(_predicted, network, data.X[own])
            for network, own in zip(outcome.networks, held, strict=True)
        ]

    def test(self, outcome: Outcome) -> Answers:
        """Return what the first network predicts of the test rows."""
        assert isinstance(outcome, MLPOutcome)
        return partial(_predicted, outcome.network, self._dataset.X_test)


def networks_of(outcomes: Sequence[Outcome]) -> list[Network]:
    """Return the network of each training."""
    return [outcome.network for outcome in outcomes if isinstance(outcome, MLPOutcome)]


def _predicted(network: Network, X: FloatArray, kind: PredictionKind) -> Predicted:
    """Return what a network predicts of rows, in a form that a metric takes."""
    if kind is PredictionKind.PROBABILITIES:
        return network.predict_proba(X)
    return network.predict(X)
