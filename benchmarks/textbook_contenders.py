"""Who searches the textbook's task: hpsearch's program, random search with and without rungs, Optuna."""

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import optuna
from clock import run_timed
from textbook_study import BUDGETS, EPOCHS, NAME, PLANS, RANGES, Budget, Plan, write_study
from textbook_training import Task, Trial, finding

import hpsearch
from hpsearch.store import Ledger, Study, opened
from hpsearch.study_file import StudySpec

KEEP = 5
"""i-Epoch goes on with one trial in so many."""
WORKERS = 2

Search = Callable[[Task, Budget], list[Trial]]
Pruner = Callable[[], optuna.pruners.BasePruner]


class ProgramError(RuntimeError):
    """The program under test failed."""


def n_full(budget: Budget) -> int:
    """Return how many trials of all their epochs a budget allows."""
    return _fit(budget, lambda n: n * EPOCHS)


def n_rung(budget: Budget, rung: int) -> int:
    """Return how many trials i-Epoch begins: all train to the rung, the top fifth of them to the end."""
    return _fit(budget, lambda n: n * rung + n_kept(n) * (EPOCHS - rung))


def n_kept(n: int) -> int:
    """Return how many of ``n`` trials are the top fifth, rounded up."""
    return -(-n // KEEP)


def _fit(budget: Budget, cost: Callable[[int], int]) -> int:
    numbers = range(1, budget.trials + 1)
    return max(n for n in numbers if budget.epochs is None or cost(n) <= budget.epochs)


def random_search(task: Task, budget: Budget) -> list[Trial]:
    """Train every trial to its end."""
    trials = [task.random(number) for number in range(n_full(budget))]
    for stack in task.stacks(trials):
        for _ in stack.epochs(EPOCHS):
            pass
    return trials


def i_epoch(task: Task, budget: Budget, *, rung: int) -> list[Trial]:
    """Stop all but the top fifth at one rung.

    Source: R. Egele et al., "The Unreasonable Effectiveness of Early Discarding After One Epoch in Neural
    Network Hyperparameter Optimization", 2024.
    """
    trials = [task.random(number) for number in range(n_rung(budget, rung))]
    stacks = task.stacks(trials)
    for stack in stacks:
        for _ in stack.epochs(rung):
            pass
    stopped = losers([trial.curve[-1] if len(trial.curve) == rung else 0.0 for trial in trials])
    for stack in stacks:
        stack.drop([trials[place] for place in stopped])
        for _ in stack.epochs(EPOCHS - rung):
            pass
    return trials


def losers(accuracies: Sequence[float]) -> list[int]:
    """Return the places of all but the top fifth; of equals, the earlier stay."""
    order = np.argsort(-np.asarray(accuracies), kind="stable")
    return sorted(int(place) for place in order[n_kept(len(accuracies)) :])


def optuna_search(task: Task, budget: Budget, *, pruner: Pruner) -> list[Trial]:
    """Search by Optuna's TPE as a good user would, one trial after another."""
    seed = task.spec.seed % 2**32
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed), pruner=pruner()
    )
    trials: list[Trial] = []
    while len(trials) < budget.trials:
        left = EPOCHS * budget.trials if budget.epochs is None else budget.epochs - _spent(trials)
        if left <= 0:
            break
        asked = study.ask()
        trial = task.trial(asked.number, _suggested(task, asked))
        trials.append(trial)
        _train(task, study, asked, trial=trial, most=min(left, EPOCHS))
    return trials


def _train(task: Task, study: optuna.Study, asked: optuna.Trial, *, trial: Trial, most: int) -> None:
    """Train one trial, at most so many epochs; one that diverged counts as complete, with its bad score."""
    (stack,) = task.stacks([trial])
    for epoch, _ in enumerate(stack.epochs(most), start=1):
        if len(trial.curve) < epoch:
            break
        asked.report(trial.curve[-1], epoch)
        if len(trial.curve) < EPOCHS and asked.should_prune():
            study.tell(asked, state=optuna.trial.TrialState.PRUNED)
            return
    study.tell(asked, trial.score)


