"""Optuna's TPE, asked about a mirror of the history in memory."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import optuna
from optuna.distributions import BaseDistribution, json_to_distribution
from optuna.samplers import TPESampler
from optuna.storages import InMemoryStorage
from optuna.study import StudyDirection
from optuna.trial import TrialState as OptunaState
from optuna.trial import create_trial

from hpsearch.search.history import History, TrialState
from hpsearch.spec import Space, in_space

STARTUP = 10
"""Results that TPE needs before it can tell good from bad (Optuna's own default)."""

_NAME = "mirror"

_STATES = {
    TrialState.COMPLETE: OptunaState.COMPLETE,
    TrialState.PRUNED: OptunaState.PRUNED,
    TrialState.FAILED: OptunaState.FAIL,
}


class Mirror:
    """An in-memory Optuna study that follows a history and is asked for the next trial.

    The mirror only moves forward: each trial enters it running, with its parameters, and settles when a
    later trial may see its result. Its answer is that of a mirror built anew.

    Args:
        space: The search space; its distributions are the fixed outer ones.

    Source: S. Watanabe, "Tree-Structured Parzen Estimator", 2023; Optuna 5, ``TPESampler`` (multivariate,
    constant liar: a running trial counts as a bad one).
    """

    def __init__(self, space: Space) -> None:
        self._space = space
        self._distributions: dict[str, BaseDistribution] = {
            p.name: json_to_distribution(p.distribution()) for p in space
        }
        self._groups = _groups(space, self._distributions)
        self._storage = InMemoryStorage()
        self._study_id = _create_quietly(self._storage)
        # TPE leaves its note on the trial it is asked for and ignores that trial: one serves for all.
        self._asking = self._storage.create_new_trial(self._study_id)
        self._running: dict[int, int] = {}
        self._n = 0

    def __len__(self) -> int:
        return self._n

    def ask(self, seen: History, *, seed: int) -> tuple[float, ...] | None:
        """Return the internal parameters of trial ``len(seen)``.

        Args:
            seen: What that trial may see; never shorter than at the call before.
            seed: The proposal's own seed.

        Returns:
            The parameters, or ``None`` while there are fewer than 10 results.
        """
        self._follow(seen)
        sampler = TPESampler(seed=seed % 2**32, n_startup_trials=STARTUP)
        asking = self._storage.get_trial(self._asking)
        # A study object remembers the trials of its first question (to count the start-up ones), so each
        # question has an object of its own: 30 microseconds.
        study = optuna.load_study(study_name=_NAME, storage=self._storage)
        external: dict[str, Any] = {}
        for group in self._groups:
            external |= sampler.sample_relative(study, asking, group)
        return self._space.internal(external) if external else None

    def _follow(self, seen: History) -> None:
        new = np.arange(self._n, len(seen))
        # A trial that others have put into the study may have parameters that are none.
        for number in new[in_space(self._space, seen.internal[new])]:
            self._running[number] = self._enter(tuple(seen.internal[number]))
        self._n = len(seen)
        for number in [n for n in self._running if seen.states[n] != TrialState.RUNNING]:
            self._settle(self._running.pop(number), seen, number)

    def _enter(self, internal: tuple[float, ...]) -> int:
        params = self._space.external(internal)
        trial = create_trial(
            state=OptunaState.RUNNING,
            params=params,
            distributions={name: self._distributions[name] for name in params},
        )
        return self._storage.create_new_trial(self._study_id, template_trial=trial)

    def _settle(self, trial_id: int, seen: History, number: int) -> None:
        for epoch, accuracy in enumerate(seen.curves[number], start=1):
            if not math.isnan(accuracy):
                self._storage.set_trial_intermediate_value(trial_id, epoch, float(accuracy))
        value = float(seen.values[number])
        values = None if math.isnan(value) else [value]
        self._storage.set_trial_state_values(trial_id, _STATES[TrialState(seen.states[number])], values)


def _groups(space: Space, distributions: Mapping[str, BaseDistribution]) -> list[dict[str, BaseDistribution]]:
    """Return the parameters that are always active together: TPE's model needs trials that have them all."""
    groups: dict[object, dict[str, BaseDistribution]] = {}
    for name, needs in space.needs.items():
        groups.setdefault(frozenset(needs.items()), {})[name] = distributions[name]
    return list(groups.values())


def _create_quietly(storage: InMemoryStorage) -> int:
    """Create the mirror's study without the line that Optuna logs for every new study."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    try:
        return storage.create_new_study([StudyDirection.MAXIMIZE], study_name=_NAME)
    finally:
        optuna.logging.set_verbosity(verbosity)
