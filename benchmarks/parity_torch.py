"""Trains the networks of a file of jobs with PyTorch: the other side of ``parity.py``, without hpsearch.

    python benchmarks/parity_torch.py JOBS.npz RESULTS.npz

A job brings initial weights, rows, the order of the rows in each epoch, and settings; the layers, their
gradients, the optimizers and the schedules are PyTorch's own. Only what PyTorch has not, or defines
otherwise, is written here as a formula, for its automatic derivatives: the hard sigmoid of slope 0.2, the
schedules ``time``, ``sqrt`` and ``manual``, the L1 and L-infinity penalties.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import Optimizer, lr_scheduler

Arrays = Mapping[str, Any]
"""The arrays of a job by name; arrays of parameters are named as the results are."""

ACTIVATIONS: Mapping[str, Callable[[int], Callable[[Tensor], Tensor]]] = {
    "relu": lambda _: functional.relu,
    "tanh": lambda _: torch.tanh,
    "sigmoid": lambda _: torch.sigmoid,
    "hard_sigmoid": lambda _: lambda z: (0.2 * z + 0.5).clamp(0, 1),
    "softplus": lambda _: nn.Softplus(threshold=700),
    "softmax": lambda _: nn.Softmax(dim=1),
    "softsign": lambda _: functional.softsign,
    "leaky_relu": lambda _: nn.LeakyReLU(0.01),
    "prelu": nn.PReLU,
    "prelu_shared": lambda _: nn.PReLU(1),
    "thresholded_relu": lambda _: nn.Threshold(1, 0),
    "linear": lambda _: nn.Identity(),
    "elu": lambda _: nn.ELU(),
    "gelu": lambda _: nn.GELU(),
    "selu": lambda _: nn.SELU(),
}
NORMALIZATIONS: Mapping[str, Callable[[int], nn.Module]] = {
    "batch": lambda units: nn.BatchNorm1d(units, eps=1e-5, momentum=0.1),
    "layer": lambda units: nn.LayerNorm(units, eps=1e-5),
}


class Net(nn.Module):
    """A multi-layer perceptron of a job's settings, from its initial parameters."""

    def __init__(self, job: Mapping[str, Any], arrays: Arrays) -> None:
        super().__init__()
        n_layers = len(job["hidden"]) + 1
        kind = NORMALIZATIONS.get(job["normalization"])
        self.blocks = job["blocks"]
        self.tables = nn.ModuleList(
            nn.Embedding.from_pretrained(torch.tensor(arrays[f"E{b}"]), freeze=False)
            for b in range(len(self.blocks))
        )
        self.dense = nn.ModuleList()
        for at in range(n_layers):
            n_in, n_out = arrays[f"W{at}"].shape
            self.dense.append(nn.Linear(n_in, n_out, bias=kind is None or at == n_layers - 1))
        self.normal = nn.ModuleList(kind(units) for units in job["hidden"]) if kind else None
        self.functions = [ACTIVATIONS[job["activation"]](units) for units in job["hidden"]]
        self.slopes = nn.ModuleList(f for f in self.functions if isinstance(f, nn.PReLU))
        with torch.no_grad():
            for name, parameter in self.named().items():
                parameter.copy_(torch.tensor(arrays[name]).reshape(parameter.shape))

    def named(self) -> dict[str, Tensor]:
        """Return what is learned and kept, by the names of a job's arrays; weights are ``(in, out)``."""
        found = {f"E{b}": table.weight for b, table in enumerate(self.tables)}
        found |= {f"W{at}": layer.weight.T for at, layer in enumerate(self.dense)}
        found |= {f"b{at}": layer.bias for at, layer in enumerate(self.dense) if layer.bias is not None}
        found |= {f"a{at}": slope.weight for at, slope in enumerate(self.slopes)}
        for at, layer in enumerate(self.normal or ()):
            found |= {f"gamma{at}": layer.weight, f"b{at}": layer.bias}
            if isinstance(layer, nn.BatchNorm1d):
                found |= {f"mean{at}": layer.running_mean, f"variance{at}": layer.running_var}
        return found

    def weights(self) -> list[Tensor]:
        """Return the parameters that penalties see."""
        return [module.weight for module in (*self.tables, *self.dense)]

    def forward(self, X: Tensor, masks: list[Tensor] | None = None) -> Tensor:
        """Return the outputs, ``(rows, outputs)``; ``masks`` are those of the inputs and hidden layers."""
        H = X if masks is None else X * masks[0]
        if self.blocks:
            vectors = [
                table(H[:, a:b].argmax(1)) for (a, b), table in zip(self.blocks, self.tables, strict=True)
            ]
            inside = {at for a, b in self.blocks for at in range(a, b)}
            H = torch.cat([*vectors, H[:, [at for at in range(H.shape[1]) if at not in inside]]], dim=1)
        for at, function in enumerate(self.functions):
            H = self.dense[at](H)
            H = function(self.normal[at](H) if self.normal is not None else H)
            H = H if masks is None else H * masks[at + 1]
        return self.dense[-1](H)


