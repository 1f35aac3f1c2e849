"""Who takes part: each contender as a command and a way to hear what it found."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from contenders import hpsearch_start

SCRIPTS = Path(__file__).parent / "contenders"
STUDY_FILE = "study.toml"

Finding = dict[str, float | None]
"""``value``, the best validation accuracy; ``test_accuracy``; ``ensemble_test_accuracy``, or ``None``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One search.

    Attributes:
        seed: The study's seed; the split comes from it too.
        trials: Number of trials, 1 or more.
        epochs: Epochs of a trial, 1 or more.
        processes: Worker processes, 1 or more.
        split: The arrays of the split, an ``.npz`` file.
        folder: An empty folder for the database and the study file.
    """

    seed: int
    trials: int
    epochs: int
    processes: int
    split: Path
    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file, new for each search."""
        return self.folder / "study.db"

    @property
    def storage(self) -> str:
        """The URL of the database."""
        return f"sqlite:///{self.database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way to do the search.

    Attributes:
        title: What the table calls it.
        needs: The package that it cannot do without.
        prepare: Writes what the command reads, before the clock starts; returns the command.
        finding: What the search found, from the task and what the command printed; after the clock stopped.
    """

    title: str
    needs: str
    prepare: Callable[[Task], list[str]]
    finding: Callable[[Task, str], Finding]

    @property
    def missing(self) -> str | None:
        """Why the contender cannot take part, or ``None``."""
        if find_spec(self.needs) is None:
            return f"the package {self.needs!r} is not installed"
        return None


def _hpsearch(task: Task, *, plan: str) -> list[str]:
    study = task.folder / STUDY_FILE
    hpsearch_start.write_study(study, plan=plan, seed=task.seed, trials=task.trials, epochs=task.epochs)
    return hpsearch_start.start_command(study, task.storage, workers=task.processes)


def _optuna(task: Task, *, script: str, pruner: str) -> list[str]:
    options = {
        "--split": task.split,
        "--storage": task.storage,
        "--seed": task.seed,
        "--trials": task.trials,
        "--epochs": task.epochs,
        "--processes": task.processes,
        "--pruner": pruner,
    }
    return [sys.executable, str(SCRIPTS / script), *(str(word) for pair in options.items() for word in pair)]


def _ask_hpsearch(task: Task, _printed: str) -> Finding:
    return hpsearch_start.finding(task.storage)


def _read_document(_task: Task, printed: str) -> Finding:
    finding: Finding = json.loads(printed)
    return finding


BASELINE = "optuna-sklearn"
"""What the others are compared with."""

CONTENDERS: Mapping[str, Contender] = {
    "hpsearch": Contender(
        title="hpsearch, default plan",
        needs="hpsearch",
        prepare=partial(_hpsearch, plan="default"),
        finding=_ask_hpsearch,
    ),
    "hpsearch-plain": Contender(
        title="hpsearch, no stopping, no confirmation",
        needs="hpsearch",
        prepare=partial(_hpsearch, plan="plain"),
        finding=_ask_hpsearch,
    ),
    "optuna-sklearn": Contender(
        title="Optuna + scikit-learn",
        needs="sklearn",
        prepare=partial(_optuna, script="optuna_sklearn.py", pruner="none"),
        finding=_read_document,
    ),
    "optuna-sklearn-median": Contender(
        title="Optuna + scikit-learn, MedianPruner",
        needs="sklearn",
        prepare=partial(_optuna, script="optuna_sklearn.py", pruner="median"),
        finding=_read_document,
    ),
    "optuna-torch": Contender(
        title="Optuna + PyTorch",
        needs="torch",
        prepare=partial(_optuna, script="optuna_torch.py", pruner="none"),
        finding=_read_document,
    ),
    "optuna-torch-median": Contender(
        title="Optuna + PyTorch, MedianPruner",
        needs="torch",
        prepare=partial(_optuna, script="optuna_torch.py", pruner="median"),
        finding=_read_document,
    ),
}
"""The contenders by name, in the order of the table."""
