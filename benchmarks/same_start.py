"""The same weights and the same batches in hpsearch and in PyTorch: how far apart they end.

    python benchmarks/same_start.py [--seed N] [--epochs N]

``accuracy.py`` compares distributions, which chance moves. Here nothing is left to chance: PyTorch starts
from a lane's own weights and reads its rows in the lane's own order, in float64. It needs PyTorch.
"""

import argparse
from pathlib import Path

import accuracy
import numpy as np
import torch

from hpsearch.data import Dataset, load_dataset
from hpsearch.nn import MLPConfig, StackTrainer, TrainingData
from hpsearch.nn.streams import StreamPurpose, lane_rng
from hpsearch.study_file import DataSpec


def difference(task: accuracy.Task, data: Dataset, *, seed: int, epochs: int) -> tuple[float, float, float]:
    """Return the largest difference of a weight after training, and both accuracies on validation rows."""
    config = MLPConfig(init="glorot", momentum=accuracy.MOMENTUM, **accuracy.settings(task))
    training = TrainingData(
        X=data.X_train, y=data.y_train, X_val=data.X_val, y_val=data.y_val, n_classes=len(data.classes)
    )
    trainer = StackTrainer([config], data=training, seeds=[seed], dtype=np.float64)
    model = accuracy.torch_network(trainer.network(0).sizes).double()
    dense = [layer for layer in model if hasattr(layer, "weight")]
    for layer, W in zip(dense, trainer.network(0).weights, strict=True):
        layer.weight.data = torch.tensor(W.T.copy())
    _train(model, task, data, seed=seed, epochs=epochs)
    ours = [float(trainer.run_epoch().score[0]) for _ in range(epochs)][-1]
    pairs = zip(dense, trainer.network(0).weights, strict=True)
    gap = max(float(np.abs(layer.weight.detach().numpy().T - W).max()) for layer, W in pairs)
    right = model(torch.tensor(data.X_val).double()).argmax(1).numpy() == data.y_val
    return gap, ours, float(right.mean())


def _train(model: torch.nn.Module, task: accuracy.Task, data: Dataset, *, seed: int, epochs: int) -> None:
    X, y = torch.tensor(data.X_train).double(), torch.tensor(data.y_train)
    optimizer, loss = accuracy.torch_optimizer(model, task), torch.nn.CrossEntropyLoss()
    shuffler, order = lane_rng(seed, StreamPurpose.ORDER), np.arange(len(X))
    for _ in range(epochs):
        shuffler.shuffle(order)
        for rows in torch.tensor(order).split(task.batch_size):
            optimizer.zero_grad()
            loss(model(X[rows]), y[rows]).backward()
            optimizer.step()


def main() -> None:
    """Train both tasks of ``accuracy.py`` on both sides; print how far apart they end."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=0, help="of the weights and the order (0)")
    parser.add_argument("--epochs", type=int, default=20, help="passes over the training rows (20)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    for task in accuracy.TASKS:
        data = load_dataset(DataSpec(source=task.source), seed=0, base=Path())
        gap, ours, theirs = difference(task, data, seed=options.seed, epochs=options.epochs)
        print(
            f"{task.name}: weights differ by {gap:.1e} at most; accuracy {ours:.4f}, PyTorch's {theirs:.4f}"
        )


if __name__ == "__main__":
    main()