OPTIMIZERS: Mapping[str, Callable[[Any, Mapping[str, Any]], Optimizer]] = {
    "sgd": lambda groups, c: torch.optim.SGD(groups, lr=c["lr"]),
    "momentum": lambda groups, c: torch.optim.SGD(groups, lr=c["lr"], momentum=c["momentum"]),
    "nesterov": lambda groups, c: torch.optim.SGD(groups, lr=c["lr"], momentum=c["momentum"], nesterov=True),
    "averaged_momentum": lambda groups, c: torch.optim.SGD(
        groups, lr=c["lr"], momentum=c["momentum"], dampening=c["momentum"]
    ),
    "adagrad": lambda groups, c: torch.optim.Adagrad(groups, lr=c["lr"], eps=c["eps"]),
    "rmsprop": lambda groups, c: torch.optim.RMSprop(groups, lr=c["lr"], alpha=c["beta2"], eps=c["eps"]),
    "adam": lambda groups, c: torch.optim.Adam(
        groups, lr=c["lr"], betas=(c["beta1"], c["beta2"]), eps=c["eps"]
    ),
    "adamw": lambda groups, c: torch.optim.AdamW(
        groups, lr=c["lr"], betas=(c["beta1"], c["beta2"]), eps=c["eps"]
    ),
}
SCHEDULES: Mapping[str, Callable[[Optimizer, Mapping[str, Any]], lr_scheduler.LRScheduler]] = {
    "constant": lambda o, _: lr_scheduler.ConstantLR(o, factor=1.0),
    "exponential": lambda o, job: lr_scheduler.ExponentialLR(o, gamma=job["schedule_decay"]),
    "staircase": lambda o, job: lr_scheduler.StepLR(
        o, step_size=job["schedule_every"], gamma=job["schedule_decay"]
    ),
    "cosine": lambda o, job: lr_scheduler.CosineAnnealingLR(o, T_max=job["epochs"]),
    "warmup": lambda o, job: lr_scheduler.LinearLR(
        o, start_factor=1 / (job["warmup_epochs"] + 1), total_iters=job["warmup_epochs"]
    ),
    "time": lambda o, job: lr_scheduler.LambdaLR(o, lambda epoch: 1 / (1 + job["schedule_decay"] * epoch)),
    "sqrt": lambda o, _: lr_scheduler.LambdaLR(o, lambda epoch: (epoch + 1) ** -0.5),
    "manual": lambda o, job: lr_scheduler.LambdaLR(o, lambda epoch: _listed_rate(epoch, job) / job["lr"]),
}


def optimizer_of(net: Net, job: Mapping[str, Any]) -> Optimizer:
    """Return PyTorch's optimizer; the L2 penalty, or decoupled decay, is on the weights alone."""
    own = {id(weight) for weight in net.weights()}
    others = [parameter for parameter in net.parameters() if id(parameter) not in own]
    groups = [
        {"params": net.weights(), "weight_decay": job["weight_decay"]},
        {"params": others, "weight_decay": 0.0},
    ]
    found = OPTIMIZERS[job["optimizer"]](groups, {"lr": job["lr"], **job["constants"]})
    if job["optimizer"] == "averaged_momentum":
        for parameter in net.parameters():  # PyTorch would start the average at the first gradient
            found.state[parameter]["momentum_buffer"] = torch.zeros_like(parameter)
    return found


