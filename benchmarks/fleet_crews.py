"""Simulated workers: threads that do all that a worker does, but sleep where it would train."""

import gc
import math
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from copy import copy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
from fleet_sleeper import EPOCHS, Sleeper, curve_of
from ledger_contenders import create_study, study_spec

from hpsearch.search import SearchPlan
from hpsearch.store import Claim, KnownHistory, Ledger, Result, Study, StudyRow, WorkerIdentity
from hpsearch.study_file import StudySpec
from hpsearch.worker.loop.loop import Loop
from hpsearch.worker.loop.stop import Stop

SPREAD = 0.25
"""Of the logarithm of a training's duration: 16 % take more than 1.25 of the mean, 16 % less than 0.75."""
FOREVER = 1_000_000
"""Trials of a study that the clock ends."""
NAME = "fleet"
WARM = 2
"""After so many trials a worker has compiled its statements; a real one does that on a machine of its own."""
PAUSE_S = 0.1
SWITCH_S = 2e-4
"""A thread waits so long for the interpreter, in seconds; what it stands for, a process, would not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the workers of one measurement do.

    Attributes:
        url: The database.
        workers: Simulated workers, 1 or more; twice as many trials may be in flight.
        mean_s: Mean duration of a training, seconds.
        tpe: Whether TPE proposes; log-uniform draws do otherwise.
    """

    url: str
    workers: int
    mean_s: float
    tpe: bool = False

    @property
    def spec(self) -> StudySpec:
        """The study."""
        parallelism = 2 * self.workers
        spec = study_spec(NAME, FOREVER, parallelism=parallelism)
        if not self.tpe:
            return spec
        return replace(spec, search=replace(spec.search, rounds=(parallelism + 8,)))

    def duration_s(self, seed: int) -> float:
        """Return how long a training takes: log-normal, with the mean ``mean_s``."""
        deviate = np.random.default_rng(seed).standard_normal()
        return self.mean_s * math.exp(SPREAD * float(deviate) - SPREAD**2 / 2)


@dataclass(slots=True)
class Diary:
    """What one worker has seen; every line is written by the worker's own thread.

    Attributes:
        trials: (when it was settled, seconds of its training) a trial, on ``time.monotonic``.
        claims: (when, seconds from the look to the trial in hand, seconds of the claim's transaction).
        finishes: (when, seconds).
        looks: When it looked.
        errors: What went wrong.
    """

    trials: list[tuple[float, float]] = field(default_factory=list)
    claims: list[tuple[float, float, float]] = field(default_factory=list)
    finishes: list[tuple[float, float]] = field(default_factory=list)
    looks: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


Work = Callable[[Job, int, Stop, Diary, Callable[[], None]], None]
"""One worker: job, its place, how it is told to end, its diary, and what it calls when it is ready."""


class Seat(Ledger):
    """A ledger that keeps a diary, for a worker that is alone on its machine.

    It has a connection of its own. Tables and compiled statements, which a worker has once in its process, it
    shares with the others of this one: 256 times they would be two minutes of two cores.

    Args:
        shared: The ledger of this process.
        place: The worker's place among all.
        diary: What it writes into.
    """

    def __init__(self, shared: Ledger, place: int, diary: Diary) -> None:
        vars(self).update(vars(shared))
        engine = copy(shared.database.engine)
        engine.pool = engine.pool.recreate()
        self.database = copy(shared.database)
        self.database.engine = self.database._plain = self.database._writing = engine  # noqa: SLF001
        self.database._reading = engine.execution_options(isolation_level="REPEATABLE READ")  # noqa: SLF001
        self._place = place
        self._diary = diary
        self._began: float | None = None

    def enlist(self, study: Study, identity: WorkerIdentity) -> int:
        """Add a worker that shares neither host nor process with any other."""
        own = replace(identity, host=f"machine-{self._place}", process=f"{self._place + 1}@0")
        return super().enlist(study, own)

    def look(self, *args: Any) -> tuple[KnownHistory, StudyRow]:
        """Note when the worker began to look for a trial."""
        now = time.monotonic()
        self._diary.looks.append(now)
        self._began = self._began or now
        return super().look(*args)

    def claim(self, *args: Any, **options: Any) -> list[Claim]:
        """Note how long it took to get a trial."""
        asked = time.monotonic()
        claims = super().claim(*args, **options)
        if claims:
            now = time.monotonic()
            self._diary.claims.append((now, now - (self._began or asked), now - asked))
            self._began = None
        return claims

    def finish(self, results: Sequence[tuple[Claim, Result]]) -> list[Claim]:
        """Note how long it took to hand a result in."""
        asked = time.monotonic()
        taken = super().finish(results)
        now = time.monotonic()
        self._diary.finishes.append((now, now - asked))
        return taken


