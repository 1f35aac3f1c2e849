"""Validation accuracy of the same two configurations by hpsearch, scikit-learn and PyTorch.

    python benchmarks/accuracy.py [--json] [--seeds N] [--first-seed N] [--epochs N]

A seed is new weights and a new order of the batches; the split is the same for all. hpsearch trains all
seeds as lanes in one go. Differences are to hpsearch, with Welch's 95 % interval.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import math
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import fmean, stdev, variance
from typing import Any

from machine import machine_facts
from scipy.stats import t as student

from hpsearch.data import Dataset, load_dataset
from hpsearch.nn import MLPConfig, fit_stack
from hpsearch.study_file import DataSpec

MOMENTUM = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A network and how it is trained: ReLU, Glorot's weights, batches of 64, L2 on the weights alone.

    Attributes:
        source: A name in the library's ``SOURCES``.
        hidden: Units of each hidden layer.
        optimizer: ``"adam"``, or ``"momentum"`` with 0.9.
        lr: Learning rate, constant.
        weight_decay: ``lambda`` of ``lambda/2 ||W||^2``.
        batch_size: Rows in a step.
    """

    source: str
    hidden: tuple[int, ...]
    optimizer: str
    lr: float
    weight_decay: float = 1e-4
    batch_size: int = 64

    @property
    def name(self) -> str:
        """The task in words."""
        return f"{self.source} {'-'.join(map(str, self.hidden))} {self.optimizer} lr {self.lr:g}"


TASKS = (
    Task(source="digits", hidden=(64, 64), optimizer="adam", lr=1e-3),
    Task(source="mnist5k", hidden=(128,), optimizer="momentum", lr=0.02),
)

Contender = Callable[[Task, Dataset, Sequence[int], int], list[float]]
"""From a task, its data, seeds and epochs to the validation accuracy of each seed."""


def hpsearch(task: Task, data: Dataset, seeds: Sequence[int], epochs: int) -> list[float]:
    """Train one lane a seed."""
    config = MLPConfig(init="glorot", momentum=MOMENTUM, **settings(task))
    arrays = (data.X_train, data.y_train, data.X_val, data.y_val)
    results = fit_stack([config] * len(seeds), *arrays, epochs=epochs, seed=seeds)
    return [float(result.curve[-1]) for result in results]