def _spent(trials: Sequence[Trial]) -> int:
    return sum(len(trial.curve) for trial in trials)


def _suggested(task: Task, asked: optuna.Trial) -> dict[str, float]:
    return {p.name: asked.suggest_float(p.name, p.low, p.high, log=p.log) for p in task.spec.space}


SEARCHES: Mapping[str, Search] = {
    "random": random_search,
    **{f"random-{rung}-epoch": partial(i_epoch, rung=rung) for rung in (1, 3, 5, 10)},
    "optuna-tpe": partial(optuna_search, pruner=optuna.pruners.NopPruner),
    "optuna-tpe-median": partial(optuna_search, pruner=optuna.pruners.MedianPruner),
    "optuna-tpe-halving": partial(optuna_search, pruner=optuna.pruners.SuccessiveHalvingPruner),
}
"""Contenders that train in this process, one thread."""

PROGRAMS = ("hpsearch", "hpsearch-no-refit", "hpsearch-equal")
"""Contenders that are ``hpsearch start`` with a plan of ``PLANS``."""

CONTENDERS = (*PROGRAMS, *SEARCHES)


def takes_part(name: str, budget: str) -> bool:
    """Return whether a contender has anything to do with a budget."""
    return name in SEARCHES or (name, budget) in PLANS


def run(name: str, *, ranges: str, budget: str, seed: int) -> dict[str, Any]:
    """Return what one contender found on one split, with the epochs and seconds that it took."""
    if name in PROGRAMS:
        return _run_program(PLANS[name, budget], ranges=ranges, seed=seed)
    task = Task(RANGES[ranges], seed)
    began, began_cpu = time.perf_counter(), time.process_time()
    found = finding(task, SEARCHES[name](task, BUDGETS[budget]))
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - began_cpu
    return {**found, "confirm_epochs": 0, "seconds": seconds, "cpu_seconds": cpu_seconds}


def _run_program(plan: Plan, *, ranges: str, seed: int) -> dict[str, Any]:
    """Search by ``hpsearch start`` on a new SQLite file; imports and the file's making are in its time."""
    with TemporaryDirectory() as folder:
        path, storage = Path(folder) / "study.toml", f"sqlite:///{folder}/study.db"
        write_study(path, plan=plan, ranges=RANGES[ranges], seed=seed)
        options = ["--storage", storage, "--workers", str(WORKERS), "--quiet"]
        timed = run_timed([sys.executable, "-m", "hpsearch", "start", str(path), *options])
        if timed.done.returncode:
            raise ProgramError(f"hpsearch start: exit code {timed.done.returncode}\n{timed.done.stderr}")
        found = _delivered(storage, hpsearch.load_study_file(path))
    return {**found, "seconds": timed.seconds, "cpu_seconds": timed.cpu_seconds}


def _delivered(storage: str, spec: StudySpec) -> dict[str, Any]:
    """Return what a finished study delivered, and the epochs of its curves.

    Those of its confirming runs, and of the winner's networks where they are trained again on more rows,
    count apart.
    """
    summary = hpsearch.open_study(NAME, storage=storage)
    with opened(storage) as ledger:
        study = ledger.find_study(NAME)
        history, companion = ledger.history(study).history, ledger.companion(study)
        confirmed = _epochs(ledger, companion) if companion else 0
        epochs = _epochs(ledger, study)
    best = summary.best
    if best is None:
        raise ProgramError("hpsearch start: expected a winner, found none")
    return {
        "value": best.value,
        "test_accuracy": best.test_accuracy,
        "ensemble_test_accuracy": summary.ensemble.test_accuracy if summary.ensemble else None,
        "trials": len(history),
        "finished": len(history.complete),
        "epochs": epochs,
        "confirm_epochs": confirmed + (EPOCHS * spec.confirm.seeds if best.refit else 0),
        "params": dict(best.params),
    }


def _epochs(ledger: Ledger, study: Study) -> int:
    return int(np.isfinite(ledger.history(study).history.curves).sum())
