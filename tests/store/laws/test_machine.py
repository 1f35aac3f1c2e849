"""Any order of verbs by several workers, and of what people do meanwhile, keeps the ledger's promises."""

import dataclasses
import math
from itertools import count

import numpy as np
import optuna
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from optuna.distributions import json_to_distribution

from hpsearch.search import Proposal, Stopped, StopRule, TrialState, history_digests
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, Space
from hpsearch.store import Control, RefusedError, Result
from hpsearch.store.schema.states import OPTUNA_STATES
from tests.store.laws.model import Model, Stranger

BUDGET, PARALLELISM, ATTEMPTS = 6, 4, 2
EXAMPLES = {  # the logic is one, and a server takes three times as long
    "plain": {"sqlite": 20, "postgresql": 8},
    "forked": {"sqlite": 8, "postgresql": 3},
}
TABLES = ("trials", "trial_params", "trial_values", "trial_intermediate_values")

accuracies = st.integers(0, 16).map(lambda i: i / 16)
curves = st.lists(accuracies, max_size=4).map(tuple)
results = st.builds(
    Result,
    state=st.sampled_from([TrialState.COMPLETE, TrialState.PRUNED]),
    value=accuracies,
    curve=curves,
) | st.builds(Result, state=st.just(TrialState.FAILED), value=st.none(), reason=st.just("it broke"))
workers = st.integers(0, 2)


FORKED = Space(
    (
        ChoiceParameter(name="activation", choices=("relu", "tanh")),
        FloatParameter(name="lr", low=1e-4, high=1e-1, log=True),
        IntParameter(name="width", low=4, high=64),
    ),
    (Condition(name="width", on="activation", among=("tanh",)),),
)
"""A space in which a trial has a width, or none."""


def propose_forked(*numbers):
    """Return the proposals for some numbers, the same at each call."""
    units = {n: np.random.default_rng(n).uniform(size=len(FORKED)) for n in numbers}
    return [Proposal(number=n, internal=FORKED.from_unit(unit), stage="round 0") for n, unit in units.items()]


def with_conditions(point):
    """Return a point with a width exactly where tanh is its activation: the middle one for none."""
    if point.get("activation") == FORKED.parameters[0].internal("relu"):
        return {**point, "width": math.nan}
    return {**point, "width": 34.0} if math.isnan(point.get("width", 0.0)) else point


has_claims = precondition(lambda self: self.claims)


