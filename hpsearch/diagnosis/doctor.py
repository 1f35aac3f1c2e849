"""Checks of a machine and a storage: each result says what was found and what to do about it."""

import os
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import numpy as np
from packaging.requirements import Requirement

from hpsearch.cgroups import usable_cores
from hpsearch.data import cache_root
from hpsearch.diagnosis.load_test import CALM_S, SHARE, LoadTest, run_load_test, writes_per_worker
from hpsearch.engine.local import LocalEngine
from hpsearch.errors import DataError, StorageError
from hpsearch.store import Database, current_schema
from hpsearch.store.database.connection import now
from hpsearch.store.database.filesystem import network_file_system
from hpsearch.store.schema.versions import check_schema
from hpsearch.worker.environment import package_version

PRELOAD = ("hpsearch.diagnosis.load_test",)
LOAD_TEST_S = 1.5
PROCESSES = 4
GIB = 2**30
LOW_DISK, NO_DISK = GIB, 50 * 2**20
"""Bytes: 100,000 trials with their curves are some 200 MB."""
CLOCK_S = 1.0
NARROW = 60
_SIZE = 1024
_BUSY = 1.5  # one thread is at most 1 second of processor time a second


class Level(StrEnum):
    """How much the result of a check matters."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of one check.

    Attributes:
        about: What was checked.
        level: How much it matters.
        found: What was found.
        advice: What to do; empty where nothing is to be done.
    """

    about: str
    level: Level = Level.OK
    found: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The results of all checks.

    Attributes:
        results: One for each check.
        load_test: The load test of the storage, or ``None`` where it could not be measured.
        usable: Whether the storage can be used.
    """

    results: tuple[CheckResult, ...]
    load_test: LoadTest | None
    usable: bool

    @property
    def failed(self) -> bool:
        """Whether anything failed."""
        return any(result.level is Level.FAIL for result in self.results)


def examine(url: str, *, trial_s: float) -> Diagnosis:
    """Check the machine and the storage; leave nothing behind.

    Args:
        url: The storage; its database need not be there.
        trial_s: How long a trial takes, in seconds, to say how many workers the storage carries.
    """
    engine = LocalEngine(preload=PRELOAD)
    engine.warm_up()  # imports in another process, while this one looks around
    results = [_python(), _packages(), _cores(), _cache(), _terminal(), _blas(engine)]
    about, usable = _storage(url)
    results += about
    carried = None
    if usable:
        writes, carried = _writes(url, engine)
        results.append(writes)
        usable = writes.level is Level.OK
        if carried is not None and usable:
            results.append(_workers(carried, trial_s))
    return Diagnosis(results=tuple(results), load_test=carried, usable=usable)


def _python() -> CheckResult:
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    return CheckResult(about="python", found=found)


def _packages() -> CheckResult:
    try:
        wanted = [Requirement(text) for text in requires("hpsearch") or ()]
    except PackageNotFoundError:
        return CheckResult(
            about="packages",
            level=Level.WARN,
            found="hpsearch runs from a folder, not installed: versions are not compared",
            advice="pip install hpsearch",
        )
    needed = [one for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]
    found = [(one, package_version(one.name) or "0") for one in needed]
    wrong = [
        f"{one.name} {there}, not {one.specifier}"
        for one, there in found
        if not one.specifier.contains(there, prereleases=True)
    ]
    if wrong:
        return CheckResult(
            about="packages",
            level=Level.FAIL,
            found="; ".join(wrong),
            advice="pip install --upgrade hpsearch",
        )
    return CheckResult(
        about="packages", found=f"hpsearch {version('hpsearch')}; {len(needed)} libraries, all fit"
    )


def _cores() -> CheckResult:
    cores = os.cpu_count() or 1
    allowed = usable_cores()
    part = f", of which this process may use {allowed}" if allowed < cores else ""
    return CheckResult(about="cores", found=f"{cores}{part}: start launches as many workers")


def _cache() -> CheckResult:
    try:
        root = cache_root()
        with tempfile.TemporaryFile(dir=root) as file:
            file.write(b"x")
    except (DataError, OSError) as error:
        advice = "set HPSEARCH_CACHE to a folder that can be written"
        return CheckResult(about="cache", level=Level.FAIL, found=str(error), advice=advice)
    return _room("cache", root)


def _room(about: str, folder: Path) -> CheckResult:
    free = shutil.disk_usage(folder).free
    level = Level.OK if free > LOW_DISK else Level.WARN if free > NO_DISK else Level.FAIL
    advice = "" if level is Level.OK else "make room, or choose another place"
    return CheckResult(about=about, level=level, found=f"{folder}, {free / GIB:.1f} GiB free", advice=advice)


def _terminal() -> CheckResult:
    if not sys.stderr.isatty():
        return CheckResult(about="terminal", found="none: progress comes in plain lines")
    columns, encoding = shutil.get_terminal_size().columns, sys.stderr.encoding.lower()
    found = f"{columns} columns, {encoding}"
    if columns < NARROW or encoding != "utf-8":
        advice = f"{NARROW} columns or more and a UTF-8 locale show everything"
        return CheckResult(about="terminal", level=Level.WARN, found=found, advice=advice)
    return CheckResult(about="terminal", found=found)


def multiply() -> tuple[float, float]:
    """Return how many seconds of processor time a second a large product takes, and its GFLOP/s."""
    a = np.ones((_SIZE, _SIZE), np.float32)
    a @ a
    began, worked = time.perf_counter(), time.process_time()
    a @ a
    busy = time.process_time() - worked
    return busy / (time.perf_counter() - began), 2 * _SIZE**3 / max(busy, 1e-9) / 1e9


def _blas(engine: LocalEngine) -> CheckResult:
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads, speed = engine.submit(multiply).result()
    found = f"{blas['name']} {blas['version']}, {speed:.0f} GFLOP/s a core"
    if threads > _BUSY:
        found += f", but {threads:.1f} threads in a worker"
        advice = "its number of threads cannot be set to 1 here: use fewer workers than cores"
        return CheckResult(about="blas", level=Level.WARN, found=found, advice=advice)
    return CheckResult(about="blas", found=f"{found}, one thread in a worker")


def _storage(url: str) -> tuple[list[CheckResult], bool]:
    """Return the checks that do not write, and whether the storage can be used as far as they go."""
    try:
        with closing(Database(url, create=True, patience_s=CALM_S)) as database:
            checks: Callable[[Database], Iterator[CheckResult]]
            checks = _server if database.path is None else _file
            return list(checks(database)), True
    except StorageError as error:
        return [CheckResult(about="storage", level=Level.FAIL, found=str(error))], False


def _file(database: Database) -> Iterator[CheckResult]:
    assert database.path is not None
    yield CheckResult(about="storage", found=f"{database.address}, SQLite {sqlite3.sqlite_version}")
    kind = network_file_system(database.path)
    yield CheckResult(
        about="disk locks",
        level=Level.WARN if kind else Level.OK,
        found=f"a network file system ({kind}), where SQLite's locks may fail" if kind else "a local disk",
        advice="keep the file on a disk of this machine, or use PostgreSQL" if kind else "",
    )
    yield _room("disk", database.path.absolute().parent)
    if database.path.exists():
        yield _schema(database)
    else:
        yield CheckResult(about="schema", found="no database yet: start makes it")


def _server(database: Database) -> Iterator[CheckResult]:
    before = time.time()
    clock, release = database.read(
        lambda c: (now(c), str(c.exec_driver_sql("SHOW server_version").scalar_one()))
    )
    after = time.time()
    yield CheckResult(
        about="storage",
        found=f"{database.address}, PostgreSQL {release}, answers in {(after - before) * 1e3:.0f} ms",
    )
    ahead = clock - (before + after) / 2
    apart = abs(ahead) > max(CLOCK_S, (after - before) / 2)
    yield CheckResult(
        about="clock",
        level=Level.WARN if apart else Level.OK,
        found=f"the database's is {ahead:+.2f} s from this machine's",
        advice="leases are safe, they use the database's alone; set both by NTP to compare logs"
        if apart
        else "",
    )
    yield _schema(database)


def _schema(database: Database) -> CheckResult:
    found = current_schema(database)
    if not any(found.values()):
        return CheckResult(about="schema", found="no tables yet: start makes them")
    check_schema(database)
    return CheckResult(about="schema", found=", ".join(f"{owner} {found[owner]}" for owner in found))


def _writes(url: str, engine: LocalEngine) -> tuple[CheckResult, LoadTest | None]:
    processes = min(PROCESSES, max(2, os.cpu_count() or 1))
    try:
        carried = run_load_test(url, engine, processes=processes, seconds=LOAD_TEST_S)
    except StorageError as error:
        advice = "a throw-away database could not be made beside it: see its permissions"
        return CheckResult(about="writes", level=Level.FAIL, found=str(error), advice=advice), None
    return _verdict(carried), carried


def _verdict(carried: LoadTest) -> CheckResult:
    by = f"by {carried.processes} processes"
    if carried.lost:
        found = f"{carried.lost} of {carried.trials} results were lost or doubled {by}"
        advice = "the locks of this file system do not hold: use a local disk, or PostgreSQL"
        return CheckResult(about="writes", level=Level.FAIL, found=found, advice=advice)
    latency = f"{carried.latency_s * 1e3:.1f} ms to claim and finish a trial"
    return CheckResult(
        about="writes", found=f"{carried.writes_per_s:.0f} a second {by}, none lost; {latency}"
    )


def _workers(carried: LoadTest, trial_s: float) -> CheckResult:
    """Return how many workers the storage carries, and how that was computed."""
    n = carried.workers(trial_s)
    each = f"{writes_per_worker(trial_s):.3g} writes/s of a worker with trials of {trial_s:g} s"
    found = f"carries {n}: {SHARE:.0%} of {carried.writes_per_s:.0f} writes/s, by {each}"
    few = n < (os.cpu_count() or 1)
    advice = "longer trials, or PostgreSQL in place of SQLite, let more of them work" if few else ""
    return CheckResult(about="workers", level=Level.WARN if few else Level.OK, found=found, advice=advice)
