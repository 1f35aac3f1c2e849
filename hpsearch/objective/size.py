"""Settings of a first study that suit the size of its data."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.data import Examples

FEW_ROWS, MANY_ROWS = 500, 10_000
"""Below the first a quarter of the rows validates, from the second on a tenth suffices."""
UPDATES = 200
"""Updates of a trial: enough to compare settings; the 10 epochs of digits are 170 updates."""
BINS, BINNED_ROWS, MOST_BINNED = 8, 900, 100
"""Bins of each column of numbers, from so many rows on, in data of at most so many features."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSettings:
    """Settings that suit the size of the data.

    Attributes:
        hidden: Units of each hidden layer.
        batch_size: Rows of a step, a power of two.
        epochs: Epochs of a trial.
        share: Share of the rows that validates; the same share tests.
    """

    hidden: tuple[int, ...]
    batch_size: int
    epochs: int
    share: float


def fit_size(rows: int, features: int, classes: int) -> TemplateSettings:
    """Return settings that suit the size of the data.

    Layers as wide as the data with their bins, 16 to 128 units, a second one where 1,000 rows can teach it;
    about 16 steps an epoch; as many epochs as make about 200 steps.

    Args:
        rows: Number of rows.
        features: Number of features, bins among them.
        classes: Number of classes; 0 for a regression.

    Example:
        >>> fit_size(1797, 64, 10)
        TemplateSettings(hidden=(64, 64), batch_size=64, epochs=12, share=0.2)
    """
    share = 0.25 if rows < FEW_ROWS else 0.2 if rows < MANY_ROWS else 0.1
    train = rows * (1 - 2 * share)
    width = min(128, max(16, 2 ** math.ceil(math.log2(max(features, 2 * classes)))))
    batch_size = min(256, max(8, 2 ** round(math.log2(train / 16))))
    epochs = min(30, max(5, math.ceil(UPDATES / math.ceil(train / batch_size))))
    hidden = (width,) * (2 if rows >= 1000 else 1)
    return TemplateSettings(hidden=hidden, batch_size=batch_size, epochs=epochs, share=share)


def binned_columns(examples: Examples) -> int:
    """Return how many columns get bins: columns of many different numbers, in data of many rows.

    Pixels get none.
    """
    n_rows, n_features = examples.X.shape
    if examples.maximum is not None or n_rows < BINNED_ROWS or n_features > MOST_BINNED:
        return 0
    one_hot = {feature for column in examples.categorical for feature in column.features}
    numbers = [j for j in range(n_features) if j not in one_hot]
    return sum(len(np.unique(examples.X[:, j])) > BINS for j in numbers)
