"""The program as a person meets it: commands, study files, and what they leave in the database."""

import atexit
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import optuna

from tests.machine.forks import KILLED, Call, Forks

ROOT = Path(__file__).resolve().parent.parent.parent
HPSEARCH = (sys.executable, "-m", "hpsearch")

_FOREIGN = (
    "NO_COLOR",
    "FORCE_COLOR",
    "PY_COLORS",
    "GITHUB_ACTIONS",
    "TERM",
    "LINES",  # set by a readline that pytest has imported, and stronger than the terminal's own size
    "HPSEARCH_STORAGE",
    "HPSEARCH_STUDY",
    "HPSEARCH_ENGINE",
    "HPSEARCH_ADDRESS",
    "HPSEARCH_WORKERS",
)

STUDY = """
name = "{name}"
seed = 6
trials = {trials}
parallelism = 8

[data]
source = "digits"
train = 300

[model]
hidden = [16]
epochs = {epochs}

[space]
lr = {{ low = 1e-4, high = 1e-1, log = true }}
dropout = {{ low = 0.0, high = 0.5 }}

[search]
rounds = [16, 8]
rungs = [2]

[confirm]
top = 2
seeds = 2
epochs = 6
ensemble = 3
"""
"""Every stage of a study: two random rounds, TPE, a rung, confirming runs, an ensemble."""

FROM_SCRATCH = {"LANG", "LC_ALL", "PYTHONHASHSEED", "PYTHONIOENCODING", "PYTHONPATH", "PYTHONWARNINGS"}
"""What an interpreter reads when it starts: a fork would not."""
_FORKING = threading.Lock()

LONG = 200
"""Epochs of a study that runs for seconds, so that a signal finds it at work."""
STOPPED = (
    r"hpsearch: study 'long': stopped with \d+ of 40 trials settled; "
    r"the same command goes on: hpsearch start long.toml --workers 2\n\Z"
)
"""What its start says at last when it is asked to end."""


