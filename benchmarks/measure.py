"""One search by one contender as a child process, timed from its spawn to its end."""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from clock import run_timed
from contenders import hpsearch_start
from lineup import CONTENDERS, STUDY_FILE, Task

from hpsearch import load_study_file
from hpsearch.worker import load_data

ARRAYS = ("X_train", "y_train", "X_val", "y_val", "X_test", "y_test")
BLAS_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One measured search.

    Attributes:
        contender: A name in ``CONTENDERS``.
        round: Which round of all contenders it belongs to, from 0.
        seed: The seed of its study and split.
        seconds: From the spawn of the command to its end.
        cpu_seconds: Processor time of all its processes; ``None`` where the system does not say.
        trials: Trials of the search, as the database holds them.
        pruned: How many of them stopped early.
        epochs: Epochs of the search that reported an accuracy.
        confirm_epochs: Epochs of confirming runs.
        value: Best validation accuracy of the search.
        test_accuracy: Test accuracy of the configuration it names.
        ensemble_test_accuracy: Test accuracy of the ensemble, where there is one.
    """

    contender: str
    round: int
    seed: int
    seconds: float
    cpu_seconds: float | None
    trials: int
    pruned: int
    epochs: int
    confirm_epochs: int
    value: float | None
    test_accuracy: float | None
    ensemble_test_accuracy: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much every contender searches.

    Attributes:
        trials: Number of trials, 1 or more.
        epochs: Epochs of a trial, 1 or more.
        processes: Worker processes, 1 or more.
    """

    trials: int = 100
    epochs: int = 10
    processes: int = 2


class ContenderError(RuntimeError):
    """A contender's command failed: run it by hand, it is in the message."""


def measure(names: Sequence[str], seeds: Sequence[int], size: Size, *, warm_up: bool) -> Iterator[Run]:
    """Yield every measured search, one at a time; every other round goes through the contenders backwards.

    Args:
        names: Contenders that can take part.
        seeds: The seed of each round.
        size: How much they search.
        warm_up: Whether each contender first does a small search that is not measured, so that none of them
            pays for reading the packages from the disk.
    """
    with tempfile.TemporaryDirectory(prefix="hpsearch-benchmark-") as scratch:
        folder = Path(scratch)
        os.environ.update(dict.fromkeys(BLAS_THREADS, "1"), HPSEARCH_CACHE=str(folder / "cache"))
        splits = {seed: write_split(folder / f"split-{seed}.npz", seed) for seed in set(seeds)}
        if warm_up:
            small = replace(size, trials=2 * size.processes, epochs=1)
            for name in names:
                _search(name, folder, splits[seeds[0]], seed=seeds[0], size=small, round_=-1)
        for round_, seed in enumerate(seeds):
            for name in names if round_ % 2 == 0 else reversed(names):
                yield _search(name, folder, splits[seed], seed=seed, size=size, round_=round_)


def write_split(path: Path, seed: int) -> Path:
    """Write the arrays that hpsearch's own loader gives a study of this seed."""
    study = path.with_name(STUDY_FILE)
    hpsearch_start.write_study(study, plan="plain", seed=seed, trials=1, epochs=1)
    spec = load_study_file(study)
    dataset = load_data(spec, spec.base)
    np.savez(path, **{name: getattr(dataset, name) for name in ARRAYS})
    return path


def _search(name: str, folder: Path, split: Path, *, seed: int, size: Size, round_: int) -> Run:  # noqa: PLR0913
    contender = CONTENDERS[name]
    with tempfile.TemporaryDirectory(dir=folder) as own:
        task = Task(
            seed=seed,
            trials=size.trials,
            epochs=size.epochs,
            processes=size.processes,
            split=split,
            folder=Path(own),
        )
        command = contender.prepare(task)
        timed = run_timed(command)
        _expect_success(name, command, timed.done)
        finding = contender.finding(task, timed.done.stdout)
        return Run(
            contender=name,
            round=round_,
            seed=seed,
            seconds=timed.seconds,
            cpu_seconds=timed.cpu_seconds,
            **_counts(task.database),
            value=finding["value"],
            test_accuracy=finding["test_accuracy"],
            ensemble_test_accuracy=finding["ensemble_test_accuracy"],
        )


def _expect_success(name: str, command: Sequence[str], done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode:
        raise ContenderError(
            f"{name}: expected exit code 0, found {done.returncode} from: {' '.join(command)}\n"
            f"{done.stderr[-2000:]}"
        )


def _counts(database: Path) -> dict[str, int]:
    """Return what Optuna's tables say was done; hpsearch keeps its trials in the same tables.

    Returns:
        ``trials``, ``pruned``, ``epochs`` of the search and ``confirm_epochs`` of its companion study.
    """
    search, confirm = "study_name NOT LIKE '%.confirm'", "study_name LIKE '%.confirm'"
    trials = "SELECT count(*) FROM trials JOIN studies USING (study_id)"
    epochs = f"{trials} JOIN trial_intermediate_values USING (trial_id)"
    queries = {
        "trials": f"{trials} WHERE {search}",
        "pruned": f"{trials} WHERE state = 'PRUNED' AND {search}",
        "epochs": f"{epochs} WHERE {search}",
        "confirm_epochs": f"{epochs} WHERE {confirm}",
    }
    with closing(sqlite3.connect(database)) as connection:
        return {key: connection.execute(query).fetchone()[0] for key, query in queries.items()}
