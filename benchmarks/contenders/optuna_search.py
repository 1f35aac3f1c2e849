"""What the Optuna contenders share: processes on one SQLite study, then the best configuration once more."""

import argparse
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.storages import RDBStorage

Split: TypeAlias = Mapping[str, NDArray[Any]]
"""``X_train``, ``y_train``, ``X_val``, ``y_val``, ``X_test``, ``y_test``."""
Predict: TypeAlias = Callable[[NDArray[Any]], NDArray[Any]]
"""Rows, ``(n, d)``, to classes, ``(n,)``."""
Suggest: TypeAlias = Callable[[optuna.Trial], dict[str, float]]
Train: TypeAlias = Callable[..., Iterator[Predict]]
"""``(split, params, *, epochs, seed)``; yields after each epoch what the network predicts now."""

STUDY = "digits"


def main(suggest: Suggest, train: Train) -> None:
    """Search as the command line says; print what was found as one JSON document.

    Args:
        suggest: Draws a trial's parameters.
        train: Trains a network with them.
    """
    options = _options()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    with np.load(options.split) as file:
        split = dict(file)
    storage = _storage(options.storage)
    study = optuna.create_study(study_name=STUDY, storage=storage, direction="maximize")
    storage.remove_session()
    storage.engine.dispose()  # a connection does not survive the fork below
    _work_in_processes(options, suggest, train, split)
    best = study.best_trial
    for predict in train(split, best.params, epochs=options.epochs, seed=options.seed + best.number):
        network = predict
    accuracy = _accuracy(network, split["X_test"], split["y_test"])
    document = {"value": best.value, "test_accuracy": accuracy, "ensemble_test_accuracy": None}
    print(json.dumps(document))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--split", required=True)
    parser.add_argument("--storage", required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--trials", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--processes", type=int, required=True)
    parser.add_argument("--pruner", choices=["none", "median"], required=True)
    return parser.parse_args()


def _storage(url: str) -> RDBStorage:
    """Return a connection of this process, patient enough for SQLite's one writer at a time."""
    return RDBStorage(url, engine_kwargs={"connect_args": {"timeout": 60}})


def _work_in_processes(options: argparse.Namespace, suggest: Suggest, train: Train, split: Split) -> None:
    """Run the trials in forked processes, which import nothing again; each has its exact part of them."""
    context = multiprocessing.get_context("fork")
    processes = [
        context.Process(target=_work, args=(options, place, suggest, train, split))
        for place in range(options.processes)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        if process.exitcode:
            raise SystemExit(f"expected every worker to end with exit code 0, found {process.exitcode}")


def _work(options: argparse.Namespace, place: int, suggest: Suggest, train: Train, split: Split) -> None:
    pruned = options.pruner == "median"

    def objective(trial: optuna.Trial) -> float:
        networks = train(split, suggest(trial), epochs=options.epochs, seed=options.seed + trial.number)
        accuracy = 0.0
        for epoch, predict in enumerate(networks):
            accuracy = _accuracy(predict, split["X_val"], split["y_val"])
            trial.report(accuracy, epoch)
            if pruned and trial.should_prune():
                raise optuna.TrialPruned
        return accuracy

    study = optuna.load_study(
        study_name=STUDY,
        storage=_storage(options.storage),
        sampler=optuna.samplers.TPESampler(seed=options.seed + place),
        pruner=optuna.pruners.MedianPruner() if pruned else optuna.pruners.NopPruner(),
    )
    n_trials = len(range(place, options.trials, options.processes))
    study.optimize(objective, n_trials=n_trials)


def _accuracy(predict: Predict, X: NDArray[Any], y: NDArray[Any]) -> float:
    return float(np.mean(predict(X) == y))