def study_text(*, name="small", trials=40, epochs=4):
    """Return a study file; all of them share one split of the data, made once for the whole session."""
    return STUDY.format(name=name, trials=trials, epochs=epochs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A command that has ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str
    seconds: float


@cache
def _forks():
    """Return what forks commands, one for all tests of this process."""
    forks = Forks().__enter__()
    atexit.register(forks.__exit__)
    return forks


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """Runs commands in a folder of their own; ends what is left of them."""

    folder: Path
    cache: Path
    launched: list[subprocess.Popen] = field(default_factory=list)

    def environment(self, **more):
        """Return the environment of a command: the checkout's package, no terminal's habits."""
        base = {name: value for name, value in os.environ.items() if name not in _FOREIGN}
        ours = {"PYTHONPATH": str(ROOT), "HPSEARCH_CACHE": str(self.cache), "COLUMNS": "200"}
        return base | ours | more

    def launch(self, *arguments, command=HPSEARCH, **environment):
        """Start a command from scratch in a session of its own; it may be ended by its process group."""
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            cwd=self.folder,
            env=self.environment(**environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.launched.append(process)
        return process

    def run(self, *arguments, timeout_s=180, command=None, **environment):
        """Run a command to its end: ``hpsearch`` as a fork, or from scratch where a ``command`` is named."""
        began = time.monotonic()
        scratch = command is not None or FROM_SCRATCH.intersection(environment)
        if scratch or not _FORKING.acquire(blocking=False):
            process = self.launch(*arguments, command=command or HPSEARCH, **environment)
            return ended(process, timeout_s=timeout_s, began=began)
        try:
            return self._fork(arguments, environment, timeout_s=timeout_s, began=began)
        finally:
            _FORKING.release()

    def _fork(self, arguments, environment, *, timeout_s, began):
        with tempfile.TemporaryDirectory() as folder:
            out, err = (Path(folder, name) for name in ("out", "err"))
            call = Call(
                arguments=[str(argument) for argument in arguments],
                folder=str(self.folder),
                environment={k: str(v) for k, v in self.environment(**environment).items()},
                streams=(os.devnull, str(out), str(err)),
                timeout_s=timeout_s,
            )
            code = _forks().run(call).code
            seconds = time.monotonic() - began
            if code == KILLED:
                raise subprocess.TimeoutExpired(call.arguments, timeout_s, out.read_bytes(), err.read_bytes())
            return Run(code=code, out=out.read_text(), err=err.read_text(), seconds=seconds)

    def write(self, name, text):
        """Write a file into the folder; return its path."""
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def end(self):
        """Kill the process groups that this program started."""
        for process in self.launched:
            kill_group(process)
            process.communicate()


def ended(process, *, timeout_s=180, began=None):
    """Wait for a command; return what it wrote and its exit code."""
    out, err = process.communicate(timeout=timeout_s)
    seconds = time.monotonic() - (began or time.monotonic())
    return Run(code=process.returncode, out=out, err=err, seconds=seconds)


def kill_group(process):
    """Kill a command and every process it started: launcher, fork server and workers."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def group(process):
    """Return the living processes of a command's session."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _parent, _group, session = stat.read_text().rpartition(")")[2].split()[:4]
            if int(session) == process.pid and state not in "ZX":
                found.append(int(stat.parent.name))
    return found


def eventually(condition, *, timeout_s=120.0, what="the condition"):
    """Look until a condition holds; return its value."""
    deadline = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < deadline, f"{what} did not hold within {timeout_s} s"
        time.sleep(0.02)
    return value


def rows(database, query, *values):
    """Return the rows of a query; none while file or tables are missing."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        try:
            return connection.execute(query, values).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return []


_MINE = "SELECT {what} FROM trials JOIN studies USING (study_id) WHERE study_name = ?"


def settled(database, study):
    """Return how many trials of a study are settled."""
    return len(rows(database, _MINE.format(what="number") + " AND state != 'RUNNING'", study))


def held(database):
    """Return the attempts that are neither finished nor handed back."""
    return rows(database, "SELECT number, attempt FROM hpsearch_attempts WHERE open AND outcome IS NULL")


def workers(database):
    """Return the process ids of workers that have not ended by themselves."""
    return [pid for (pid,) in rows(database, "SELECT pid FROM hpsearch_workers WHERE ended_at IS NULL")]


def assert_sound(database, study, *, trials):
    """Check the books of a finished study: the exact budget, one result a trial, nothing left open."""
    states = rows(database, _MINE.format(what="number, state") + " ORDER BY number", study)
    assert [number for number, _ in states] == list(range(trials))
    assert {state for _, state in states} <= {"COMPLETE", "PRUNED"}
    results = rows(
        database,
        _MINE.format(
            what="trial_id, (SELECT count(*) FROM trial_values v WHERE v.trial_id = trials.trial_id)"
        ),
        study,
    )
    assert [n for _, n in results] == [1] * trials
    assert rows(database, "SELECT * FROM hpsearch_attempts WHERE open") == []
    finished = "SELECT trial_id FROM hpsearch_attempts WHERE outcome = 'finished'"
    ids = [trial_id for trial_id, _ in results]
    done = [trial_id for (trial_id,) in rows(database, finished)]
    assert sorted(i for i in done if i in ids) == sorted(ids)
    assert_readable_by_optuna(database, study, trials=trials)


def assert_readable_by_optuna(database, study, *, trials):
    """Read a study through Optuna's public door: every trial with its curve, and what its value is."""
    storage = optuna.storages.RDBStorage(
        f"sqlite:///{database}", engine_kwargs={"connect_args": {"timeout": 30}}
    )
    try:
        found = optuna.load_study(study_name=study, storage=storage).trials
    finally:
        storage.remove_session()
        storage.engine.dispose()
    assert [trial.number for trial in found] == list(range(trials))
    for trial in found:
        assert list(trial.intermediate_values) == list(range(1, len(trial.intermediate_values) + 1))
        if trial.state is optuna.trial.TrialState.COMPLETE:
            curve = list(trial.intermediate_values.values())
            assert trial.value == np.mean(curve[-max(1, len(curve) // 5) :])