@cache
def shared_ledger(url: str) -> Ledger:
    """Return the ledger of this process, as patient as that of ``hpsearch worker``."""
    return Ledger(url, patience_s=120.0)


def work_hpsearch(job: Job, place: int, stop: Stop, diary: Diary, ready: Callable[[], None]) -> None:
    """Be a worker of hpsearch: its own loop, heartbeat and ledger."""
    spec, seat = job.spec, Seat(shared_ledger(job.url), place, diary)
    try:
        study = seat.find_study(NAME)
        seat.look(study, None)  # the connection is open and warm
        ready()
        objective: Any = Sleeper(job.duration_s, diary.trials)
        Loop(seat, objective, stop=stop, fleet=job.workers).run(SearchPlan(spec), study)
    finally:
        seat.database.engine.dispose()


def work_optuna(job: Job, place: int, stop: Stop, diary: Diary, ready: Callable[[], None]) -> None:
    """Be a worker of Optuna: ask, report, tell."""
    import optuna
    from optuna.storages import RDBStorage

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = RDBStorage(job.url, engine_kwargs={"pool_size": 1, "max_overflow": 1})
    try:
        sampler = optuna.samplers.RandomSampler(seed=place)
        study = optuna.load_study(study_name=NAME, storage=storage, sampler=sampler)
        ready()
        while not stop.draining:
            asked = time.monotonic()
            trial = study.ask()
            trial.suggest_float("lr", 1e-5, 1e-1, log=True)
            trial.suggest_float("weight_decay", 1e-8, 1e-2, log=True)
            trial.suggest_float("dropout", 0.0, 0.6)
            began = time.monotonic()
            diary.claims.append((began, began - asked, began - asked))
            duration_s = job.duration_s(place * FOREVER + len(diary.trials))
            reporting_s = 0.0
            for step, accuracy in enumerate(curve_of(place), start=1):
                stop.wait(max(0.0, began + reporting_s + duration_s * step / EPOCHS - time.monotonic()))
                if stop.draining:
                    return
                at = time.monotonic()
                trial.report(accuracy, step)
                reporting_s += time.monotonic() - at
            at = time.monotonic()
            study.tell(trial, accuracy)
            now = time.monotonic()
            diary.finishes.append((now, now - at + reporting_s))
            diary.trials.append((now, duration_s))
    finally:
        storage.remove_session()
        storage.engine.dispose()


def create_hpsearch(job: Job) -> None:
    """Make the tables and the study."""
    with closing(Ledger(job.url, create=True)) as ledger:
        create_study(ledger, job.spec)


def create_optuna(job: Job) -> None:
    """Make the tables and the study."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    optuna.create_study(study_name=NAME, storage=job.url, direction="maximize")


CREWS: Mapping[str, tuple[Callable[[Job], None], Work]] = {
    "hpsearch": (create_hpsearch, work_hpsearch),
    "optuna": (create_optuna, work_optuna),
}
"""Name -> what makes the study, and what a worker does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What a measurement tells its processes, and hears from them; all are of ``multiprocessing``.

    Attributes:
        ready: A barrier: all workers of all processes are connected.
        warm: A semaphore: released by each process whose workers have done their first trials.
        ended: An event: they are to drop what they have.
        diaries: A queue that takes a list of diaries a process.
    """

    ready: Any
    warm: Any
    ended: Any
    diaries: Any


def crew(name: str, job: Job, places: Sequence[int], signals: Signals) -> None:
    """Be some of the workers, in this process, until the end; hand in their diaries.

    Args:
        name: A name of ``CREWS``.
        job: What they do.
        places: Their places among all.
        signals: When they begin and end.
    """
    stop, mine = Stop(), [Diary() for _ in places]
    ready, go = threading.Barrier(len(places) + 1), threading.Event()

    def arrive() -> None:
        ready.wait()
        go.wait()

    def run(place: int, diary: Diary) -> None:
        try:
            CREWS[name][1](job, place, stop, diary, arrive)
        except Exception as error:  # noqa: BLE001 - it is what is measured
            first = str(error).strip().partition("\n")[0]
            diary.errors.append(f"{type(error).__name__}: {first}")
            if not go.is_set():
                arrive()

    sys.setswitchinterval(SWITCH_S)
    if name == "hpsearch":
        shared_ledger(job.url)
    threads = [threading.Thread(target=run, args=pair) for pair in zip(places, mine, strict=True)]
    for thread in threads:
        thread.start()
    ready.wait()
    gc.freeze()  # what they are made of is not looked through again and again
    signals.ready.wait()
    go.set()
    while not all(len(diary.trials) >= WARM for diary in mine) and not signals.ended.wait(PAUSE_S):
        pass
    signals.warm.release()
    signals.ended.wait()
    stop.request()
    stop.request()
    for thread in threads:
        thread.join()
    signals.diaries.put(mine)
