"""A study of Optuna's as the search knows it: its space, its trials as columns, and who may race."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from optuna.distributions import distribution_to_json
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from hpsearch.errors import ForeignStudyError, NoSuccessError
from hpsearch.metrics import Measure
from hpsearch.search import History, TrialState, ranking
from hpsearch.search.confirmation.finalists import measured_ranking
from hpsearch.space import Space, observed_space, recorded_parameters, steady
from hpsearch.types import Float64Array

STATES = {
    OptunaState.COMPLETE: TrialState.COMPLETE,
    OptunaState.PRUNED: TrialState.PRUNED,
    OptunaState.FAIL: TrialState.FAILED,
    OptunaState.RUNNING: TrialState.RUNNING,
    OptunaState.WAITING: TrialState.WAITING,
}


@dataclass(frozen=True, kw_only=True)
class FinishedSearch:
    """A study of Optuna's with one objective and a complete trial.

    Attributes:
        name: Its name.
        measure: What its trials are judged by.
        space: The space that its trials show.
        history: Its trials as columns; trial ``i`` is row ``i``.
        trials: The same trials as Optuna has them.
    """

    name: str
    measure: Measure
    space: Space
    history: History
    trials: Sequence[FrozenTrial]

    @property
    def best(self) -> int:
        """The number of the complete trial with the best value; of equals the first."""
        return int(measured_ranking(self.history)[0])

    def finalists(self, top: int) -> tuple[int, ...]:
        """Return the numbers of the best trials, at most ``top``, no two with the same parameters.

        As in a study of a function, the best as measured take turns with the best as smoothed: a lucky value
        is shrunken by its neighbors, and an objective may have no noise at all.
        """
        order = measured_ranking(self.history)
        space, kept = steady(self.space, self.history.internal[self.history.valued])
        if kept:
            smooth = replace(self.history, internal=self.history.internal[:, kept])
            order = np.column_stack([order, ranking(space, smooth)]).ravel()
        chosen: dict[tuple[float, ...], int] = {}
        for number in order:
            if len(chosen) < top:
                chosen.setdefault(self.history.point(number), int(number))
        return tuple(chosen.values())


def finished_search(study: Study) -> FinishedSearch:
    """Return what the search knows of a study of Optuna's.

    Raises:
        ForeignStudyError: It has several objectives.
        NoSuccessError: None of its trials is complete with a finite value.
    """
    if len(study.directions) != 1:
        raise ForeignStudyError(
            f"study {study.study_name!r}: expected one objective, found {len(study.directions)}: "
            "there is no best trial to confirm"
        )
    maximize = study.direction is StudyDirection.MAXIMIZE
    title = (study.metric_names or ["value"])[0]
    measure = Measure(name=title, title=title, maximize=maximize, bounds=(-np.inf, np.inf))
    trials = study.get_trials(deepcopy=False)
    space, internal = _points(trials)
    values = np.array([_value(trial) for trial in trials], np.float64)
    states = np.array([STATES[trial.state] for trial in trials], np.int64)
    infinite = (states == TrialState.COMPLETE) & ~np.isfinite(values)
    history = History(
        internal=internal,
        states=np.where(infinite, TrialState.FAILED, states),
        values=measure.sign * np.where(np.isfinite(values), values, np.nan),
        curves=np.empty((len(trials), 0)),
        sign=measure.sign,
    )
    if not history.complete.size:
        raise NoSuccessError(
            f"study {study.study_name!r}: expected a complete trial to confirm, found none of {len(trials)}"
        )
    return FinishedSearch(name=study.study_name, measure=measure, space=space, history=history, trials=trials)


def _points(trials: Sequence[FrozenTrial]) -> tuple[Space, Float64Array]:
    """Return the space, and the internal values of all trials, ``(n, n_parameters)``."""
    seen: dict[tuple[str, str], None] = {}
    stored: list[dict[str, float]] = []
    for trial in trials:
        row = {}
        for name, distribution in trial.distributions.items():
            seen.setdefault((name, distribution_to_json(distribution)))
            row[name] = float(distribution.to_internal_repr(trial.params[name]))
        stored.append(row)
    found = recorded_parameters(seen, lambda name: [row[name] for row in stored if name in row])
    internal = np.full((len(trials), len(found)), np.nan)
    for j, (name, one) in enumerate(found.items()):
        for i, row in enumerate(stored):
            if name in row:
                internal[i, j] = one.internal(row[name])
    full = [i for i, t in enumerate(trials) if t.state in {OptunaState.COMPLETE, OptunaState.PRUNED}]
    return observed_space([one.parameter for one in found.values()], internal[full]), internal


def _value(trial: FrozenTrial) -> float:
    """Return a trial's value; of a pruned one without a value its last report, if any."""
    if trial.state is OptunaState.COMPLETE and trial.value is not None:
        return trial.value
    if trial.state is OptunaState.PRUNED and trial.intermediate_values:
        return trial.intermediate_values[max(trial.intermediate_values)]
    return np.nan
