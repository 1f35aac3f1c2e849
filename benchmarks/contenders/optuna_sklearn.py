"""The contender Optuna with scikit-learn's ``MLPClassifier``."""

from collections.abc import Iterator, Mapping

import numpy as np
import optuna
from optuna_search import Predict, Split, main
from sklearn.neural_network import MLPClassifier


def suggest(trial: optuna.Trial) -> dict[str, float]:
    """Draw a trial's parameters; the classifier has no dropout."""
    return {
        "lr": trial.suggest_float("lr", 1e-5, 1e-1, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-8, 1e-2, log=True),
    }


def train(split: Split, params: Mapping[str, float], *, epochs: int, seed: int) -> Iterator[Predict]:
    """Train; yield after each epoch what the network predicts now.

    One call of ``partial_fit`` with all rows is one shuffled pass in mini-batches of ``batch_size``; a call
    for each batch would give the same training and take longer.
    """
    classes = np.unique(split["y_train"])
    model = MLPClassifier(
        hidden_layer_sizes=(64, 64),
        batch_size=64,
        learning_rate_init=params["lr"],
        alpha=params["weight_decay"],
        random_state=seed,
    )
    for _ in range(epochs):
        model.partial_fit(split["X_train"], split["y_train"], classes=classes)
        yield model.predict


if __name__ == "__main__":
    main(suggest, train)
