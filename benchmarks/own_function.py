"""Time trials of a function that returns at once, by ``hpsearch start`` and by Optuna, on SQLite."""

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

FUNCTION = """
def score(trial):
    return -((trial.params["x"] - 0.3) ** 2) - (trial.params["y"] - 2) ** 2
"""
STUDY = """
name = "quick"
trials = {trials}
parallelism = 16

[objective]
call = "quick.py:score"

[space]
x = {{ low = 0.0, high = 1.0 }}
y = {{ low = 1e-3, high = 1e2, log = true }}

[confirm]
top = 0
"""
OPTUNA = """
import sys
import optuna

optuna.logging.set_verbosity(optuna.logging.WARNING)


def score(trial):
    x = trial.suggest_float("x", 0.0, 1.0)
    y = trial.suggest_float("y", 1e-3, 1e2, log=True)
    return -((x - 0.3) ** 2) - (y - 2) ** 2


study = optuna.create_study(storage="sqlite:///optuna.db", direction="maximize")
study.optimize(score, n_trials=int(sys.argv[1]))
"""
ENVIRONMENT = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def hpsearch_seconds(folder: Path, trials: int, *, watch: bool) -> float:
    """Return the seconds of a whole search with one worker, from the start of its process to its end."""
    (folder / "quick.py").write_text(FUNCTION)
    (folder / "quick.toml").write_text(STUDY.format(trials=trials))
    command = [sys.executable, "-m", "hpsearch", "start", "quick.toml", "--workers", "1", "--quiet"]
    begin = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, start_new_session=True
    ) as process:
        if watch:
            watch_memory(folder, process, trials)
        if process.wait():
            raise SystemExit("hpsearch start failed")
    return time.perf_counter() - begin


def watch_memory(folder: Path, process: "subprocess.Popen[bytes]", trials: int) -> None:
    """Print, at each eighth of the trials, the resident memory of all processes of a search."""
    for part in range(1, 9):
        begin = time.perf_counter()
        while process.poll() is None and settled(folder) < part * trials / 8:
            time.sleep(0.05)
        seconds = time.perf_counter() - begin
        print(
            f"{settled(folder):6d} trials, {resident_mib(process.pid):6.0f} MiB, {seconds:6.1f} s more",
            flush=True,
        )


def settled(folder: Path) -> int:
    """Return the number of complete trials in the database of a search."""
    try:
        with closing(sqlite3.connect(f"file:{folder / 'hpsearch.db'}?mode=ro", uri=True)) as database:
            (count,) = database.execute("SELECT count(*) FROM trials WHERE state = 'COMPLETE'").fetchone()
    except sqlite3.OperationalError:  # the file or the table is not there yet
        return 0
    return int(count)


def resident_mib(session: int) -> float:
    """Return the resident memory of a process and of all that descend from it, in MiB."""
    parents, memory = dict[int, int](), dict[int, int]()
    for entry in Path("/proc").glob("[0-9]*/statm"):
        try:
            parents[int(entry.parent.name)] = int(
                (entry.parent / "stat").read_text().rsplit(")", 1)[1].split()[1]
            )
            memory[int(entry.parent.name)] = int(entry.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, ValueError, IndexError):
            continue
    own = {session}
    while more := {one for one, parent in parents.items() if parent in own} - own:
        own |= more
    return sum(memory.get(one, 0) for one in own) / 2**20


def optuna_seconds(folder: Path, trials: int) -> float:
    """Return the seconds of Optuna's ``optimize`` with its own TPE, the process's start among them."""
    (folder / "peer.py").write_text(OPTUNA)
    begin = time.perf_counter()
    subprocess.run([sys.executable, "peer.py", str(trials)], cwd=folder, env=ENVIRONMENT, check=True)
    return time.perf_counter() - begin


def main() -> None:
    """Print milliseconds a trial, and their ratio; or the memory of a long search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", type=int, default=0, help="instead, one search of so many trials, watched")
    given = parser.parse_args()
    if given.long:
        with tempfile.TemporaryDirectory() as name:
            seconds = hpsearch_seconds(Path(name), given.long, watch=True)
        print(f"{given.long} trials: {seconds:.1f} s, {1e3 * seconds / given.long:.2f} ms a trial")
        return
    for _ in range(given.rounds):
        with tempfile.TemporaryDirectory() as name:
            own = hpsearch_seconds(Path(name), given.trials, watch=False)
            peer = optuna_seconds(Path(name), given.trials)
        each = [1e3 * seconds / given.trials for seconds in (own, peer)]
        print(f"hpsearch {each[0]:.2f} ms a trial, Optuna {each[1]:.2f}, ratio {peer / own:.1f}", flush=True)


if __name__ == "__main__":
    main()
