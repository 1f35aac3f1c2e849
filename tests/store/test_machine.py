"""Any order of verbs by several workers keeps the ledger's promises."""

import dataclasses
from itertools import count

import numpy as np
import optuna
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from hpsearch.search import TrialState, may_start
from hpsearch.store import Result
from hpsearch.store.results import OPTUNA_STATES

BUDGET, PARALLELISM, DEATHS = 6, 4, 3
OUTCOMES = {None, "released", "expired", "finished"}

accuracies = st.integers(0, 16).map(lambda i: i / 16)
curves = st.lists(accuracies, max_size=4).map(tuple)
results = st.builds(
    Result,
    state=st.sampled_from([TrialState.COMPLETE, TrialState.PRUNED]),
    value=accuracies,
    curve=curves,
) | st.builds(Result, state=st.just(TrialState.FAILED), value=st.none(), reason=st.just("it broke"))


@dataclasses.dataclass
class Trial:
    """What the model knows of a trial: its parameters, attempts, deaths, holder, curve and result."""

    internal: tuple[float, ...]
    claim: object = None
    held: bool = True
    alive: bool = True
    deaths: int = 0
    curve: tuple[float, ...] = ()
    result: Result | None = None

    @property
    def orphaned(self):
        """Whether nobody holds it and it is not settled."""
        return self.result is None and not (self.held and self.alive)


