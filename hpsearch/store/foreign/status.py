"""Where a study stands that Optuna alone has made: counts, running best, and what is known of each study."""

import math
from collections import Counter
from typing import Any

import sqlalchemy as sa

from hpsearch.search import Stage, TrialState
from hpsearch.search import fingerprint as line_of
from hpsearch.store.foreign.find import find_foreign, foreign_names
from hpsearch.store.foreign.trials import read_history, read_params
from hpsearch.store.records.records import Maker, Study
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.status import overview
from hpsearch.store.status.overview import StudyOverview
from hpsearch.store.status.snapshot import Snapshot
from hpsearch.store.status.status import Status


def read_status(tx: Transaction, study: Study) -> Status:
    """Return the status of a study: every trial that is there counts as its budget."""
    return _read(tx, study)[0]


def read_snapshot(
    tx: Transaction,
    study: Study,
    known: Snapshot | None = None,  # noqa: ARG001 - a verb of the ledger
    *,
    fingerprint: bool = False,
) -> Snapshot:
    """Return a study at one moment: its counts and its best trial; it has no workers and no stages."""
    found = study.recorded
    assert found is not None
    status, bests = _read(tx, study)
    best_id = bests[-1][2] if bests else None
    return Snapshot(
        at=tx.clock(),
        search=status,
        stage=Stage.DONE if status.finished else None,
        best_params={} if best_id is None else read_params(tx, found, best_id),
        bests=tuple((number, value) for number, value, _ in bests),
        fingerprint=_fingerprint(tx, study) if fingerprint else None,
    )


def read_overview(tx: Transaction) -> list[StudyOverview]:
    """Return every study at a glance, hpsearch's first; of Optuna's alone only for those who read them."""
    own = overview.read_overview(tx) if tx.own else []
    return own + ([_overview(tx, name) for name in foreign_names(tx)] if tx.foreign else [])


def _overview(tx: Transaction, name: str) -> StudyOverview:
    study = find_foreign(tx, name, bare=True)
    status = read_status(tx, study)
    return StudyOverview(
        study_id=study.study_id,
        search_id=study.study_id,
        study=name,
        budget=status.budget,
        counts=status.counts,
        best_number=status.best_number,
        best_value=status.best_value,
        created_at=status.created_at,
        maker=status.maker,
        objectives=status.objectives,
    )


def _fingerprint(tx: Transaction, study: Study) -> str:
    return line_of(study.space, read_history(tx, study).history)


def _read(tx: Transaction, study: Study) -> tuple[Status, list[tuple[int, float, int]]]:
    """Return the status of a study, and number, value and key of each trial that was a new best."""
    assert study.recorded is not None
    counts: Counter[TrialState] = Counter()
    infinite = 0
    bests: list[tuple[int, float, int]] = []
    for key, number, state, value in tx.execute(_rows(tx, study)):
        counts[STATES[state]] += 1
        complete, finite = STATES[state] is TrialState.COMPLETE, value is not None and math.isfinite(value)
        infinite += complete and not finite
        if complete and finite and (not bests or study.sign * value > study.sign * bests[-1][1]):
            bests.append((number, value, key))
    if study.recorded.objectives != 1:
        bests, infinite = [], 0
    status = Status(
        study=study.name,
        budget=sum(counts.values()),
        counts=dict(counts),
        best_number=bests[-1][0] if bests else None,
        best_value=bests[-1][1] if bests else None,
        created_at=study.created_at,
        maker=Maker.OPTUNA,
        infinite=infinite,
        objectives=study.recorded.objectives,
    )
    return status, bests


def _rows(tx: Transaction, study: Study) -> sa.Select[Any]:
    trials, values = tx.tables.trials, tx.tables.trial_values
    of_trial = sa.and_(values.c.trial_id == trials.c.trial_id, values.c.objective == 0)
    return (
        sa.select(trials.c.trial_id, trials.c.number, trials.c.state, values.c.value)
        .outerjoin(values, of_trial)
        .where(trials.c.study_id == study.study_id)
        .order_by(trials.c.number)
    )
