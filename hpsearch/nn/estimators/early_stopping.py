"""Early stopping: rows held out of training, and the rule that ends a training by its score on them."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

from hpsearch.nn.config import SettingError
from hpsearch.nn.estimators.rows import WeightedRows
from hpsearch.nn.network import Network
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.nn.training.trainer import StackTrainer

FEWEST = 2
"""Rows that a score needs: R^2 of one row is not defined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """When a training ends early.

    Attributes:
        tol: What a score must add to the best one so far to count as better, 0 or more.
        n_iter_no_change: Epochs in a row without a better score that may pass, 1 or more; infinity for all.
    """

    tol: float
    n_iter_no_change: float


class EarlyStopping:
    """Scores the network on held-out rows after each epoch, and keeps the best checkpoint.

    The rule is scikit-learn's: an epoch counts as one without a change where its score is below the best so
    far plus ``tol``, and the training ends with the first epoch past ``n_iter_no_change`` of them in a row.

    Args:
        held_out: The rows to score on, with the weights they count with.
        rule: When to end.
        start: A network that was trained before, as it is before the first epoch; ``None`` for a fresh one,
            which is no candidate.

    Attributes:
        scores: The score after each epoch: accuracy for classes, R^2 for values.
        best_score: The largest one, that of ``start`` included.
        best: The checkpoint that reached it, ``None`` before the first.

    Raises:
        SettingError: There are too few rows to score on.

    Source: L. Prechelt, "Early stopping - but when?", in Neural Networks: Tricks of the Trade, 1998.
    """

    def __init__(
        self, held_out: WeightedRows, rule: StoppingRule, *, start: StackTrainer | None = None
    ) -> None:
        counting = np.count_nonzero(held_out.weights)
        if counting < FEWEST:
            raise SettingError(
                "validation_fraction",
                f"expected {FEWEST} validation rows or more of weight above zero, found {counting}; "
                "hold out a larger share, or bring more rows",
            )
        self._held_out, self._rule = held_out, rule
        self._without_change = 0
        self.scores = list[float]()
        self.best_score = -np.inf
        self.best: Checkpoint | None = None if start is None else start.checkpoint(0)
        if start is not None:
            self.best_score = weighted_score(start.network(0), held_out)

    def ends(self, trainer: StackTrainer) -> bool:
        """Score the network after one more epoch; return whether the training ends with it."""
        score = weighted_score(trainer.network(0), self._held_out)
        self.scores.append(score)
        better = score >= self.best_score + self._rule.tol
        self._without_change = 0 if better else self._without_change + 1
        if self.best is None or score > self.best_score:
            self.best_score, self.best = score, trainer.checkpoint(0)
        return self._without_change > self._rule.n_iter_no_change


def weighted_score(network: Network, rows: WeightedRows) -> float:
    """Return the weighted accuracy for classes ``(n,)``, or the weighted R^2 for values ``(n, outputs)``.

    A network whose outputs are not finite has minus infinity, the lowest score.
    """
    Y = network.outputs(rows.X)
    if not np.isfinite(Y).all():
        return -np.inf
    if rows.y.ndim == 1:
        return float(np.average(Y.argmax(axis=1) == rows.y, weights=rows.weights))
    return float(r2_score(rows.y, Y, sample_weight=rows.weights))


def held_out(
    rows: WeightedRows, *, fraction: float, seed: int, stratified: bool
) -> tuple[WeightedRows, WeightedRows]:
    """Return the rows to train on and a share of the rows to score on.

    Args:
        rows: All rows.
        fraction: The share, in (0, 1).
        seed: Decides which rows.
        stratified: Whether both parts have the classes in the shares of all rows.

    Raises:
        SettingError: The rows cannot be split so.
    """
    try:
        train, held = train_test_split(
            np.arange(len(rows.X)),
            test_size=fraction,
            random_state=seed % 2**32,
            stratify=rows.y if stratified else None,
        )
    except ValueError as error:
        by_class = ", with every class in both parts" if stratified else ""
        raise SettingError(
            "validation_fraction",
            f"expected a share that splits {len(rows.X)} rows{by_class}, found {fraction}: {error}",
        ) from None
    return rows.where(np.sort(train)), rows.where(held)
