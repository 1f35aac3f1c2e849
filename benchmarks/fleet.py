"""What a fleet of 1 to 256 workers gets out of one PostgreSQL, beside Optuna's RDBStorage.

    python benchmarks/fleet.py [--json FILE] [--workers 1 2 4 ...] [--seconds 1.0 ...]

A worker is a thread with a connection of its own that runs hpsearch's own loop, and sleeps where it would
train. Trials and latencies are counted in a window of time after the fleet has found its pace.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import machine
import numpy as np
import sqlalchemy as sa
from fleet_crews import CREWS, Diary, Job, Signals, crew
from fleet_server import Postgres, Reading, cpu_s, started

SCHEMA_VERSION = 1
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
SECONDS = (0.1, 1.0, 10.0)
TPE_WORKERS = (1, 4, 16, 64, 256)
OPTUNA_WORKERS = (1, 2, 4, 8, 16, 32, 64)
WARM_UP_TRIALS = 3
"""A fleet that begins at one moment has lost its step after so many trials each."""
WARM_UP_S = 60.0
"""So much longer is waited for workers that have not done their first trials by then."""
_LONGEST_S = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One measurement.

    Attributes:
        crew: A name of ``CREWS``.
        sampler: ``"random"`` or ``"tpe"``.
        workers: Simulated workers.
        mean_s: Mean seconds of a training.
    """

    crew: str
    sampler: str
    workers: int
    mean_s: float

    @property
    def ideal(self) -> float:
        """Trials per second of workers that do nothing but train."""
        return self.workers / self.mean_s


def main() -> None:
    """Measure, print a table, and write the JSON document where one is asked for."""
    options = _options()
    with started() as (server, facts):
        document: dict[str, Any] = {
            "schema_version": SCHEMA_VERSION,
            "machine": machine.machine_facts(),
            "postgresql": facts,
            "window_s": options.window,
            "client_processes": options.clients,
            "cells": [],
        }
        for cell in _lineup(options):
            print(f"{cell.crew} {cell.sampler}: {cell.workers} x {cell.mean_s:g} s", file=sys.stderr)
            document["cells"].append(measure(cell, server, window_s=options.window, clients=options.clients))
    print(render(document))
    if options.json:
        options.json.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n")


