"""What a trial, a look and an export cost in studies of different sizes."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import sqlalchemy as sa
from ledger_contenders import CURVE, Hand, create_study, proposals, study_spec
from ledger_databases import NewDatabase

from hpsearch.report import summarize
from hpsearch.store import Ledger, Study

SPARE = 10_000
"""Trials that a filled study has left to admit."""
K = 8
LOOKS = ("status", "best", "export")

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :trials) "
_MINE = " FROM trials WHERE study_id = :study"
_VALUE = "0.5 + (number * 7919 % 10007) / 25000.0"
FILL = (
    "INSERT INTO trials (number, study_id, state, datetime_start, datetime_complete) "
    + _NUMBERS
    + "SELECT i, :study, 'COMPLETE', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM n",
    *(
        "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) "
        f"SELECT trial_id, '{name}', {low} + (number * {prime} % 1009) / 1009.0 * {high - low}, :{name}"
        + _MINE
        for name, low, high, prime in (
            ("lr", 1e-5, 1e-1, 7907),
            ("weight_decay", 1e-8, 1e-2, 7901),
            ("dropout", 0.0, 0.6, 7883),
        )
    ),
    "INSERT INTO trial_values (trial_id, objective, value, value_type) "
    f"SELECT trial_id, 0, {_VALUE}, 'FINITE'" + _MINE,
    *(
        "INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) "
        f"SELECT trial_id, {step}, ({_VALUE}) * {step / len(CURVE)}, 'FINITE'" + _MINE
        for step in range(1, len(CURVE) + 1)
    ),
    "INSERT INTO trial_user_attributes (trial_id, key, value_json) SELECT trial_id, 'stage', '\"round 0\"'"
    + _MINE,
    "INSERT INTO hpsearch_attempts (trial_id, attempt, study_id, number, token, worker_id, claimed_at, "
    "lease_until, ended_at, outcome, open, alone, digest) "
    "SELECT trial_id, 1, study_id, number, 'filled', 1, 1.7e9 + number, 1.7e9 + number, 1.7e9 + number + 1, "
    f"'finished', :no, :no, '{'0' * 57}' || CAST(1000000 + number AS CHAR(7))" + _MINE,
    "UPDATE hpsearch_studies SET admitted = :trials, newest_trial_id = (SELECT max(trial_id)" + _MINE + ") "
    "WHERE study_id = :study",
)
"""A study of settled trials, written inside the database; their digests have the right length alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A database with one study of settled trials.

    Attributes:
        url: The database.
        trials: Settled trials.
    """

    url: str
    trials: int

    @property
    def budget(self) -> int:
        """The study's budget: some trials are left to admit."""
        return self.trials + SPARE


def filled(url: str, trials: int) -> Filled:
    """Make a study with so many settled trials, as fast as the database can write them."""
    made = Filled(url=url, trials=trials)
    spec = study_spec("grown", made.budget)
    ledger = Ledger(url, create=True)
    study = create_study(ledger, spec)
    values: dict[str, Any] = {p.name: p.distribution() for p in spec.space}
    values |= {"study": study.study_id, "trials": trials, "no": False}

    def fill(connection: sa.Connection) -> None:
        for statement in FILL:
            text = sa.text(statement)
            names = [name for name in text.compile().params if name in values]
            connection.execute(text, {name: values[name] for name in names})
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")  # autovacuum does so within a minute

    ledger.database.write(fill)
    ledger.close()
    return made


def growth(studies: Sequence[Filled], *, rounds: int) -> list[dict[str, Any]]:
    """Return what a trial costs in each study: claims and results of ``K`` trials, the studies in turn."""
    hands = [_hand(study) for study in studies]
    times: dict[Filled, dict[str, list[float]]] = {
        study: {"claim_finish": [], "schedule": []} for study in studies
    }
    for _ in range(rounds):
        for study, hand in zip(studies, hands, strict=True):
            first = hand.ledger.row(hand.study).admitted
            offered = proposals(first, first + K)
            took = timed(lambda hand=hand, offered=offered: hand.finish(hand.claim(offered, K)))
            times[study]["claim_finish"].append(took / K)
            times[study]["schedule"].append(timed(lambda hand=hand: hand.ledger.row(hand.study)))
    for hand in hands:
        hand.ledger.close()
    return [
        {"trials": study.trials, **{f"{name}_s": median(found) for name, found in times[study].items()}}
        for study in studies
    ]


def _hand(study: Filled) -> Hand:
    hand = Hand(Ledger(study.url), study_spec("grown", study.budget))
    for _ in range(3):  # statements compile once
        first = hand.ledger.row(hand.study).admitted
        hand.settle(hand.claim(proposals(first, first + K), K))
    return hand


def looks(study: Filled, *, rounds: int) -> dict[str, Any]:
    """Return the seconds of each look, as a call and as a whole command, and its peak memory."""
    calls: dict[str, Callable[[Ledger, Study], object]] = {
        "status": lambda ledger, found: ledger.snapshot(found).search,
        "best": summarize,
    }
    found: dict[str, Any] = {"trials": study.trials, "call_s": {}, "command_s": {}, "peak_mib": {}}
    ledger = Ledger(study.url)
    row = ledger.find_study("grown")
    for name, call in calls.items():
        found["call_s"][name] = median(timed(lambda call=call: call(ledger, row)) for _ in range(rounds))
    ledger.close()
    for name in LOOKS:
        runs = [_command(name, study.url) for _ in range(rounds)]
        found["command_s"][name] = median(run[0] for run in runs)
        found["peak_mib"][name] = max(run[1] for run in runs)
    return found


_MEASURED = """
import json, resource, subprocess, sys
with open(sys.argv[1], "wb") as out:
    done = subprocess.run(sys.argv[2:], stdout=out)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([done.returncode, usage.ru_maxrss / 1024]))
"""
"""Runs a command in a process of its own, so that the peak memory is this command's alone."""


def _command(name: str, url: str) -> tuple[float, float]:
    """Run ``hpsearch NAME``; return its seconds and its peak memory in MiB."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "hpsearch", name]
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-S", "-c", _MEASURED, str(Path(folder) / "out"), *command],
            env=os.environ | {"HPSEARCH_STORAGE": url},
            check=True,
            stdout=subprocess.PIPE,
        )
        seconds = time.perf_counter() - began
    code, peak_mib = json.loads(done.stdout)
    if code != 0:
        raise SystemExit(f"hpsearch {name}: expected exit code 0, found {code}")
    return seconds, peak_mib


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure_growth(new: NewDatabase, sizes: Sequence[int], *, rounds: int) -> dict[str, Any]:
    """Fill studies of these sizes; return what trials and looks cost in them."""
    studies = [filled(new(), size) for size in sizes]
    return {
        "growth": growth(studies, rounds=20 * rounds),
        "looks": [looks(study, rounds=rounds) for study in (studies[0], studies[-1])],
    }
