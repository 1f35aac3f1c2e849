"""A study made by the ledger's own verbs, of which every number is known: without clock and training."""

from pathlib import Path

import sqlalchemy as sa

from hpsearch.search import SearchPlan, TrialState, judge
from hpsearch.store import Ledger, Result, Study, WorkerIdentity
from hpsearch.study_file import StudySpec, read_study
from hpsearch.worker import search_terms

TEXT = """
name = "made"
seed = 3
trials = 40
parallelism = 2

[data]
source = "digits"

[space]
lr = { low = 1e-4, high = 1e-1, log = true }
layers = { low = 1, high = 4 }
optimizer = { choices = ["sgd", "momentum"] }
momentum = { low = 0.9, high = 0.999, log = "mirrored", when = { optimizer = "momentum" } }

[search]
rounds = [16, 8]
rungs = [2]
"""
ENVIRONMENTS = (
    {"hpsearch": "1.0", "python": "3.11", "numpy": "2.4", "cores": 2},
    {"hpsearch": "1.0", "python": "3.12", "numpy": "2.4", "cores": 8},
)
SPENT = (
    {"training": 12.0, "database": 0.5, "proposals": 2.0, "idle": 0.25},
    {"training": 30.0, "database": 1.5, "proposals": 1.0, "idle": 0.0},
    {},
)
BEGAN = 1_700_000_000.0


def study_spec(folder: Path, text: str = TEXT) -> StudySpec:
    """Return the study."""
    path = folder / "made.toml"
    path.write_text(text)
    return read_study(path)


def curve_of(params):
    """Return the accuracies of a trial: rising, and best for a learning rate of 0.01 and two layers."""
    distance = abs(params["lr"] - 0.01) / 0.1 + 0.1 * abs(params["layers"] - 2)
    top = 0.95 - 0.5 * min(distance, 1.0) - (0.05 if params["optimizer"] == "sgd" else 0.0)
    return tuple(round(top * share, 4) for share in (0.6, 0.8, 0.95, 1.0))


def result_of(number, params, limits):
    """Return what comes of a trial: every thirteenth fails, others may stop at the rung."""
    if number % 13 == 12:
        return Result(state=TrialState.FAILED, value=None, reason="its worker died")
    curve = curve_of(params)
    for epoch in range(1, len(curve)):
        if judge(limits, curve[:epoch]):
            reason = f"stopped after {epoch} whole epochs"
            return Result(state=TrialState.PRUNED, value=curve[epoch - 1], curve=curve[:epoch], reason=reason)
    return Result(state=TrialState.COMPLETE, value=curve[-1], curve=curve)


def make_study(ledger: Ledger, spec: StudySpec, *, n_trials: int) -> Study:
    """Create a study and settle its first trials, one after the other."""
    study = ledger.open_study(search_terms(spec, data_hash="d" * 64))
    identities = [
        WorkerIdentity(host=f"node{i}/boot/room", process=f"{100 + i}@1", pid=100 + i, environment=facts)
        for i, facts in enumerate((*ENVIRONMENTS, {}), 1)
    ]
    workers = [ledger.enlist(study, identity) for identity in identities]
    plan, known = SearchPlan(spec), None
    for number in range(n_trials):
        known = ledger.history(study, known)
        proposals = [plan.propose(known.history, number)]
        (claim,) = ledger.claim(study, worker_id=workers[number % 3], proposals=proposals, limit=1)
        limits = plan.limits(known.history, number)
        ledger.finish([(claim, result_of(number, spec.space.external(claim.internal), limits))])
    for worker_id, spent in zip(workers, SPENT, strict=True):
        ledger.retire(worker_id, spent=spent)
    ledger.database.write(_set_clocks)
    return study


def _set_clocks(connection):
    """Let every trial take two seconds, and every worker 50."""
    run = connection.exec_driver_sql
    run(f"UPDATE hpsearch_studies SET created_at = {BEGAN}").close()
    run(f"UPDATE hpsearch_workers SET started_at = {BEGAN}, beat_at = {BEGAN + 50}").close()
    run(f"UPDATE hpsearch_attempts SET claimed_at = {BEGAN} + number").close()
    run("UPDATE hpsearch_attempts SET ended_at = claimed_at + 2 WHERE ended_at IS NOT NULL").close()
    moment = "strftime('%Y-%m-%d %H:%M:%f', 1700000000 + {}, 'unixepoch')"
    connection.execute(
        sa.text(
            f"UPDATE trials SET datetime_start = {moment.format('number')}, "
            f"datetime_complete = {moment.format('number + 2')}"
        )
    )
