"""What must hold of a ledger after every step, and at the end."""

import numpy as np
import sqlalchemy as sa
from hypothesis.stateful import (
    invariant,
)

from hpsearch.search import TrialState, history_digests
from hpsearch.store.schema.states import OPTUNA_STATES

TABLES = ("trials", "trial_params", "trial_values", "trial_intermediate_values")


class Promises:
    """Invariants of a machine that has a ledger, a study, a model, and the study as Optuna sees it."""

    @invariant()
    def the_history_read_in_parts_is_the_whole(self):
        """Incremental and full reading agree with each other and with the model."""
        whole, row = self.ledger.look(self.study)
        self.check_row(row)
        part = self.ledger.history(self.study, self.known)
        trials = self.model.trials
        assert (part.first_changing, part.reopened) == (whole.first_changing, self.model.reopened)
        for history in (whole.history, part.history):
            assert [history.point(n) for n in range(len(history))] == [t.internal for t in trials]
            expected = [t.result.state if t.result else TrialState.RUNNING for t in trials]
            assert history.states.tolist() == [int(state) for state in expected]
            values = [t.result.value if t.result else None for t in trials]
            assert [None if np.isnan(v) else v for v in history.values] == values
            curves = [t.curve if t.result else () for t in trials]
            assert [tuple(row[~np.isnan(row)]) for row in history.curves] == curves
        digests = zip(history_digests(whole.history), trials, strict=True)
        assert self.ledger.digests(self.study) == [d for d, t in digests if d is not None and t.noticed]

    def check_row(self, row):
        """Every count is the model's."""
        trials = self.model.trials
        assert row.admitted == len(trials) <= self.model.end == row.end
        assert (row.budget, row.changes) == (self.model.budget, self.study.changes)
        assert row.settled_prefix == self.model.prefix
        assert row.orphans == sum(t.orphaned or not t.noticed for t in trials)
        assert row.unsettled == sum(t.result is None or not t.noticed for t in trials)
        assert len(row.external) == len(self.model.strangers)
        assert (row.control, row.reopened) == (self.model.control, self.model.reopened)

    @invariant()
    def the_books_are_sound(self):
        """What stands in the tables, read in one transaction."""
        trials, attempts, rows = self.ledger.database.read(self.books)
        assert [number for _, number in trials] == list(range(self.model.next_number))
        self.check_attempts(attempts)
        self.check_settled([rows[trial_id] for trial_id, _ in trials])

    def books(self, connection):
        """Return trials, attempts and, by trial, whatever is stored of each."""

        def ask(columns, table, where="study_id = :id", order="1, 2"):
            sql = f"SELECT {columns} FROM {table} WHERE {where} ORDER BY {order}"
            found = connection.execute(sa.text(sql), {"id": self.study.study_id})
            return [tuple(row) for row in found]

        mine = "trial_id IN (SELECT trial_id FROM trials WHERE study_id = :id)"
        rows = {}
        for table in TABLES:
            for row in ask("trial_id, *", table, mine):
                rows.setdefault(row[0], []).append((table, row))
        attempts = ask("number, attempt, outcome, open, ended_at, digest", "hpsearch_attempts")
        return ask("trial_id, number", "trials"), attempts, rows

    def check_attempts(self, rows):
        """Attempts count up by one; exactly one is open for each unsettled trial, none for the others."""
        attempts = [[] for _ in self.model.trials]
        for number, *attempt in rows:
            attempts[number].append(attempt)
        for trial, found in zip(self.model.trials, attempts, strict=True):
            assert [attempt for attempt, *_ in found] == list(range(1, len(trial.past) + 2))
            *earlier, (_, outcome, is_open, ended_at, digest) = found
            assert [(outcome, bool(is_open)) for _, outcome, is_open, *_ in earlier] == [
                (outcome, False) for outcome, _ in trial.past
            ]
            assert bool(is_open) == (trial.result is None or not trial.noticed)
            assert (digest is None) == bool(is_open)
            assert (ended_at is None) == (outcome is None)
            if trial.result is None:
                assert outcome == trial.ended

    def check_settled(self, rows):
        """Whatever is stored of a settled trial stays as it was when it settled."""
        for number, trial in enumerate(self.model.trials):
            if trial.result is not None:
                assert self.frozen.setdefault(number, rows[number]) == rows[number]

    def teardown(self):
        """Read the study through Optuna: it says the same."""
        if not hasattr(self, "frozen"):
            return
        found = self.optuna.get_trials(deepcopy=False)
        assert [t.number for t in found] == list(range(self.model.next_number))
        for row, trial in zip(found, self.model.trials, strict=False):
            result = trial.result
            assert row.state.name == (OPTUNA_STATES[result.state] if result else "RUNNING")
            assert row.params == self.space.external(trial.internal)
            assert row.value == (result.value if result else None)
            assert row.intermediate_values == dict(enumerate(trial.curve, start=1))