class Machine(RuleBasedStateMachine):
    """Three workers at one study, and people around it; the model says what every verb must answer."""

    tools = None
    names = None

    @initialize()
    def open(self):
        """Start with a study of a few trials and three workers."""
        self.ledger, self.space, self.query = (self.tools[k] for k in ("ledger", "space", "query"))
        self.name = next(self.names)
        self.model = Model(
            self.space.names,
            budget=BUDGET,
            parallelism=PARALLELISM,
            attempts=ATTEMPTS,
            settled_point=with_conditions if self.space is FORKED else dict,
        )
        self.study = self.older = self.open_study()
        self.workers = [self.tools["hire"](self.ledger, self.study, f"{i}@{i}") for i in range(1, 4)]
        self.optuna = optuna.load_study(study_name=self.name, storage=self.tools["storage"])
        self.claims = []
        self.known = None
        self.frozen = {}
        for worker in range(3):  # begins in the middle: everybody works
            self.claim(worker, ahead=0, n=2, limit=2 - worker % 2)
            self.report_on(self.claims, worker, (0.25,))

    def open_study(self):
        """Open the study under its terms of now."""
        terms = self.tools["terms"](
            self.name, budget=self.model.budget, parallelism=PARALLELISM, space=self.space
        )
        return self.ledger.open_study(dataclasses.replace(terms, attempts=ATTEMPTS))

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

    # What workers do

    @rule(worker=workers, ahead=st.integers(-1, 1), n=st.integers(0, 6), limit=st.integers(0, 6))
    def claim(self, worker, ahead, n, limit, *, age=0, study=None):
        """Claim with proposals that may start before or beyond the next free number."""
        study = study or self.study
        first = max(0, len(self.model.trials) + ahead)
        proposals = self.tools["propose"](*range(first, first + n))
        reopened = self.model.reopened - age
        known = reopened if study.changes == self.study.changes else -1
        expected = self.model.claim(proposals, limit=limit, reopened=known)
        claims = self.ledger.claim(
            study,
            worker_id=self.workers[worker].worker_id,
            proposals=proposals,
            limit=limit,
            reopened=reopened,
        )
        assert [c.number for c in claims] == expected
        tokens = {c.token for c in self.claims}
        for claim in claims:
            trial = self.model.trials[claim.number]
            assert claim.internal == trial.internal
            assert claim.attempt == 1 + len(trial.past)
            assert claim.token not in tokens
        self.model.handed_out(claims)
        self.claims += claims

    @rule(worker=workers, limit=st.integers(1, 6))
    def claim_what_there_is(self, worker, limit):
        """Claim as a worker does that has read the history of a study that runs."""
        self.set_control(Control.RUN)
        self.claim(worker, ahead=0, n=6, limit=limit)

    @precondition(lambda self: self.model.reopened)
    @rule(worker=workers)
    def claim_from_an_old_history(self, worker):
        """Claim with proposals made before a trial was reopened: only orphans are handed out."""
        self.claim(worker, ahead=0, n=6, limit=6, age=1)

    @precondition(lambda self: self.older != self.study)
    @rule(worker=workers)
    def claim_under_old_terms(self, worker):
        """Claim as a worker does that has not heard of the change: only orphans are handed out."""
        self.claim(worker, ahead=0, n=6, limit=6, study=self.older)

    @rule(ahead=st.integers(-1, 2), age=st.integers(0, 1))
    def a_rule_fires(self, ahead, age):
        """End the study before a trial: once, and never below what has begun or from an old history."""
        number, reopened = len(self.model.trials) + ahead, self.model.reopened - age
        stopped = Stopped(rule=StopRule.TARGET, number=number, text=f"seen at {number}")
        found = self.ledger.stop_at(self.study, stopped, reopened=reopened)
        assert (found.number if found else None) == self.model.stop(number, reopened=reopened)

    def some(self, data):
        """Draw what is held, every claim that there was on one trial, or some of all that ever were."""
        some = st.lists(st.sampled_from(self.claims), max_size=4, unique_by=lambda c: (c.number, c.attempt))
        trial = st.sampled_from(self.claims).map(lambda c: [d for d in self.claims if d.number == c.number])
        held = [c for c in self.claims if self.model.holds(c)]
        return data.draw(st.sampled_from([held, held[:1], held[-1:]]) | trial | some)

    @has_claims
    @rule(data=st.data(), worker=workers, curve=curves)
    def report(self, data, worker, curve):
        """Report on claims, stale ones among them."""
        self.report_on(self.some(data), worker, curve)

    def report_on(self, claims, worker, curve):
        """Report one curve on claims; the held ones stay alive."""
        held = [c for c in claims if self.model.holds(c)]
        worker_id = self.workers[worker].worker_id
        beat = self.ledger.report(worker_id, [(claim, curve) for claim in claims])
        assert (beat.held, beat.control) == (held, self.model.control)
        for claim in held:
            trial = self.model.trials[claim.number]
            trial.ended, trial.lapsed, trial.curve = None, False, curve

    @has_claims
    @rule(data=st.data())
    def finish(self, data):
        """Finish claims, stale and finished ones among them."""
        self.settle([(claim, data.draw(results)) for claim in self.some(data)])

    @has_claims
    @rule(result=results)
    def finish_all(self, result):
        """Finish whatever is held, so that runs reach the end of the budget."""
        self.settle([(claim, result) for claim in self.claims if self.model.holds(claim)])

    def settle(self, pairs):
        """Finish claims with results; those of the latest holders are taken, and only once."""
        acknowledged = [claim for claim, _ in pairs if self.model.takes(claim)]
        new = [(claim, result) for claim, result in pairs if self.model.holds(claim)]
        assert self.ledger.finish(pairs) == acknowledged
        for claim, result in new:
            trial = self.model.trials[claim.number]
            trial.result, trial.curve, trial.winner, trial.ended = result, result.curve, claim, "finished"

    @has_claims
    @rule(data=st.data(), crashed=st.booleans())
    def hand_back(self, data, crashed):
        """Hand claims back, stale ones among them, because the worker ends or because training raised."""
        claims = self.some(data)
        self.ledger.crash(claims, "ValueError: bad") if crashed else self.ledger.release(claims)
        for claim in filter(self.model.holds, claims):
            self.model.trials[claim.number].ended = "crashed" if crashed else "released"

    # What befalls workers

    @has_claims
    @rule(data=st.data())
    def expire(self, data):
        """Let a minute pass for some claims."""
        claims = [c for c in self.some(data) if self.model.holds(c)]
        self.tools["expire"](self.ledger, *claims)
        for claim in claims:
            self.model.trials[claim.number].lapsed = True

    @has_claims
    @rule()
    def crash_all(self):
        """Let the training of whatever is held raise, so that trials come to their last attempts."""
        claims = [c for c in self.claims if self.model.holds(c)]
        self.ledger.crash(claims, "ValueError: bad")
        for claim in claims:
            self.model.trials[claim.number].ended = "crashed"

    @has_claims
    @rule(worker=workers)
    def bury(self, worker):
        """Expire all that one worker holds."""
        worker_id = self.workers[worker].worker_id
        sql = "SELECT number FROM hpsearch_attempts WHERE worker_id = :id AND open AND outcome IS NULL"
        numbers = [number for (number,) in self.query(self.ledger, sql, id=worker_id)]
        self.ledger.bury([worker_id])
        self.expired(numbers)

    @has_claims
    @rule()
    def reap(self):
        """Expire what has lapsed, as ``status`` does."""
        self.ledger.reap(self.study)
        self.expired([n for n, t in enumerate(self.model.trials) if t.lapsed and t.ended is None])

    def expired(self, numbers):
        """Note that attempts are known to be dead."""
        for number in numbers:
            self.model.trials[number].ended = "expired"

    # What people do

    @rule(data=st.data())
    def somebody_interferes(self, data):
        """One rule for all that people do: it is rarer than what workers do."""
        people = {
            self.set_control: [st.sampled_from(Control)],
            self.raise_the_budget: [st.integers(0, 2)],
            self.enqueue: [st.integers(0, 9), st.integers(0, 3)],
            self.enqueue_through_optuna: [st.integers(0, 9), st.integers(0, 3)],
            self.add_through_optuna: [st.integers(0, 9), accuracies],
        }
        if self.settled:
            people[self.retry] = [st.sampled_from(self.settled)]
        act = data.draw(st.sampled_from(list(people)))
        act(*[data.draw(argument) for argument in people[act]])

    @property
    def running(self):
        """The numbers of the trials that are not settled."""
        return [n for n, t in enumerate(self.model.trials) if t.result is None]

    @property
    def settled(self):
        """The numbers of the trials that are settled."""
        return [n for n, t in enumerate(self.model.trials) if t.result is not None]

    def set_control(self, control):
        """Pause, resume, stop or cancel."""
        assert self.ledger.set_control(self.study, control) == self.model.control
        self.model.control = control

    def raise_the_budget(self, extra):
        """Open the study with more trials."""
        self.model.budget += extra
        if extra:
            self.model.stopped, self.older = None, self.study
        self.study = self.open_study()
        assert self.study.budget == self.model.budget

    def wish(self, seed, n_named):
        """Return parameters that somebody chose, as people write them and as they are stored."""
        (proposal,) = self.tools["propose"](1000 + seed)
        external = self.space.external(proposal.internal)
        named = [name for name in self.space.names[:n_named] if name in external]
        internal = dict(zip(self.space.names, proposal.internal, strict=True))
        return {name: external[name] for name in named}, {name: internal[name] for name in named}

    def enqueue(self, seed, n_named):
        """Ask for a trial with some parameters; beyond the budget that is refused."""
        external, internal = self.wish(seed, n_named)
        number = self.model.next_number
        if number >= self.model.end:
            why = "have their parameters" if self.model.end == self.model.budget else "was ended by target"
            with pytest.raises(RefusedError, match=why):
                self.ledger.enqueue(self.study, external)
            return
        assert self.ledger.enqueue(self.study, external) == number
        self.model.strangers.append(Stranger(number, internal))

    def enqueue_through_optuna(self, seed, n_named):
        """Ask for a trial as any user of Optuna does."""
        external, internal = self.wish(seed, n_named)
        self.optuna.enqueue_trial(external)
        self.model.strangers.append(Stranger(self.model.next_number, internal))

    def add_through_optuna(self, seed, value):
        """Add a trial that was trained elsewhere."""
        external, internal = self.wish(seed, len(self.space))
        distributions = {
            p.name: json_to_distribution(p.distribution()) for p in self.space if p.name in external
        }
        self.optuna.add_trial(
            optuna.trial.create_trial(params=external, distributions=distributions, value=value)
        )
        result = Result(state=TrialState.COMPLETE, value=value)
        self.model.strangers.append(Stranger(self.model.next_number, internal, result))

    @precondition(lambda self: self.running)
    @rule(data=st.data(), value=st.none() | accuracies)
    def settle_by_hand(self, data, value):
        """Tell or fail a running trial through Optuna, under its worker."""
        number = data.draw(st.sampled_from(self.running))
        state = TrialState.FAILED if value is None else TrialState.COMPLETE
        self.optuna.tell(number, value, state=optuna.trial.TrialState[OPTUNA_STATES[state]])
        trial = self.model.trials[number]
        trial.result, trial.noticed = Result(state=state, value=value), False

    @precondition(lambda self: any(map(self.model.may_retry, self.settled)))
    @rule(data=st.data())
    def retry_what_failed(self, data):
        """Try a trial again that nobody has seen fail."""
        self.retry(data.draw(st.sampled_from([n for n in self.settled if self.model.may_retry(n)])))

    def retry(self, number):
        """Try a trial again: one that did not fail, or that others have seen fail, stays as it is."""
        if self.model.may_retry(number):
            self.model.retry(number)
            self.ledger.retry(self.study, number)
            del self.frozen[number]
            return
        with pytest.raises(RefusedError, match=r"has not failed|stays failed"):
            self.ledger.retry(self.study, number)

    @rule()
    def read_on(self):
        """Read the history from where the last reading ended."""
        self.known = self.ledger.history(self.study, self.known)

    # What must hold after every step

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


@pytest.mark.parametrize("kind", EXAMPLES)
def test_any_interleaving_keeps_the_invariants(kind, ledger, storage, databases, request):
    """Random verbs by three workers and by people, with stale claims and lost leases, against a model."""
    names = ("terms", "hire", "propose", "space", "query", "expire")
    tools = {name: request.getfixturevalue(name) for name in names}
    tools |= {"ledger": ledger, "storage": storage}
    if kind == "forked":
        tools |= {"space": FORKED, "propose": propose_forked}
    machine = type("Ledger", (Machine,), {"tools": tools, "names": map("study {}".format, count())})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES[kind][databases.kind],
            # 30 verbs are readable; shrinking takes minutes
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
