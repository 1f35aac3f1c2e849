"""Counts and running best of the trials of a study, counted on from where the last look ended."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

import sqlalchemy as sa

from hpsearch.search import TrialState
from hpsearch.store.records.records import UNSETTLED, Study
from hpsearch.store.schema.states import STATES
from hpsearch.store.schema.tables import Optuna, prepared
from hpsearch.store.schema.transaction import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Counts and running best of the trials of a study.

    Attributes:
        counts: Trials in each state.
        bests: Number and value of each complete trial that is better than every complete one of a lower
            number: the running best, where it changes.
        best_id: The key of the last of them; 0 without.
        next_id: No trial that is not counted has a lower key.
        reopened: How often a failed trial of the study had been tried again on request.
    """

    counts: Mapping[TrialState, int] = field(default_factory=dict)
    bests: tuple[tuple[int, float], ...] = ()
    best_id: int = 0
    next_id: int = 0
    reopened: int = 0

    def plus(self, rows: Iterable[Any], *, sign: float) -> "Counters":
        """Return the counters with more trials: rows of key, number, state and value, in order.

        Args:
            rows: The trials.
            sign: 1 where more is better, else -1.
        """
        counts, bests = Counter(self.counts), list(self.bests)
        best_id, next_id = self.best_id, self.next_id
        for key, number, name, value in rows:
            state = STATES[name]
            counts[state] += 1
            next_id = key + 1
            counted = state is TrialState.COMPLETE and value is not None
            if counted and (not bests or sign * value > sign * bests[-1][1]):
                bests.append((number, value))
                best_id = key
        return Counters(
            counts=dict(counts),
            bests=tuple(bests),
            best_id=best_id,
            next_id=next_id,
            reopened=self.reopened,
        )


def count_trials(
    tx: Transaction, study: Study, known: Counters, *, reopened: int
) -> tuple[Counters, Counters]:
    """Return the counters of a study's leading settled trials, and the counters of all its trials.

    Args:
        tx: The transaction.
        study: The study.
        known: The first of the two at an earlier look: what is in it is not read again.
        reopened: How often a failed trial has been tried again: what is ``known`` counts for nothing when
            that has happened since.
    """
    if known.reopened != reopened:
        known = Counters(reopened=reopened)
    rows = tx.execute(_rows(tx.tables), {"study": study.study_id, "first": known.next_id}).all()
    settled = list(takewhile(lambda row: STATES[row[2]] not in UNSETTLED, rows))
    final = known.plus(settled, sign=study.sign)
    return final, final.plus(rows[len(settled) :], sign=study.sign)


@prepared
def _rows(tables: Optuna) -> sa.Select[Any]:
    trials, values = tables.trials, tables.trial_values
    of_trial = sa.and_(values.c.trial_id == trials.c.trial_id, values.c.objective == 0)
    return (
        sa.select(trials.c.trial_id, trials.c.number, trials.c.state, values.c.value)
        .outerjoin(values, of_trial)
        .where(trials.c.study_id == sa.bindparam("study"), trials.c.trial_id >= sa.bindparam("first"))
        .order_by(trials.c.trial_id)  # the keys rise with the numbers
    )
