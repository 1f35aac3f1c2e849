"""Workers as jobs of Slurm, by way of submitit."""

import os
import pickle
import shutil
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from concurrent.futures import Future
from pathlib import Path
from shlex import quote
from typing import Any

from hpsearch.data import cache_root
from hpsearch.engine.base import EngineError, RemoteEngine, library, settle
from hpsearch.engine.subprocess_call import Answer, Call
from hpsearch.engine.subprocess_environment import variables_of_subprocess
from hpsearch.study_file import FleetSpec

POLL_S = 0.25
LAG_S = 20.0
"""How long after a job the file with its answer may still be on its way through a shared file system."""
USUAL: dict[str, Any] = {"job_name": "hpsearch", "time": 60}
"""Options that hold unless others are given: a job that reaches its 60 minutes is followed by another one."""


CALL = "HPSEARCH_CALL"
"""The variable of a job that holds its call."""


class JobCall:
    """A call of which a job's file knows nothing: it travels in the job's environment.

    Among the arguments of a call is the address of the database. The file of a job stays when its launcher
    is killed; an environment is gone with its process, and no other user reads it.
    """

    def __call__(self) -> Answer:
        """Take the call out of the environment and make it."""
        text = os.environ.pop(CALL, None)
        if text is None:
            return False, EngineError(
                f"engine slurm: expected the variable {CALL} in the environment of the job, found none; "
                "let sbatch export the launcher's environment: --export=ALL, or SBATCH_EXPORT=ALL"
            )
        call: Call = pickle.loads(b64decode(text))  # noqa: S301 - of the launcher, by way of its own job
        return call()


class SlurmEngine(RemoteEngine):
    """Submits each call as a job of its own.

    A call goes through the environment of its job, with the address of the database in it, and its answer
    through a file. The folder of the files is made for this engine, can be entered by its owner alone, and is
    removed at the end; the files of a call go as soon as it has answered. Logs stay where a job was lost.

    Args:
        fleet: The options go to ``sbatch``, under submitit's names (``partition``, ``time`` in minutes,
            ``mem``, ``cpus_per_task``, ``account``...), and two of this engine: ``folder``, where every node
            sees it, and ``cluster = "local"``, which runs jobs as processes of this machine.

    Raises:
        EngineError: submitit is not installed, this machine has no Slurm, or an option is unknown.
    """

    def __init__(self, fleet: FleetSpec) -> None:
        super().__init__()
        submitit = library("submitit", engine="slurm")
        options = USUAL | dict(fleet.options)
        cluster = options.pop("cluster", "slurm")
        if cluster not in {"slurm", "local"}:
            raise EngineError(f'engine slurm: expected cluster "slurm" or "local", found {cluster!r}')
        self._local: bool = cluster == "local"
        self._lost = (submitit.core.utils.UncompletedJobError, FileNotFoundError)
        self._jobs = threading.Lock()  # submitit's books are not made for two threads
        self._keeps_logs = False
        if not self._local and shutil.which("sbatch") is None:
            raise EngineError(
                "engine slurm: expected the commands of Slurm on this machine, found no sbatch; to try it "
                'without, [fleet] options = { cluster = "local" }'
            )
        root = Path(options.pop("folder", None) or cache_root() / "slurm").expanduser()
        root.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix="fleet-", dir=root.absolute()))  # mode 0700
        try:
            self._executor = self._make(submitit, options)
        except (RuntimeError, TypeError, ValueError) as error:
            self._leave()
            raise EngineError(f"engine slurm: {' '.join(str(error).split())}") from None

    def _make(self, submitit: Any, options: dict[str, Any]) -> Any:
        python = f"{quote(sys.executable)} -P"  # a node need not get the variables of this process
        if self._local:
            executor = submitit.LocalExecutor(self._folder, python=python)
            executor.update_parameters(timeout_min=options["time"], setup=options.get("setup", ()))
            return executor
        executor = submitit.SlurmExecutor(self._folder, python=python)
        executor.update_parameters(**options)
        return executor

    @property
    def here(self) -> bool:
        """Whether the jobs are processes of this machine."""
        return self._local

    @property
    def cores(self) -> int:
        """Not known: it is as many jobs as one asks for."""
        raise EngineError("engine slurm: expected a number of workers, found none; say how many: --workers N")

    def _send(self, call: Call, future: Future[Any]) -> Any:
        try:
            text = b64encode(pickle.dumps(call)).decode()
            with self._jobs, variables_of_subprocess({CALL: text}):
                job = self._executor.submit(JobCall())
        except (OSError, RuntimeError) as error:
            raise EngineError(
                f"engine slurm: expected a job, found: {' '.join(str(error).split())}"
            ) from error
        threading.Thread(target=self._wait, args=(job, future), daemon=True).start()
        return job

    def _wait(self, job: Any, future: Future[Any]) -> None:
        # A process of this machine is waited for even when its call was cancelled: it must be collected.
        while not self._is_done(job) and not (future.cancelled() and not self._local):
            time.sleep(POLL_S)
        settle(future, lambda: self._fetch(job), lost=self._lost, where="engine slurm")
        for file in (job.paths.submitted_pickle, job.paths.result_pickle):
            file.unlink(missing_ok=True)

    def _is_done(self, job: Any) -> bool:
        with self._jobs:
            return bool(job.done())

    def _fetch(self, job: Any) -> Answer:
        deadline = time.monotonic() + (0.0 if self._local else LAG_S)
        while not job.paths.result_pickle.exists():
            if time.monotonic() > deadline:
                self._keeps_logs = True
                raise FileNotFoundError(f"job {job.job_id} left no answer; its log: {job.paths.stderr}")
            time.sleep(POLL_S)
        answer: Answer = job.result()
        return answer

    def _has_begun(self, sent: Any) -> bool:
        return bool(sent.paths.stdout.exists())  # made when the job starts, whatever the accounting knows

    def _cancel(self, sent: Any) -> None:
        sent.cancel()

    def _leave(self) -> None:
        if not self._keeps_logs:
            shutil.rmtree(self._folder, ignore_errors=True)
