"""The contender Optuna with PyTorch on the CPU."""

from collections.abc import Iterator, Mapping
from typing import Any

import optuna
import torch
from numpy.typing import NDArray
from optuna_search import Predict, Split, main
from torch import nn


def suggest(trial: optuna.Trial) -> dict[str, float]:
    """Draw a trial's parameters."""
    return {
        "lr": trial.suggest_float("lr", 1e-5, 1e-1, log=True),
        "weight_decay": trial.suggest_float("weight_decay", 1e-8, 1e-2, log=True),
        "dropout": trial.suggest_float("dropout", 0.0, 0.6),
    }


def build(n_features: int, n_classes: int, *, dropout: float) -> nn.Sequential:
    """Return a network with two hidden layers of 64 units; PyTorch's own initial weights."""
    return nn.Sequential(
        nn.Linear(n_features, 64),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(64, 64),
        nn.ReLU(),
        nn.Dropout(dropout),
        nn.Linear(64, n_classes),
    )


def train(split: Split, params: Mapping[str, float], *, epochs: int, seed: int) -> Iterator[Predict]:
    """Train; yield after each epoch what the network predicts now.

    The rows are indexed directly: a ``DataLoader`` would give the same batches and take longer.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    X, y = torch.from_numpy(split["X_train"]), torch.from_numpy(split["y_train"]).long()
    network = build(X.shape[1], int(y.max()) + 1, dropout=params["dropout"])
    optimizer = torch.optim.Adam(network.parameters(), lr=params["lr"], weight_decay=params["weight_decay"])
    loss = nn.CrossEntropyLoss()

    def predict(rows: NDArray[Any]) -> NDArray[Any]:
        network.eval()
        with torch.no_grad():
            classes: NDArray[Any] = network(torch.from_numpy(rows)).argmax(dim=1).numpy()
        return classes

    for _ in range(epochs):
        network.train()
        for batch in torch.randperm(len(X)).split(64):
            optimizer.zero_grad()
            loss(network(X[batch]), y[batch]).backward()
            optimizer.step()
        yield predict


if __name__ == "__main__":
    main(suggest, train)
