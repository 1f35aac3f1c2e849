"""Trials per second of one contender with some worker processes."""

import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from statistics import median
from typing import Any

from ledger_contenders import CONTENDERS, Job
from ledger_databases import NewDatabase

PROCESSES = (1, 2, 4, 8)
_LONGEST_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure of the table.

    Attributes:
        contender: A name of ``CONTENDERS``.
        k: Trials a claim.
        processes: Worker processes.
        trials: Trials of one measurement.
    """

    contender: str
    k: int
    processes: int
    trials: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """One measurement.

    Attributes:
        rate: Trials per second.
        cpu_ms: Processor time of all workers, milliseconds a trial; that of a server is not in it.
    """

    rate: float
    cpu_ms: float


def cells(
    database: str, *, trials: int, optuna_trials: int, processes: Sequence[int] = PROCESSES
) -> list[Cell]:
    """Return what is measured on a database, in the order of a round."""
    found = [Cell(contender="verbs", k=k, processes=1, trials=trials) for k in (1, 8)]
    if database == "sqlite":
        found.append(Cell(contender="optuna-wal", k=1, processes=1, trials=optuna_trials))
    for n in processes:
        found.append(Cell(contender="optuna", k=1, processes=n, trials=max(optuna_trials, 5 * n)))
        found.append(Cell(contender="worker", k=8, processes=n, trials=2 * trials))
    return found


def race(database: str, lineup: Sequence[Cell], new: NewDatabase, *, rounds: int) -> list[dict[str, Any]]:
    """Measure every cell once a round, every other round backwards; return cells with rates and ratios."""
    races: dict[Cell, list[Race]] = {cell: [] for cell in lineup}
    for number in range(rounds):
        for cell in lineup if number % 2 == 0 else lineup[::-1]:
            races[cell].append(measure(cell, new()))
    return [_summary(database, cell, races) for cell in lineup]


def measure(cell: Cell, url: str) -> Race:
    """Race once, from the moment when all workers are ready to the end of the last."""
    job = Job(url=url, study="race", trials=cell.trials, k=cell.k, processes=cell.processes)
    CONTENDERS[cell.contender].create(job)
    context = multiprocessing.get_context("fork")  # nothing is imported twice
    barrier = context.Barrier(cell.processes + 1)
    ended = context.SimpleQueue()
    workers = [
        context.Process(target=_work, args=(cell.contender, replace(job, place=place), barrier, ended))
        for place in range(cell.processes)
    ]
    for worker in workers:
        worker.start()
    barrier.wait(_LONGEST_S)
    wait([worker.sentinel for worker in workers], _LONGEST_S)
    for worker in workers:
        worker.join(_LONGEST_S)
        if worker.exitcode != 0:
            raise SystemExit(f"{cell}: expected a worker to end with exit code 0, found {worker.exitcode}")
    begins, ends, cpus = zip(*(ended.get() for _ in workers), strict=True)
    return Race(rate=cell.trials / (max(ends) - min(begins)), cpu_ms=1e3 * sum(cpus) / cell.trials)


def _work(contender: str, job: Job, barrier: Any, ended: Any) -> None:
    try:
        with CONTENDERS[contender].open(job) as run:
            barrier.wait(_LONGEST_S)
            # One clock for all processes of a machine; this process may be the last to hear of the start.
            began, before_s = time.perf_counter(), time.process_time()
            run()
            ended.put((began, time.perf_counter(), time.process_time() - before_s))
    except BaseException:
        barrier.abort()
        raise


def _summary(database: str, cell: Cell, races: dict[Cell, list[Race]]) -> dict[str, Any]:
    rates = {cell: [one.rate for one in found] for cell, found in races.items()}
    own = rates[cell]
    return {
        "database": database,
        "contender": cell.contender,
        "title": CONTENDERS[cell.contender].title,
        "k": cell.k,
        "processes": cell.processes,
        "trials": cell.trials,
        "trials_per_second": {"median": median(own), "all": own},
        "cpu_ms_per_trial": median(one.cpu_ms for one in races[cell]),
        "ratio_to_optuna": _ratio(own, rates, contender="optuna", processes=cell.processes),
        "ratio_to_one_process": _ratio(own, rates, contender=cell.contender, processes=1, k=cell.k),
    }


def _ratio(own: Sequence[float], rates: dict[Cell, list[float]], **wanted: Any) -> float | None:
    """Return the median over the rounds of the ratio to the cell with these attributes."""
    for cell, others in rates.items():
        if all(getattr(cell, name) == value for name, value in wanted.items()):
            return median(a / b for a, b in zip(own, others, strict=True))
    return None
