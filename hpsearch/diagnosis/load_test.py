"""The load test of a storage: real processes write to a throw-away database beside the user's."""

import math
import re
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy.engine import Connection

from hpsearch.engine.local import LocalEngine
from hpsearch.errors import StorageError, reason_of
from hpsearch.search import Proposal, TrialState
from hpsearch.store import Database, KnownHistory, Ledger, Result, Study
from hpsearch.store.database.connection import now
from hpsearch.store.database.url import parse, sqlite_address, sqlite_path
from hpsearch.study_file import Document, build_study
from hpsearch.worker import search_terms
from hpsearch.worker.identity import this_worker

NAME = "hpsearch_doctor"
"""The name of the throw-away database: a folder beside a SQLite file, a schema of a PostgreSQL database."""
STALE_S = 3600.0
"""A throw-away database of a doctor that was killed is removed at this age."""
WRITES_A_TRIAL = 2
"""A trial that is claimed alone: one transaction to claim it, one to finish it."""
BEAT_S = 5.0
"""A worker shows a sign of life so often, a transaction too."""
SHARE = 0.5
"""Near its limit a database makes every worker wait; half of what was measured leaves room."""

CALM_S = 4.0
"""Patience with a database that is locked or away: a person waits for the result."""
GATHERING_S = 10.0
"""Each process waits so long for the others: only writes at the same time test the storage."""
POLL_S = 0.005

