"""What people do to a study while workers are at it, and what it makes of the model."""

import optuna
import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)
from optuna.distributions import json_to_distribution

from hpsearch.search import TrialState
from hpsearch.store import Control, RefusedError, Result
from hpsearch.store.schema.states import OPTUNA_STATES
from tests.store.laws.model import Stranger

accuracies = st.integers(0, 16).map(lambda i: i / 16)


class People:
    """Rules of a machine that has a ledger, a study, a model, and the study as Optuna sees it."""

    @rule(data=st.data())
    def somebody_interferes(self, data):
        """One rule for all that people do: it is rarer than what workers do."""
        people = {
            self.set_control: [st.sampled_from(Control)],
            self.raise_the_budget: [st.integers(0, 2)],
            self.enqueue: [st.integers(0, 9), st.integers(1, 3)],
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
