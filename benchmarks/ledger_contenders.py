"""Who takes part in the ledger's benchmark: hpsearch's verbs, and Optuna's storage doing the same."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import optuna
import sqlalchemy as sa
from optuna.storages import RDBStorage

from hpsearch.search import Proposal, TrialState
from hpsearch.store import Claim, KnownHistory, Ledger, Result, Study, WorkerIdentity
from hpsearch.study_file import StudySpec, read_study
from hpsearch.worker.data.contract import search_terms

CURVE = (0.5, 0.6, 0.7, 0.75, 0.8)
REPORTED = CURVE[:3]
"""What an hpsearch worker reports before it finishes: it does so every few seconds, not every epoch."""
WARM_UP = 3

_STUDY_FILE = """
name = "{name}"
trials = {trials}
parallelism = {parallelism}

[data]
source = "digits"

[space]
lr = {{ low = 1e-5, high = 1e-1, log = true }}
weight_decay = {{ low = 1e-8, high = 1e-2, log = true }}
dropout = {{ low = 0.0, high = 0.6 }}

[search]
rounds = [{trials}]
"""

Run = Callable[[], None]
"""Does a worker's part of the trials; connections are open and warm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the workers of one measurement do together.

    Attributes:
        url: The database.
        study: The study's name.
        trials: Trials of all workers together, 1 or more.
        k: Trials a claim, 1 or more; Optuna takes one at a time.
        processes: Worker processes, 1 or more.
        place: Which of them this is, from 0.
    """

    url: str
    study: str
    trials: int
    k: int = 1
    processes: int = 1
    place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way to do the same.

    Attributes:
        title: What the table calls it.
        create: Makes the tables and an empty study.
        open: A context that connects and warms up; it gives what does the work.
    """

    title: str
    create: Callable[[Job], None]
    open: Callable[[Job], Any]


def study_spec(name: str, trials: int, *, parallelism: int | None = None) -> StudySpec:
    """Return a study of three parameters; by default its horizon never makes a claim wait."""
    text = _STUDY_FILE.format(name=name, trials=trials, parallelism=parallelism or trials)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "study.toml"
        path.write_text(text)
        return read_study(path)


def create_study(ledger: Ledger, spec: StudySpec) -> Study:
    """Open a study in the ledger as ``hpsearch start`` does."""
    return ledger.open_study(search_terms(spec, data_hash="0" * 64))


def proposals(first: int, end: int) -> list[Proposal]:
    """Return proposals for the numbers from ``first`` to before ``end``; choosing them is not measured."""
    return [
        Proposal(number=n, internal=(1e-3 + n * 1e-9, 1e-5, 0.25), stage="round 0") for n in range(first, end)
    ]


class Hand:
    """One worker's hand in the ledger.

    Args:
        ledger: The database.
        spec: The study file.
        place: The worker's place among those that take part.
    """

    def __init__(self, ledger: Ledger, spec: StudySpec, *, place: int = 0) -> None:
        self.ledger = ledger
        self.space = spec.space
        self.study = create_study(ledger, spec)
        identity = WorkerIdentity(host="benchmark", process=f"{place}@0", pid=place + 1)
        self.worker_id = ledger.enlist(self.study, identity)

    def claim(self, offered: Sequence[Proposal], k: int) -> list[Claim]:
        """Claim at most ``k`` of the offered trials."""
        return self.ledger.claim(self.study, worker_id=self.worker_id, proposals=offered, limit=k)

    def finish(self, claims: Sequence[Claim]) -> None:
        """Complete trials with five curve points each."""
        result = Result(state=TrialState.COMPLETE, value=CURVE[-1], curve=CURVE)
        taken = self.ledger.finish([(claim, result) for claim in claims])
        if len(taken) != len(claims):
            raise SystemExit(f"expected every result to be taken, found {len(taken)} of {len(claims)}")

    def settle(self, claims: Sequence[Claim]) -> None:
        """Report on claimed trials once, then finish them."""
        self.ledger.report(self.worker_id, [(claim, REPORTED) for claim in claims])
        self.finish(claims)

    def verbs(self, trials: int, k: int) -> None:
        """Claim, report, finish: nothing else."""
        for first in range(0, trials, k):
            self.settle(self.claim(proposals(first, min(first + k, trials)), k))

    def work(self, job: Job) -> None:
        """As a worker does: read what is new, propose for the next numbers, claim, report, finish."""
        known: KnownHistory | None = None
        while True:
            known, schedule = self.ledger.look(self.study, known)
            first = schedule.admitted
            if first >= job.trials:
                return
            # Enough for one that finds the first of them gone: a proposal is good for its number alone.
            end = min(first + job.k * job.processes, job.trials)
            claims = self.claim(proposals(first, end), job.k)
            if claims:
                self.settle(claims)