def scikit_learn(task: Task, data: Dataset, seeds: Sequence[int], epochs: int) -> list[float]:
    """Train one ``MLPClassifier`` a seed.

    Its penalty is ``alpha/2 ||W||^2`` divided by the rows of the batch, so ``alpha`` is ``lambda`` times the
    batch size. Its weights are uniform with Glorot's deviation, and its biases are drawn, too.
    """
    from sklearn.neural_network import MLPClassifier

    solver = {"adam": "adam", "momentum": "sgd"}[task.optimizer]
    accuracies = []
    for seed in seeds:
        model = MLPClassifier(
            task.hidden,
            solver=solver,
            alpha=task.weight_decay * task.batch_size,
            batch_size=task.batch_size,
            learning_rate_init=task.lr,
            momentum=MOMENTUM,
            nesterovs_momentum=False,
            max_iter=epochs,
            n_iter_no_change=epochs + 1,
            random_state=seed,
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged
            model.fit(data.X_train, data.y_train)
        accuracies.append(float((model.predict(data.X_val) == data.y_val).mean()))
    return accuracies


def pytorch(task: Task, data: Dataset, seeds: Sequence[int], epochs: int) -> list[float]:
    """Train one eager network a seed: ``xavier_normal_`` weights, zero biases, no penalty on biases."""
    import torch

    torch.set_num_threads(1)
    X, X_val = torch.tensor(data.X_train), torch.tensor(data.X_val)
    y, y_val = torch.tensor(data.y_train), torch.tensor(data.y_val)
    loss = torch.nn.CrossEntropyLoss()
    accuracies = []
    for seed in seeds:
        torch.manual_seed(seed)
        model = torch_network((X.shape[1], *task.hidden, len(data.classes)))
        optimizer = torch_optimizer(model, task)
        for _ in range(epochs):
            for rows in torch.randperm(len(X)).split(task.batch_size):
                optimizer.zero_grad()
                loss(model(X[rows]), y[rows]).backward()
                optimizer.step()
        with torch.no_grad():
            accuracies.append(float((model(X_val).argmax(1) == y_val).float().mean()))
    return accuracies


CONTENDERS: Mapping[str, tuple[str, Contender]] = {
    "hpsearch": ("numpy", hpsearch),
    "scikit-learn": ("sklearn", scikit_learn),
    "pytorch": ("torch", pytorch),
}
"""Name -> the package it needs, and how it trains; the first is what the others are compared with."""


def welch(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Return ``mean(ours) - mean(theirs)`` with its 95 % interval, and whether that covers 0.

    Without any spread on both sides the interval is the difference itself.

    Source: B. L. Welch, "The generalization of 'Student's' problem when several different population
    variances are involved", Biometrika 34, 1947.
    """
    difference = fmean(ours) - fmean(theirs)
    parts = [variance(ours) / len(ours), variance(theirs) / len(theirs)]
    half = 0.0
    if sum(parts):
        freedom = sum(parts) ** 2 / (parts[0] ** 2 / (len(ours) - 1) + parts[1] ** 2 / (len(theirs) - 1))
        half = float(student.ppf(0.975, freedom)) * math.sqrt(sum(parts))
    interval = [difference - half, difference + half]
    return {"difference": difference, "interval_95": interval, "covers_0": interval[0] <= 0 <= interval[1]}


def measured(task: Task, seeds: Sequence[int], epochs: int) -> dict[str, Any]:
    """Return a task with each contender's numbers; null where its package is not installed."""
    data = load_dataset(DataSpec(source=task.source), seed=0, base=Path())
    found: dict[str, Any] = {}
    for name, (package, train) in CONTENDERS.items():
        if not find_spec(package):
            found[name] = None
            continue
        values = train(task, data, seeds, epochs)
        found[name] = {"mean": fmean(values), "sd": stdev(values), "accuracies": values}
        if name != "hpsearch":
            found[name] |= {"hpsearch_minus_it": welch(found["hpsearch"]["accuracies"], values)}
    return {"name": task.name, **asdict(task), "n_validation": len(data.y_val), "contenders": found}


def render(document: Mapping[str, Any]) -> str:
    """Return the table."""
    seeds = document["seeds"]
    which = f"{len(seeds)} seeds from {seeds[0]} to {seeds[-1]}"
    lines = [f"validation accuracy after {document['epochs']} epochs, {which}"]
    for task in document["tasks"]:
        lines += ["", f"{task['name']}, {task['n_validation']} validation rows"]
        lines += [_line(name, numbers) for name, numbers in task["contenders"].items()]
    return "\n".join(lines)


def _line(name: str, numbers: Mapping[str, Any] | None) -> str:
    if numbers is None:
        return f"  {name:<13} not installed"
    line = f"  {name:<13} {numbers['mean']:.4f}  sd {numbers['sd']:.4f}"
    compared = numbers.get("hpsearch_minus_it")
    if compared is None:
        return line
    low, high = compared["interval_95"]
    verdict = "covers 0" if compared["covers_0"] else "does not cover 0"
    return f"{line}  hpsearch less it {compared['difference']:+.4f} [{low:+.4f}, {high:+.4f}], {verdict}"


def settings(task: Task) -> dict[str, Any]:
    """Return what of a task is a setting of the network."""
    return {key: value for key, value in asdict(task).items() if key != "source"}


def torch_network(sizes: Sequence[int]) -> Any:
    """Return the network of PyTorch, ReLU between dense layers."""
    from torch import nn

    layers: list[Any] = []
    for n_in, n_out in pairwise(sizes):
        dense = nn.Linear(n_in, n_out)
        nn.init.xavier_normal_(dense.weight)
        nn.init.zeros_(dense.bias)
        layers += [dense, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def torch_optimizer(model: Any, task: Task) -> Any:
    """Return the optimizer of PyTorch; the penalty is on the weights alone."""
    import torch

    weights = [p for p in model.parameters() if p.ndim == 2]
    biases = [p for p in model.parameters() if p.ndim == 1]
    groups = [{"params": weights, "weight_decay": task.weight_decay}, {"params": biases}]
    if task.optimizer == "adam":
        return torch.optim.Adam(groups, lr=task.lr)
    return torch.optim.SGD(groups, lr=task.lr, momentum=MOMENTUM)


def main() -> None:
    """Measure both tasks; print a table or one JSON document."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--seeds", type=_count, default=20, help="seeds, 2 or more (20)")
    parser.add_argument("--first-seed", type=int, default=0, help="the first of them (0)")
    parser.add_argument("--epochs", type=_count, default=20, help="epochs, 2 or more (20)")
    options = parser.parse_args()
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    document = {
        "machine": machine_facts(),
        "seeds": list(seeds),
        "epochs": options.epochs,
        "tasks": [measured(task, seeds, options.epochs) for task in TASKS],
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 2:
        raise argparse.ArgumentTypeError(f"expected a whole number, 2 or more, found {text!r}")
    return int(text)


if __name__ == "__main__":
    main()