def _listed_rate(epoch: int, job: Mapping[str, Any]) -> float:
    due = [rate for start, rate in job["schedule_rates"] if start <= epoch]
    return float([job["lr"], *due][-1])


def row_losses(outputs: Tensor, y: Tensor) -> Tensor:
    """Return the loss of each row: cross-entropy of classes, or half the mean squared error of values."""
    if y.ndim == 1:
        return functional.cross_entropy(outputs, y, reduction="none")
    return functional.mse_loss(outputs, y, reduction="none").mean(1) / 2


def penalty(net: Net, job: Mapping[str, Any]) -> Tensor:
    """Return the penalties that no optimizer of PyTorch has."""
    every = torch.cat([weight.flatten() for weight in net.weights()]).abs()
    return job["l1"] * every.sum() + job["linf"] * every.max()


def train(job: Mapping[str, Any], arrays: Arrays) -> dict[str, Any]:
    """Return the parameters at the end, the loss of each epoch, and the predictions for new rows."""
    net = Net(job, arrays)
    optimizer = optimizer_of(net, job)
    schedule = SCHEDULES[job["schedule"]](optimizer, job)
    X, y = torch.tensor(arrays["X"]), torch.tensor(arrays["y"])
    weights = torch.tensor(arrays["weights"]) if "weights" in arrays else torch.ones(len(X))
    weights = weights / weights.mean()
    losses = []
    for epoch in range(job["epochs"]):
        total = 0.0
        for place, rows in _batches(arrays["order"][epoch], job["batch_size"]):
            optimizer.zero_grad()
            terms = row_losses(net(X[rows], _masks(job, arrays, epoch, place)), y[rows]) * weights[rows]
            (terms.mean() + penalty(net, job)).backward()
            optimizer.step()
            total += float(terms.detach().sum())
        losses.append(total / len(X))
        _next_rate(net, optimizer, schedule, carried=job["optimizer"] in {"momentum", "nesterov"})
    net.eval()
    with torch.no_grad():
        outputs = net(torch.tensor(arrays["X_new"]))
    predicted = outputs.softmax(1) if y.ndim == 1 else outputs
    learned = {name: parameter.detach().numpy() for name, parameter in net.named().items()}
    return {**learned, "losses": np.array(losses), "predictions": predicted.numpy()}


def _batches(order: Any, size: int) -> Iterator[tuple[slice, Tensor]]:
    for start in range(0, len(order), size):
        place = slice(start, start + size)
        yield place, torch.tensor(order[place])


def _masks(job: Mapping[str, Any], arrays: Arrays, epoch: int, place: slice) -> list[Tensor] | None:
    if "mask0" not in arrays:
        return None
    return [torch.tensor(arrays[f"mask{at}"][epoch, place]) for at in range(len(job["hidden"]) + 1)]


def _next_rate(net: Net, optimizer: Optimizer, schedule: lr_scheduler.LRScheduler, *, carried: bool) -> None:
    """Go on to the rate of the next epoch.

    Where the rate is ``carried`` a velocity holds the rate at which it was gathered (``v = a v - eta g``);
    PyTorch's holds none and is multiplied by the present one, so it is scaled when the rate changes.
    """
    before = optimizer.param_groups[0]["lr"]
    schedule.step()
    now = optimizer.param_groups[0]["lr"]
    if carried and now not in {0.0, before}:
        for parameter in net.parameters():
            optimizer.state[parameter]["momentum_buffer"] *= before / now


def main() -> None:
    """Read the jobs, train them, write the results."""
    jobs_path, results_path = sys.argv[1:]
    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    with np.load(jobs_path) as file:
        arrays = dict(file)
    results: dict[str, Any] = {"version": np.array(torch.__version__)}
    for at, job in enumerate(json.loads(str(arrays.pop("jobs")))):
        start = f"{at}/"
        own = {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}
        results |= {start + name: array for name, array in train(job, own).items()}
    np.savez(results_path, **results)


if __name__ == "__main__":
    main()