def _create_hpsearch(job: Job) -> None:
    ledger = Ledger(job.url, create=True)
    create_study(ledger, study_spec(job.study, job.trials))
    ledger.close()


@contextmanager
def _open_hpsearch(job: Job, *, reads: bool) -> Iterator[Run]:
    ledger = Ledger(job.url)
    try:
        warm = replace(job, study=f"{job.study}-warm-{job.place}", trials=WARM_UP * job.k, processes=1)
        Hand(ledger, study_spec(warm.study, warm.trials)).work(warm)
        hand = Hand(ledger, study_spec(job.study, job.trials), place=job.place)
        yield partial(hand.work, job) if reads else partial(hand.verbs, job.trials, job.k)
    finally:
        ledger.close()


def _create_optuna(job: Job) -> None:
    with _optuna_storage(job.url) as storage:
        optuna.create_study(study_name=job.study, storage=storage, direction="maximize")


def _create_optuna_wal(job: Job) -> None:
    with closing(sqlite3.connect(str(sa.make_url(job.url).database))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    _create_optuna(job)


@contextmanager
def _open_optuna(job: Job, *, synchronous: str = "") -> Iterator[Run]:
    with _optuna_storage(job.url) as storage:
        if synchronous:
            _set_synchronous(storage.engine, synchronous)
        sampler = optuna.samplers.RandomSampler(seed=job.place)
        warm = optuna.create_study(
            study_name=f"{job.study}-warm-{job.place}", storage=storage, sampler=sampler
        )
        _ask_and_tell(warm, WARM_UP)
        study = optuna.load_study(study_name=job.study, storage=storage, sampler=sampler)
        yield partial(_ask_and_tell, study, len(range(job.place, job.trials, job.processes)))


def _ask_and_tell(study: optuna.Study, trials: int) -> None:
    for _ in range(trials):
        trial = study.ask()
        trial.suggest_float("lr", 1e-5, 1e-1, log=True)
        trial.suggest_float("weight_decay", 1e-8, 1e-2, log=True)
        trial.suggest_float("dropout", 0.0, 0.6)
        for step, accuracy in enumerate(CURVE, start=1):
            trial.report(accuracy, step)
        study.tell(trial, CURVE[-1])


@contextmanager
def _optuna_storage(url: str) -> Iterator[RDBStorage]:
    """Give a storage at its defaults, but patient enough for SQLite's one writer at a time."""
    arguments = {"connect_args": {"timeout": 60}} if url.startswith("sqlite") else {}
    storage = RDBStorage(url.replace("{", "{{").replace("}", "}}"), engine_kwargs=arguments)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()  # a connection does not survive a fork


def _set_synchronous(engine: sa.Engine, mode: str) -> None:
    engine.dispose()  # connections made from here on

    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA synchronous = {mode}")


CONTENDERS: Mapping[str, Contender] = {
    "verbs": Contender(
        title="hpsearch: claim, report, finish",
        create=_create_hpsearch,
        open=partial(_open_hpsearch, reads=False),
    ),
    "worker": Contender(
        title="hpsearch: the same, and a worker's reading",
        create=_create_hpsearch,
        open=partial(_open_hpsearch, reads=True),
    ),
    "optuna": Contender(title="Optuna: ask, report, tell", create=_create_optuna, open=_open_optuna),
    "optuna-wal": Contender(
        title="Optuna on SQLite's WAL, synchronous = NORMAL",
        create=_create_optuna_wal,
        open=partial(_open_optuna, synchronous="NORMAL"),
    ),
}
"""The contenders by name."""
