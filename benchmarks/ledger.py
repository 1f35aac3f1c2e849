"""What the ledger costs, beside Optuna's RDBStorage doing the same, on SQLite and PostgreSQL.

    python benchmarks/ledger.py [--json FILE] [--rounds N] [--postgres URL] [--databases sqlite postgresql]

Trials per second through claim, report and finish; what a trial costs in studies of 1,000, 10,000 and 100,000
trials; how long ``status``, ``best`` and ``export`` take there. Contenders take turns within a round; medians
over the rounds are printed, and ratios taken round by round.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import json
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import machine
import optuna
from ledger_databases import NewDatabase, missing_postgres, postgres_databases, sqlite_files
from ledger_growth import measure_growth
from ledger_race import PROCESSES, cells, race
from ledger_table import render

SCHEMA_VERSION = 1
SECTIONS = ("throughput", "sizes")
DATABASES = ("sqlite", "postgresql")


def main() -> None:
    """Measure, print tables, and write the JSON document where one is asked for."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # or a server would be left behind
    options = _options()
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine.machine_facts(),
        "rounds": options.rounds,
        "databases": {},
        "throughput": [],
        "sizes": {},
    }
    for name in options.databases:
        absent = missing_postgres(options.postgres) if name == "postgresql" else None
        if absent:
            document["databases"][name] = {"absent": absent}
            continue
        with _made(name, options.postgres) as (new, facts):
            document["databases"][name] = facts
            _measure(name, new, options, document)
    print(render(document))
    if options.json:
        options.json.write_text(json.dumps(document, indent=2, allow_nan=False) + "\n")


def _made(name: str, postgres: str | None) -> AbstractContextManager[tuple[NewDatabase, dict[str, Any]]]:
    return sqlite_files() if name == "sqlite" else postgres_databases(postgres)


def _measure(name: str, new: NewDatabase, options: argparse.Namespace, document: dict[str, Any]) -> None:
    if "throughput" in options.sections:
        _say(f"{name}: trials per second")
        lineup = cells(
            name,
            trials=options.trials,
            optuna_trials=options.optuna_trials,
            processes=options.processes,
        )
        document["throughput"] += race(name, lineup, new, rounds=options.rounds)
    if "sizes" in options.sections:
        _say(f"{name}: studies of {', '.join(map(str, options.sizes))} trials")
        document["sizes"][name] = measure_growth(new, options.sizes, rounds=options.rounds)


def _say(line: str) -> None:
    print(line, file=sys.stderr)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    add: Callable[..., Any] = parser.add_argument
    add("--json", type=Path, metavar="FILE", help="write every figure as one JSON document")
    add("--rounds", type=int, default=5, help="rounds (5)")
    add("--trials", type=int, default=400, help="hpsearch's trials of one measurement (400)")
    add("--optuna-trials", type=int, default=24, help="Optuna's trials of one measurement, at least (24)")
    add("--processes", nargs="+", type=int, default=list(PROCESSES), help="worker processes (1 2 4 8)")
    add("--databases", nargs="+", choices=DATABASES, default=list(DATABASES), help="which databases (both)")
    add("--sections", nargs="+", choices=SECTIONS, default=list(SECTIONS), help="which tables (all)")
    add("--sizes", nargs="+", type=int, default=[1_000, 10_000, 100_000], help="trials already in a study")
    add("--postgres", metavar="URL", help="a server to make databases on, instead of one from a wheel")
    return parser.parse_args()


if __name__ == "__main__":
    main()
