"""The stages of a search as an Optuna sampler: random rounds in boxes, then a model."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from optuna.distributions import BaseDistribution
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.search_space import IntersectionSearchSpace
from optuna.study import Study, StudyDirection
from optuna.trial import FrozenTrial
from optuna.trial import TrialState as OptunaState

from hpsearch.errors import StudyFileError
from hpsearch.search.coordinates import Coordinate, coordinates
from hpsearch.search.history import History, TrialState
from hpsearch.search.sampling.stages import Stages
from hpsearch.search.sampling.tpe import STARTUP
from hpsearch.space import Space
from hpsearch.study_file import DRAWS, MODELS, Purpose, child_seed, expect_unreserved

_STATES = {
    OptunaState.COMPLETE: TrialState.COMPLETE,
    OptunaState.PRUNED: TrialState.PRUNED,
    OptunaState.FAIL: TrialState.FAILED,
    OptunaState.RUNNING: TrialState.RUNNING,
}

ROUNDS: Mapping[str, tuple[int, ...]] = {"tpe": (9,), "gp": (8,)}
"""Model -> sizes of the random rounds by default."""


class StagedSampler(BaseSampler):
    """Samples as hpsearch does: log-uniform rounds in boxes that follow the good results, then a model.

    The parameters of a trial depend on the seed, its number and the trials before it. So a study that is
    loaded again goes on where it ended, and two workers with one seed, whose trials have
    different numbers, never draw the same point. Boxes narrow inside the ranges that the objective gives.
    Trials that fail count as bad results. In a space of choices and whole numbers no point is proposed twice
    while others are untried.

    Parameters that not every completed trial has had (conditional ones) are sampled on their own:
    at random during the rounds, then by TPE.

    Args:
        seed: Seed of all randomness; ``None`` takes one from the operating system.
        rounds: Sizes of the random rounds, each at least 1; after them comes the model. By default 9 and 4,
            and 8 before a Gaussian process, which needs fewer results.
        start: How the rounds are drawn: ``"random"``, or ``"sobol"``, spread evenly.
        model: ``"tpe"``, or ``"gp"``, a Gaussian process, for up to 20 parameters and 300 trials; beyond
            these TPE proposes.

    Raises:
        ValueError: A round is empty, or there is no such start or model; at the first trial, that the
            study has several objectives, or a name that belongs to the confirming runs of a study of
            hpsearch.

    Source: J. Bergstra and Y. Bengio, "Random Search for Hyper-Parameter Optimization", 2012;
    S. Watanabe, "Tree-Structured Parzen Estimator", 2023.

    Example:
        >>> import optuna
        >>> optuna.logging.set_verbosity(optuna.logging.WARNING)
        >>> study = optuna.create_study(sampler=StagedSampler(seed=1))
        >>> study.optimize(lambda trial: trial.suggest_float("x", -1, 1) ** 2, n_trials=60)
        >>> study.best_value < 0.01
        True
    """

    def __init__(
        self,
        seed: int | None = None,
        *,
        rounds: Sequence[int] | None = None,
        start: str = "random",
        model: str = MODELS[0],
    ) -> None:
        if model not in MODELS:
            raise ValueError(f"model: expected one of {', '.join(MODELS)}, found {model!r}")
        rounds = ROUNDS[model] if rounds is None else rounds
        if start not in DRAWS:
            raise ValueError(f"start: expected one of {', '.join(DRAWS)}, found {start!r}")
        if any(size < 1 for size in rounds):
            raise ValueError(f"rounds: expected at least 1 trial each, found {list(rounds)}")
        self._seed: Any = np.random.SeedSequence(seed).entropy
        self._start, self._model = start, model
        self._rounds = tuple(rounds)
        self._spaces: dict[int, IntersectionSearchSpace] = {}
        self._kept: dict[int, _Kept] = {}

    def infer_relative_search_space(
        self,
        study: Study,
        trial: FrozenTrial,  # noqa: ARG002 - Optuna's interface
    ) -> dict[str, BaseDistribution]:
        """Return the parameters that every completed trial has had, with the same ranges."""
        self._raise_error_if_multi_objective(study)
        try:
            expect_unreserved(study.study_name)
        except StudyFileError as error:
            raise ValueError(str(error)) from None
        space = self._spaces.setdefault(study._study_id, IntersectionSearchSpace())  # noqa: SLF001
        found = coordinates(space.calculate(study))
        return {coordinate.parameter.name: coordinate.distribution for coordinate in found}

    def sample_relative(
        self, study: Study, trial: FrozenTrial, search_space: dict[str, BaseDistribution]
    ) -> dict[str, Any]:
        """Return values of the parameters in ``search_space`` for a trial."""
        self._raise_error_if_multi_objective(study)
        found = coordinates(search_space)
        if not found:
            return {}
        space = Space(tuple(coordinate.parameter for coordinate in found))
        numbers, history = _earlier(study, trial, found)

        def seen_by(number: int) -> History:
            return history.up_to(int(np.searchsorted(numbers, number)))

        kept = self._kept.get(study._study_id)  # noqa: SLF001
        if kept is None or kept.space != space or not kept.fits(seen_by):
            stages = Stages(space, self._rounds, self._start, seed=self._seed, model=self._model, once=True)
        else:
            stages = kept.stages
        internal = stages.propose(trial.number, seen_by).internal
        self._kept[study._study_id] = _Kept(space, stages, seen_by(stages.last_first))  # noqa: SLF001
        return {c.parameter.name: c.external(v) for c, v in zip(found, internal, strict=True)}

    def sample_independent(
        self, study: Study, trial: FrozenTrial, param_name: str, param_distribution: BaseDistribution
    ) -> Any:
        """Return a value of one parameter for a trial."""
        self._raise_error_if_multi_objective(study)
        name = int.from_bytes(hashlib.sha256(param_name.encode()).digest()[:4])
        own = child_seed(self._seed, Purpose.PROPOSE, trial.number)
        seed = child_seed(own, Purpose.PROPOSE, name) % 2**32
        sampler: BaseSampler = RandomSampler(seed=seed)
        if trial.number >= sum(self._rounds):
            sampler = TPESampler(seed=seed, n_startup_trials=STARTUP)
        return sampler.sample_independent(study, trial, param_name, param_distribution)


@dataclass(frozen=True, slots=True)
class _Kept:
    """The stages of a study as the last trial left them: their boxes cost more than a proposal.

    Attributes:
        space: The search space.
        stages: The stages.
        seen: The trials that their boxes follow from.
    """

    space: Space
    stages: Stages
    seen: History

    def fits(self, seen_by: Callable[[int], History]) -> bool:
        """Return whether those trials are still what they were: one under way may have ended since."""
        now = seen_by(self.stages.last_first)
        return all(
            getattr(now, name).tobytes() == getattr(self.seen, name).tobytes()
            for name in ("internal", "states", "values", "curves")
        )


def _earlier(study: Study, trial: FrozenTrial, found: Sequence[Coordinate]) -> tuple[list[int], History]:
    """Return the numbers of the trials before one, ascending, and the trials; better values are higher.

    Trials that lack a parameter are left out.
    """
    names = [coordinate.parameter.name for coordinate in found]
    earlier = [
        t
        for t in study.get_trials(deepcopy=False, states=tuple(_STATES))
        if t.number < trial.number and all(name in t.params for name in names)
    ]
    sign = -1.0 if study.direction is StudyDirection.MINIMIZE else 1.0
    points = [_points(t) for t in earlier]
    curves = np.full((len(earlier), max(map(len, points), default=0)), np.nan)
    for row, values in zip(curves, points, strict=True):
        row[: len(values)] = [sign * value for value in values]
    internal = [[c.internal(t.params[c.parameter.name]) for c in found] for t in earlier]
    history = History(
        internal=np.array(internal, np.float64).reshape(len(earlier), len(found)),
        states=np.array([_state(t) for t in earlier], np.int64),
        values=np.array([sign * _value(t) for t in earlier], np.float64),
        curves=curves,
    )
    return [t.number for t in earlier], history


def _points(trial: FrozenTrial) -> list[float]:
    """Return the reported values of a pruned trial, in order; an empty list for any other trial."""
    if trial.state is not OptunaState.PRUNED:
        return []
    return [value for _, value in sorted(trial.intermediate_values.items())]


def _value(trial: FrozenTrial) -> float:
    """Return the value of a trial, or its last report when it was pruned."""
    if trial.state is OptunaState.COMPLETE and trial.value is not None:
        return trial.value
    return (_points(trial) or [np.nan])[-1]


def _state(trial: FrozenTrial) -> TrialState:
    """Return the state of a trial; one whose result is not finite has failed."""
    state = _STATES[trial.state]
    settled = state in {TrialState.COMPLETE, TrialState.PRUNED}
    return TrialState.FAILED if settled and not np.isfinite(_value(trial)) else state