_CURVE = (0.5, 0.6, 0.7, 0.75, 0.8)
_RESULT = Result(state=TrialState.COMPLETE, value=_CURVE[-1], curve=_CURVE)
_POINT = (1e-3, 0.25)
_SCHEMA = re.compile(rf"{NAME}_[0-9]+_[0-9a-f]+")
_BUDGET = 1_000_000
_STUDY = {
    "name": NAME,
    "trials": _BUDGET,
    "parallelism": _BUDGET,  # no trial waits for the result of another
    "data": {"source": "digits"},
    "space": {"lr": {"low": 1e-5, "high": 1e-1, "log": True}, "dropout": {"low": 0.0, "high": 0.6}},
    "search": {"rounds": [_BUDGET]},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessLoad:
    """The trials that one process wrote.

    Attributes:
        numbers: The trials whose results the ledger acknowledged, ``(n,)``.
        stamps: When each was finished, in seconds on the machine's clock, ``(n,)``.
        latencies: Seconds from before the claim of each to after its finish, ``(n,)``.
    """

    numbers: tuple[int, ...]
    stamps: tuple[float, ...]
    latencies: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadTest:
    """The result of a load test: how much writing a storage carried.

    Attributes:
        processes: How many wrote at the same time.
        trials: Trials that they finished together.
        lost: Trials that were acknowledged and are not there, or that two processes had.
        writes_per_s: Writing transactions a second of all processes, while all of them were at work.
        latency_s: Median seconds to claim and finish a trial.
    """

    processes: int
    trials: int
    lost: int
    writes_per_s: float
    latency_s: float

    def workers(self, trial_s: float) -> int:
        """Return how many workers, each with trials of ``trial_s`` seconds, fit in ``SHARE`` of the limit."""
        return int(SHARE * self.writes_per_s / writes_per_worker(trial_s))


def writes_per_worker(trial_s: float) -> float:
    """Return the writing transactions a second of a worker that claims one trial at a time.

    Args:
        trial_s: How long a trial takes, in seconds.
    """
    return WRITES_A_TRIAL / trial_s + 1 / BEAT_S


def run_load_test(url: str, engine: LocalEngine, *, processes: int, seconds: float) -> LoadTest:
    """Let processes claim and finish trials as fast as a storage takes them; leave no trace in it.

    Args:
        url: The storage.
        engine: What launches the processes.
        processes: How many, 1 or more.
        seconds: How long they write.

    Raises:
        StorageError: It cannot be written.
    """
    spec = build_study(_STUDY, Document())
    with _scratch(url) as secret, closing(Ledger(secret, create=True)) as ledger:
        try:
            study = ledger.open_study(search_terms(spec, data_hash="0" * 64))
            futures = [
                engine.submit(write_trials, secret, seconds=seconds, processes=processes)
                for _ in range(processes)
            ]
            loads = [future.result() for future in futures]
            complete = set(ledger.history(study).history.complete.tolist())
        finally:
            engine.shutdown(cancel_futures=True)
    return _sum(loads, complete)


def _sum(loads: Sequence[ProcessLoad], complete: set[int]) -> LoadTest:
    numbers = [number for load in loads for number in load.numbers]
    begin = max(min(load.stamps, default=math.inf) for load in loads)
    end = min(max(load.stamps, default=-math.inf) for load in loads)
    together = sum(begin < stamp <= end for load in loads for stamp in load.stamps)
    return LoadTest(
        processes=len(loads),
        trials=len(numbers),
        lost=len(numbers) - len(complete.intersection(numbers)),
        writes_per_s=WRITES_A_TRIAL * together / (end - begin) if end > begin else 0.0,
        latency_s=median([latency for load in loads for latency in load.latencies] or [math.inf]),
    )


def write_trials(url: str, *, seconds: float, processes: int) -> ProcessLoad:
    """Claim and finish trials for some seconds, as a worker does whose trainings take no time."""
    rows: list[tuple[int, float, float]] = []
    with closing(Ledger(url)) as ledger:
        study = ledger.find_study(NAME)
        worker_id = ledger.enlist(study, this_worker())
        _gather(ledger, study, processes)
        known: KnownHistory | None = None
        until = time.monotonic() + seconds
        while (began := time.monotonic()) < until:
            known, study_row = ledger.look(study, known)
            first = study_row.admitted
            offered = [Proposal(number=first + k, internal=_POINT, stage="round 0") for k in range(processes)]
            claims = ledger.claim(study, worker_id=worker_id, proposals=offered, limit=1)
            for claim in ledger.finish([(claim, _RESULT) for claim in claims]):
                ended = time.monotonic()
                rows.append((claim.number, ended, ended - began))
    numbers, stamps, latencies = zip(*rows, strict=True) if rows else ((), (), ())
    return ProcessLoad(numbers=numbers, stamps=stamps, latencies=latencies)


def _gather(ledger: Ledger, study: Study, processes: int) -> None:
    """Wait until all processes are there: on a busy machine one may start after another has ended."""
    until = time.monotonic() + GATHERING_S
    while len(ledger.workers(study)) < processes and time.monotonic() < until:
        time.sleep(POLL_S)


@contextmanager
def _scratch(url: str) -> Iterator[str]:
    """Give the address of an empty database beside the user's; it is gone afterwards."""
    parsed = parse(url)
    path = sqlite_path(parsed)
    if path is None:
        with _scratch_schema(url) as schema:
            options = f"{parsed.query.get('options', '')} -csearch_path={schema}".strip()
            secret = parsed.update_query_dict({"options": options})
            yield secret.render_as_string(hide_password=False)
    else:
        with _scratch_folder(path.parent) as folder:
            yield sqlite_address(folder / "throw-away.db")


@contextmanager
def _scratch_folder(parent: Path) -> Iterator[Path]:
    try:
        for left in parent.glob(f".{NAME}-*"):
            if left.stat().st_mtime < time.time() - STALE_S:
                shutil.rmtree(left)
        with tempfile.TemporaryDirectory(
            prefix=f".{NAME}-", dir=parent, ignore_cleanup_errors=True
        ) as folder:
            yield Path(folder)
    except OSError as error:
        raise StorageError(
            f"{parent}: expected a folder that can be written, found: {reason_of(error)}"
        ) from error


@contextmanager
def _scratch_schema(url: str) -> Iterator[str]:
    with closing(Database(url, patience_s=CALM_S)) as database:
        schema = database.write(_make_schema)
        try:
            yield schema
        finally:
            database.write(lambda c: c.exec_driver_sql(f"DROP SCHEMA {schema} CASCADE").close())


def _make_schema(connection: Connection) -> str:
    """Drop schemas that were left behind; make a new one, whose name says when."""
    clock = now(connection)
    names = connection.exec_driver_sql("SELECT nspname FROM pg_namespace")
    left = [name for (name,) in names if _SCHEMA.fullmatch(name)]
    for name in left:
        if int(name.split("_")[2]) < clock - STALE_S:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    schema = f"{NAME}_{clock:.0f}_{secrets.token_hex(4)}"
    connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    return schema