def _lineup(options: argparse.Namespace) -> Iterator[Cell]:
    """Give random draws at every duration; TPE and Optuna at the second of them, or the only one."""
    middle = options.seconds[len(options.seconds) // 2]
    for seconds in options.seconds:
        for workers in options.workers:
            yield Cell(crew="hpsearch", sampler="random", workers=workers, mean_s=seconds)
    for workers in options.tpe_workers:
        yield Cell(crew="hpsearch", sampler="tpe", workers=workers, mean_s=middle)
    for workers in options.optuna_workers:
        yield Cell(crew="optuna", sampler="random", workers=workers, mean_s=middle)


def measure(cell: Cell, server: Postgres, *, window_s: float, clients: int) -> dict[str, Any]:
    """Return the figures of one cell, in a new database.

    Args:
        cell: What is measured.
        server: Where.
        window_s: Seconds in which trials are counted.
        clients: Processes that the workers are spread over.
    """
    url = server.new_database()
    job = Job(url=url, workers=cell.workers, mean_s=cell.mean_s, tpe=cell.sampler == "tpe")
    CREWS[cell.crew][0](job)
    context = multiprocessing.get_context("fork")  # nothing is imported twice
    shares = [range(first, cell.workers, clients) for first in range(min(clients, cell.workers))]
    ready, ended, diaries = context.Barrier(len(shares) + 1), context.Event(), context.Queue()
    signals = Signals(ready=ready, warm=context.Semaphore(0), ended=ended, diaries=diaries)
    processes = [context.Process(target=crew, args=(cell.crew, job, share, signals)) for share in shares]
    name = str(sa.make_url(url).database)
    try:
        for process in processes:
            process.start()
        ready.wait(_LONGEST_S)
        time.sleep(WARM_UP_TRIALS * cell.mean_s)
        until = time.monotonic() + WARM_UP_S
        for _ in processes:
            signals.warm.acquire(timeout=max(0.0, until - time.monotonic()))
        before, began = _readings(server, name, processes)
        time.sleep(window_s)
        after, over = _readings(server, name, processes)
        ended.set()
        found: list[Diary] = [diary for _ in processes for diary in diaries.get(timeout=_LONGEST_S)]
    finally:
        ended.set()
        for process in processes:
            process.join(_LONGEST_S)
            process.kill()
    server.drop_database(url)
    rates = _rates(cell, found, began, over)
    return {**_shape(cell), **rates, **_costs(before, after, found, began, over)}


Both = tuple[Reading, float]


def _readings(server: Postgres, name: str, processes: Sequence[Any]) -> tuple[Both, float]:
    """Return server's counters and clients' processor time, and the moment."""
    clients_s = sum(cpu_s(process.pid) for process in processes)
    return (Reading.of(server, name), clients_s), time.monotonic()


def _shape(cell: Cell) -> dict[str, Any]:
    return {"crew": cell.crew, "sampler": cell.sampler, "workers": cell.workers, "mean_s": cell.mean_s}


def _rates(cell: Cell, found: Sequence[Diary], began: float, over: float) -> dict[str, Any]:
    """Return trials per second and latencies in the window.

    The efficiency is the training that was finished in the window, in seconds, by the seconds that all
    workers had: trials by number would count luck with short ones.
    """
    trials = [t for diary in found for t in diary.trials if began <= t[0] < over]
    claims = [c for diary in found for c in diary.claims if began <= c[0] < over]
    finishes = [f for diary in found for f in diary.finishes if began <= f[0] < over]
    errors = [error for diary in found for error in diary.errors]
    window_s = over - began
    return {
        "trials": len(trials),
        "trials_per_second": len(trials) / window_s,
        "ideal_per_second": cell.ideal,
        "efficiency": sum(t[1] for t in trials) / (window_s * cell.workers),
        "trial_in_hand_s": _quantiles([c[1] for c in claims]),
        "claim_s": _quantiles([c[2] for c in claims]),
        "finish_s": _quantiles([f[1] for f in finishes]),
        "errors": {error: errors.count(error) for error in sorted(set(errors))},
    }


def _quantiles(values: Sequence[float]) -> dict[str, float] | None:
    if not values:
        return None
    p50, p99 = np.quantile(values, [0.5, 0.99])
    return {"p50": float(p50), "p99": float(p99), "max": float(max(values))}


def _costs(before: Both, after: Both, found: Sequence[Diary], began: float, over: float) -> dict[str, Any]:
    """Return what a trial costs server and clients."""
    n = sum(began <= t[0] < over for diary in found for t in diary.trials)
    looks = sum(began <= at < over for diary in found for at in diary.looks)
    window_s, old, new = over - began, before[0], after[0]

    def each(total: float) -> float | None:
        return total / n if n else None

    return {
        "connections": new.connections,
        "server_cores": (new.cpu_s - old.cpu_s) / window_s,
        "client_cores": (after[1] - before[1]) / window_s,
        "server_ms_per_trial": each(1e3 * (new.cpu_s - old.cpu_s)),
        "client_ms_per_trial": each(1e3 * (after[1] - before[1])),
        "transactions_per_trial": each(new.transactions - old.transactions),
        "rows_read_per_trial": each(new.rows - old.rows),
        "wal_bytes_per_trial": each(new.wal_bytes - old.wal_bytes),
        "stored_bytes_per_trial": each(new.stored_bytes - old.stored_bytes),
        "looks_per_trial": each(looks) if looks else None,
    }


def render(document: Mapping[str, Any]) -> str:
    """Return the machine, then one table a duration of the trainings."""
    facts = document["machine"]
    settings = ", ".join(f"{name} {value}" for name, value in document["postgresql"].items())
    lines = [
        f"{facts['cores']} cores, {facts['processor']}; load before: {facts['load']}",
        f"PostgreSQL {settings}",
        f"windows of {document['window_s']:g} s; workers in {document['client_processes']} processes",
    ]
    for seconds in dict.fromkeys(cell["mean_s"] for cell in document["cells"]):
        lines += ["", f"trainings of {seconds:g} s on average", _HEAD]
        lines += [_line(cell) for cell in document["cells"] if cell["mean_s"] == seconds]
    return "\n".join(lines)


_HEAD = (
    f"{'crew':<9}{'sampler':<8}{'workers':>7}{'trials/s':>9}{'busy':>7}{'in hand p50':>12}{'p99 ms':>8}"
    f"{'claim p50':>10}{'p99 ms':>8}{'finish p99':>11}{'server':>8}{'clients':>8}{'ms/trial':>14}"
    f"{'looks':>6}{'tx':>6}{'rows':>7}{'WAL kB':>7}{'conns':>6}  errors"
)


def _line(cell: Mapping[str, Any]) -> str:
    seen, claim, finish = (cell[name] or {} for name in ("trial_in_hand_s", "claim_s", "finish_s"))
    each = f"{_number(cell['server_ms_per_trial'])} + {_number(cell['client_ms_per_trial'])}"
    wal = None if cell["wal_bytes_per_trial"] is None else cell["wal_bytes_per_trial"] / 1e3
    return (
        f"{cell['crew']:<9}{cell['sampler']:<8}{cell['workers']:>7}{cell['trials_per_second']:>9.1f}"
        f"{cell['efficiency']:>7.1%}{_ms(seen, 'p50'):>12}{_ms(seen, 'p99'):>8}"
        f"{_ms(claim, 'p50'):>10}{_ms(claim, 'p99'):>8}{_ms(finish, 'p99'):>11}"
        f"{cell['server_cores']:>8.2f}{cell['client_cores']:>8.2f}{each:>14}"
        f"{_number(cell['looks_per_trial']):>6}{_number(cell['transactions_per_trial']):>6}"
        f"{_number(cell['rows_read_per_trial']):>7}{_number(wal):>7}{cell['connections']:>6}"
        f"  {sum(cell['errors'].values()) or ''}"
    )


def _ms(latency: Mapping[str, float], name: str) -> str:
    return f"{latency[name] * 1e3:.1f}" if latency else "-"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add: Callable[..., Any] = parser.add_argument
    add("--json", type=Path, metavar="FILE", help="write every figure as one JSON document")
    add("--workers", nargs="+", type=int, default=list(WORKERS), help="sizes of the fleet (1 2 4 ... 256)")
    add("--seconds", nargs="+", type=float, default=list(SECONDS), help="mean trainings (0.1 1 10)")
    add("--tpe-workers", nargs="*", type=int, default=list(TPE_WORKERS), help="the same where TPE proposes")
    add("--optuna-workers", nargs="*", type=int, default=list(OPTUNA_WORKERS), help="sizes of Optuna's fleet")
    add("--window", type=float, default=20.0, metavar="S", help="seconds in which trials are counted (20)")
    add("--clients", type=int, default=16, help="processes that the workers are spread over (16)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