class Machine(RuleBasedStateMachine):
    """Three workers at one study; the model says what every verb must answer."""

    tools = None
    names = None

    @initialize()
    def open(self):
        """Start with a study of a few trials and three workers."""
        self.ledger = self.tools["ledger"]
        terms = self.tools["terms"](next(self.names), budget=BUDGET, parallelism=PARALLELISM)
        study = self.ledger.open_study(terms)
        self.workers = [self.tools["hire"](self.ledger, study, f"{i}@{i}") for i in range(1, 4)]
        self.study, self.space, self.query = study, self.tools["space"], self.tools["query"]
        self.trials = []
        self.claims = []
        self.known = None
        self.frozen = {}

    def teardown(self):
        """Read the study through Optuna: it says the same."""
        if not hasattr(self, "trials"):
            return
        found = optuna.load_study(study_name=self.study.name, storage=self.tools["storage"]).trials
        assert [t.number for t in found] == list(range(len(self.trials)))
        for row, trial in zip(found, self.trials, strict=True):
            result = trial.result
            assert row.state.name == (OPTUNA_STATES[result.state] if result else "RUNNING")
            assert row.params == self.space.external(trial.internal)
            assert row.value == (result.value if result else None)
            assert row.intermediate_values == dict(enumerate(trial.curve, start=1))

    def ask(self, sql):
        """Return the rows of a question about this study."""
        return self.query(self.ledger, sql, id=self.study.study_id)

    def prefix(self):
        """Return the number of leading settled trials."""
        return next((n for n, t in enumerate(self.trials) if t.result is None), len(self.trials))

    def holds(self, claim):
        """Tell whether a claim is the latest one of its trial and was not given up."""
        trial = self.trials[claim.number]
        return trial.claim == claim and trial.held and trial.result is None

    def expected(self, numbers, limit):
        """Return the numbers that a claim hands out, and bury the trials that have died too often."""
        found = []
        for number in [n for n, t in enumerate(self.trials) if t.orphaned][:limit]:
            trial = self.trials[number]
            trial.deaths += trial.held
            trial.curve = ()
            if trial.deaths >= DEATHS:
                trial.result = Result(state=TrialState.FAILED, value=None)
            else:
                found.append(number)
        free = len(self.trials)
        for number in numbers:
            starts = may_start(number, settled_prefix=self.prefix(), parallelism=PARALLELISM)
            if number == free < BUDGET and starts and len(found) < limit:
                found.append(number)
                free += 1
        return found

    @rule(worker=st.integers(0, 2), ahead=st.integers(-1, 1), n=st.integers(0, 6), limit=st.integers(0, 6))
    def claim(self, worker, ahead, n, limit):
        """Claim with proposals that may start before or beyond the next free number."""
        first = max(0, len(self.trials) + ahead)
        numbers = list(range(first, first + n))
        expected = self.expected(numbers, limit)
        claims = self.workers[worker].claim(*numbers, limit=limit)
        assert [c.number for c in claims] == expected
        for claim in claims:
            if claim.number == len(self.trials):
                (proposal,) = self.tools["propose"](claim.number)
                self.trials.append(Trial(internal=proposal.internal))
            trial = self.trials[claim.number]
            assert claim.internal == trial.internal
            assert claim.attempt == (1 if trial.claim is None else trial.claim.attempt + 1)
            assert claim.token not in {c.token for c in self.claims}
            trial.claim, trial.held, trial.alive = claim, True, True
        self.claims += claims

    @rule(worker=st.integers(0, 2))
    def claim_what_there_is(self, worker):
        """Claim as a worker does that has read the history."""
        self.claim(worker, ahead=0, n=6, limit=6)

    def some(self, data):
        """Draw some of all claims that were ever handed out, stale ones among them."""
        if not self.claims:
            return []
        return data.draw(st.lists(st.sampled_from(self.claims), max_size=4, unique_by=lambda c: c.token))

    @rule(data=st.data(), worker=st.integers(0, 2), curve=curves)
    def report(self, data, worker, curve):
        """Report on claims, stale ones among them."""
        claims = self.some(data)
        held = [c for c in claims if self.holds(c)]
        assert self.workers[worker].report(*claims, curve=curve) == held
        for claim in held:
            self.trials[claim.number].alive, self.trials[claim.number].curve = True, curve

    @rule(data=st.data())
    def finish(self, data):
        """Finish claims, stale ones among them."""
        self.settle([(claim, data.draw(results)) for claim in self.some(data)])

    @rule(result=results)
    def finish_all(self, result):
        """Finish whatever is held, so that runs reach the end of the budget."""
        self.settle([(claim, result) for claim in self.claims if self.holds(claim)])

    def settle(self, pairs):
        """Finish claims with results; those of the latest holders are taken."""
        taken = [claim for claim, _ in pairs if self.holds(claim)]
        assert self.ledger.finish(pairs) == taken
        for claim, result in pairs:
            if claim in taken:
                self.trials[claim.number].result = result
                self.trials[claim.number].curve = result.curve

    @rule(data=st.data())
    def release(self, data):
        """Hand claims back, stale ones among them."""
        claims = self.some(data)
        self.ledger.release(claims)
        for claim in filter(self.holds, claims):
            self.trials[claim.number].held = False

    @rule(data=st.data())
    def expire(self, data):
        """Let a minute pass for some claims."""
        claims = [c for c in self.some(data) if self.holds(c)]
        self.tools["expire"](self.ledger, *claims)
        for claim in claims:
            self.trials[claim.number].alive = False

    @rule(worker=st.integers(0, 2))
    def bury(self, worker):
        """Expire all that one worker holds."""
        worker_id = self.workers[worker].worker_id
        sql = "SELECT number FROM hpsearch_attempts WHERE worker_id = :id AND open AND outcome IS NULL"
        numbers = [number for (number,) in self.query(self.ledger, sql, id=worker_id)]
        self.ledger.bury([worker_id])
        for number in numbers:
            self.trials[number].alive = False

    @rule()
    def read_on(self):
        """Read the history from where the last reading ended."""
        self.known = self.ledger.history(self.study, self.space, self.known)

    @invariant()
    def the_history_read_in_parts_is_the_whole(self):
        """Incremental and full reading agree with each other and with the model."""
        whole = self.ledger.history(self.study, self.space)
        part = self.ledger.history(self.study, self.space, self.known)
        assert part.first_changing == whole.first_changing
        for history in (whole.history, part.history):
            assert [tuple(row) for row in history.internal] == [t.internal for t in self.trials]
            expected = [t.result.state if t.result else TrialState.RUNNING for t in self.trials]
            assert history.states.tolist() == [int(state) for state in expected]
            values = [t.result.value if t.result else None for t in self.trials]
            assert [None if np.isnan(v) else v for v in history.values] == values
            assert [tuple(row[~np.isnan(row)]) for row in history.curves] == [t.curve for t in self.trials]

    @invariant()
    def numbers_are_dense_and_within_the_budget(self):
        """0 to n - 1, each once, never more than the budget; the schedule agrees."""
        numbers = [n for (n,) in self.ask("SELECT number FROM trials WHERE study_id = :id ORDER BY trial_id")]
        assert numbers == list(range(len(self.trials)))
        assert len(numbers) <= BUDGET
        schedule = self.ledger.schedule(self.study)
        assert schedule.admitted == len(numbers)
        assert schedule.settled_prefix == self.prefix()
        assert schedule.orphans == sum(t.orphaned for t in self.trials)
        assert schedule.unsettled == sum(t.result is None for t in self.trials)

    @invariant()
    def attempts_are_legal(self):
        """Attempts count up by one; exactly one is open for each unsettled trial, none for the others."""
        sql = (
            "SELECT number, attempt, outcome, open, ended_at FROM hpsearch_attempts "
            "WHERE study_id = :id ORDER BY number, attempt"
        )
        attempts = [[] for _ in self.trials]
        for number, attempt, outcome, is_open, ended_at in self.ask(sql):
            assert (ended_at is None) == (outcome is None)
            attempts[number].append((attempt, outcome, bool(is_open)))
        for trial, rows in zip(self.trials, attempts, strict=True):
            assert [attempt for attempt, _, _ in rows] == list(range(1, trial.claim.attempt + 1))
            assert [is_open for _, _, is_open in rows[:-1]] == [False] * (len(rows) - 1)
            assert rows[-1][2] == (trial.result is None)
            assert {outcome for _, outcome, _ in rows[:-1]} <= {"released", "expired"}
            assert rows[-1][1] in OUTCOMES
            assert sum(outcome == "expired" for _, outcome, _ in rows) == trial.deaths

    @invariant()
    def settled_rows_never_change(self):
        """Whatever is stored of a settled trial stays as it was when it settled."""
        rows = {}
        for table in ("trials", "trial_params", "trial_values", "trial_intermediate_values"):
            mine = "trial_id IN (SELECT trial_id FROM trials WHERE study_id = :id)"
            for row in self.ask(f"SELECT trial_id, * FROM {table} WHERE {mine} ORDER BY 1, 2"):
                rows.setdefault(row[0], []).append((table, row))
        for number, trial in enumerate(self.trials):
            if trial.result is not None:
                stored = rows[trial.claim.trial_id]
                assert self.frozen.setdefault(number, stored) == stored


def test_any_interleaving_keeps_the_invariants(ledger, storage, request, monkeypatch):
    """Random verbs by three workers, stale claims and lost leases among them, against a model in memory."""
    monkeypatch.setattr("hpsearch.store.claims.EXPIRED_MOST", DEATHS)
    names = ("terms", "hire", "propose", "space", "query", "expire")
    tools = {name: request.getfixturevalue(name) for name in names}
    tools |= {"ledger": ledger, "storage": storage}
    machine = type("Ledger", (Machine,), {"tools": tools, "names": map("study {}".format, count())})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25,
            phases=[
                Phase.explicit,
                Phase.reuse,
                Phase.generate,
            ],  # 25 verbs are readable; shrinking takes minutes
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
