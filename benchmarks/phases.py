"""Where the time of one search goes: start-up, search, confirmation, judging and end, by wall and processor.

Run it from a checkout: ``python benchmarks/phases.py``, with ``--json`` for one document.
"""

import argparse
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lineup import CONTENDERS, Task
from machine import machine_facts
from measure import BLAS_THREADS, Size, write_split

from hpsearch.report.numbers.phases import phases_of
from hpsearch.store import opened

SCHEMA_VERSION = 1
LOOK_S = 0.01
TICKS = os.sysconf("SC_CLK_TCK")
HEADINGS = ("contender", "phase", "seconds", "share", "CPU s", "cores busy", "training", "idle", "lanes")


class ProcessorTime(threading.Thread):
    """Notes the processor time of a process and of all that it starts, every ``LOOK_S``.

    Args:
        pid: The process.

    Attributes:
        seen: Moment -> seconds of all processes so far, those that have ended included.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._root, self._known = pid, dict[int, float]()
        self.seen: list[tuple[float, float]] = [(time.time(), 0.0)]
        self.ended = threading.Event()

    def run(self) -> None:
        """Look until asked to end."""
        while not self.ended.wait(LOOK_S):
            pending = [self._root]
            while pending:
                pid = pending.pop()
                with suppress(OSError, ValueError, IndexError):
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    self._known[pid] = (int(fields[11]) + int(fields[12])) / TICKS
                    pending += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            self.seen.append((time.time(), sum(self._known.values())))

    def at(self, moment: float) -> float:
        """Return the seconds until a moment."""
        return max((spent for at, spent in self.seen if at <= moment), default=0.0)


def measured(name: str, task: Task) -> list[dict[str, Any]]:
    """Run a contender; return its phases in order, each with wall and processor seconds."""
    command = CONTENDERS[name].prepare(task)
    began = time.time()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watch = ProcessorTime(process.pid)
    watch.start()
    _, errors = process.communicate()
    ended = time.time()
    watch.ended.set()
    watch.join()
    if process.returncode:
        raise RuntimeError(f"{name}: exit code {process.returncode}: {errors.decode()[-2000:]}")
    first, marks, more = _marks(task, hpsearch=CONTENDERS[name].needs == "hpsearch")
    ends = {"start-up": first, **marks, "end": ended}
    phases, since = [], began
    for phase, until in ends.items():
        wall_s, cpu_s = until - since, watch.at(until) - watch.at(since)
        found = {"phase": phase, "seconds": wall_s, "cpu_seconds": cpu_s, **more.get(phase, {})}
        phases.append(found)
        since = until
    return phases


def _marks(
    task: Task, *, hpsearch: bool
) -> tuple[float, dict[str, float], dict[str, dict[str, float | None]]]:
    """Return when the first trial began, phase -> when it ended, and phase -> what the ledger says of it."""
    if not hpsearch:
        with closing(sqlite3.connect(task.database)) as connection:
            query = "SELECT min(datetime_start), max(datetime_complete) FROM trials"
            first, last = connection.execute(query).fetchone()
        return _seconds(first), {"search": _seconds(last)}, {}
    with opened(task.storage) as ledger:
        study = ledger.find_study(None)
        phases = phases_of(ledger, study)
        spans = {"search": ledger.span(study)}
        if (companion := ledger.companion(study)) is not None:
            spans["confirmation"] = ledger.span(companion)
    marks = {name: span[1] for name, span in spans.items() if span is not None}
    last = max(marks.values())
    marks |= {phase.name: last + phase.seconds for phase in phases if phase.name == "judging"}
    facts = {one.name: {"training": one.training, "idle": one.idle, "lanes": one.together} for one in phases}
    assert spans["search"] is not None
    return spans["search"][0], marks, facts


def _seconds(moment: str) -> float:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def medians(runs: Sequence[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """Return the phases of a contender, each number the median over its runs."""
    phases = []
    for same in zip(*runs, strict=True):
        seen = {key: [one[key] for one in same if one[key] is not None] for key in same[0] if key != "phase"}
        numbers = {key: statistics.median(values) for key, values in seen.items() if values}
        phases.append({"phase": same[0]["phase"], **numbers})
    return phases


def render(document: Mapping[str, Any]) -> str:
    """Return the table of a document."""
    rows: list[tuple[str, ...]] = [HEADINGS]
    for name, phases in document["contenders"].items():
        total = sum(phase.get("seconds", 0.0) for phase in phases)
        for phase in phases:
            wall_s, cpu_s = phase.get("seconds", 0.0), phase.get("cpu_seconds", 0.0)
            shares = (f"{phase[key]:.0%}" if key in phase else "" for key in ("training", "idle"))
            busy = f"{cpu_s / wall_s:.2f}" if wall_s else ""
            lanes = f"{phase['lanes']:.1f}" if "lanes" in phase else ""
            cells = (f"{wall_s:.2f}", f"{wall_s / total:.0%}", f"{cpu_s:.2f}", busy, *shares, lanes)
            rows.append((CONTENDERS[name].title, phase["phase"], *cells))
        rows.append((CONTENDERS[name].title, "in all", f"{total:.2f}", "", "", "", "", "", ""))
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)


def main() -> None:
    """Measure what the command line asks for; print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of a table")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each contender (3)")
    parser.add_argument("--trials", type=int, default=100, help="trials of a search (100)")
    parser.add_argument("--epochs", type=int, default=10, help="epochs of a trial (10)")
    parser.add_argument("--contenders", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    options = parser.parse_args()
    names = [name for name in options.contenders if CONTENDERS[name].missing is None]
    size = Size(trials=options.trials, epochs=options.epochs)
    runs: dict[str, list[list[dict[str, Any]]]] = {name: [] for name in names}
    machine = machine_facts()
    with tempfile.TemporaryDirectory(prefix="hpsearch-benchmark-") as scratch:
        os.environ.update(dict.fromkeys(BLAS_THREADS, "1"), HPSEARCH_CACHE=f"{scratch}/cache")
        split = write_split(Path(scratch) / "split.npz", 42)
        for place in range(-1, options.repeats):  # the first run of each reads packages from the disk
            for name in names if place % 2 else reversed(names):
                with tempfile.TemporaryDirectory(dir=scratch) as own:
                    where = {"split": split, "folder": Path(own)}
                    few = size if place >= 0 else Size(trials=4, epochs=1)
                    found = measured(
                        name,
                        Task(seed=42, trials=few.trials, epochs=few.epochs, processes=few.processes, **where),
                    )
                if place >= 0:
                    runs[name].append(found)
                    print(f"run {place}: {name}", file=sys.stderr)
    document = {
        "schema_version": SCHEMA_VERSION,
        "machine": machine,
        "contenders": {name: medians(found) for name, found in runs.items()},
    }
    print(json.dumps(document, indent=2, allow_nan=False) if options.json else render(document))


if __name__ == "__main__":
    main()
