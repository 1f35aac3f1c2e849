"""Any order of verbs by several workers, and of what people do meanwhile, keeps the ledger's promises."""

import dataclasses
import math
from itertools import count

import numpy as np
import optuna
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from hpsearch.search import Proposal, Stopped, StopRule, TrialState
from hpsearch.space import ChoiceParameter, Condition, FloatParameter, IntParameter, Space
from hpsearch.store import Control, Result
from tests.store.databases import long_on_postgresql
from tests.store.laws.interference import People, accuracies
from tests.store.laws.model import Model
from tests.store.laws.promises import Promises

BUDGET, PARALLELISM, ATTEMPTS = 6, 4, 2
EXAMPLES = {  # the logic is one, and a server takes three times as long
    "plain": {"sqlite": 20, "postgresql": 8},
    "forked": {"sqlite": 8, "postgresql": 3},
}

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


class Machine(People, Promises, RuleBasedStateMachine):
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

    @rule()
    def read_on(self):
        """Read the history from where the last reading ended."""
        self.known = self.ledger.history(self.study, self.known)


@long_on_postgresql
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
