"""Who searches the tables: random search, Optuna's samplers, hpsearch's."""

import warnings
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec

import numpy as np
import optuna
from contenders import hpsearch_plan
from hpobench import LEVELS, PACKAGE, Cell, Configuration, Table, checkpoints, sampler_seed

Trials = Sequence[tuple[Configuration, float]]
Naming = Callable[[Trials], Configuration]
"""From the trials so far, ``(configuration, value)`` each, to the configuration that is named."""

Run = Callable[..., dict[int, Configuration]]
"""``run(table, cell_seed, *, n_trials, parallelism)``: checkpoint -> what is named there."""


def best_seen(trials: Trials) -> Configuration:
    """Return the configuration of the highest value, the first of equals."""
    return max(trials, key=lambda trial: trial[1])[0]


def best_by_gp(trials: Trials) -> Configuration:
    """Return the tried configuration of the highest posterior mean of a Gaussian process with noise.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", 2006,
    equation 2.25; Matern 5/2 with a length scale a parameter, by maximum likelihood.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern, WhiteKernel

    X = np.array([configuration for configuration, _ in trials]) / (np.array(list(LEVELS.values())) - 1)
    y = np.array([value for _, value in trials])
    lengths = Matern(np.full(X.shape[1], 0.5), (0.05, 20.0), nu=2.5)
    kernel = ConstantKernel(1.0, (1e-2, 1e2)) * lengths + WhiteKernel(0.1, (1e-4, 2.0))
    process = GaussianProcessRegressor(kernel, normalize_y=True, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(X, y)
    return trials[int(process.predict(X).argmax())][0]


def run_random(
    table: Table,
    cell_seed: int,
    *,
    n_trials: int,
    parallelism: int,  # noqa: ARG001 - random search does not see results
    times: int = 1,
) -> dict[int, Configuration]:
    """Draw every configuration uniformly; ``times`` as many trials as a checkpoint says."""
    cell = Cell(table, cell_seed, times * n_trials)
    rng = np.random.default_rng(sampler_seed(table, cell_seed))
    for _ in range(cell.n_trials):
        cell.look(tuple(int(index) for index in rng.integers(table.levels)))
    return {c: best_seen(cell.trials[: times * c]) for c in checkpoints(n_trials)}


def run_optuna(  # noqa: PLR0913 - a search, its sampler and its choice
    table: Table,
    cell_seed: int,
    *,
    n_trials: int,
    parallelism: int,
    sampler: Callable[[int], optuna.samplers.BaseSampler],
    names: Naming = best_seen,
) -> dict[int, Configuration]:
    """Search by a sampler of Optuna's kind: alone by ``study.optimize``, else with trials in flight."""
    cell = Cell(table, cell_seed, n_trials)
    study = optuna.create_study(direction="maximize", sampler=sampler(sampler_seed(table, cell_seed)))
    if parallelism == 1:
        study.optimize(lambda trial: cell.look(_suggested(trial)), n_trials=n_trials)
    else:
        _fly(study, cell, parallelism)
    return {c: names(cell.trials[:c]) for c in checkpoints(n_trials)}


def _fly(study: optuna.Study, cell: Cell, parallelism: int) -> None:
    """Keep so many trials in flight; the oldest lands first."""
    flying: deque[tuple[optuna.Trial, Configuration]] = deque()
    for asked in range(cell.n_trials + parallelism):
        if len(flying) == parallelism or (asked >= cell.n_trials and flying):
            trial, configuration = flying.popleft()
            study.tell(trial, cell.look(configuration))
        if asked < cell.n_trials:
            trial = study.ask()
            flying.append((trial, _suggested(trial)))


def _suggested(trial: optuna.Trial) -> Configuration:
    return tuple(trial.suggest_int(name, 0, n - 1) for name, n in LEVELS.items())


def _tpe(seed: int) -> optuna.samplers.BaseSampler:
    return optuna.samplers.TPESampler(seed=seed)


def _gp(seed: int) -> optuna.samplers.BaseSampler:
    return optuna.samplers.GPSampler(seed=seed)


def _staged(seed: int) -> optuna.samplers.BaseSampler:
    import hpsearch

    sampler: optuna.samplers.BaseSampler = hpsearch.StagedSampler(seed=seed)
    return sampler


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """One way to search a table.

    Attributes:
        title: What the printed table calls it.
        run: Searches one cell.
        needs: The package that it cannot do without.
    """

    title: str
    run: Run
    needs: str = "optuna"

    @property
    def missing(self) -> str | None:
        """Why the contender cannot take part, or ``None``."""
        return None if find_spec(self.needs) else f"the package {self.needs!r} is not installed"


BASELINE = "optuna-tpe"
"""What the others are compared with."""

CONTENDERS: Mapping[str, Contender] = {
    "random": Contender(title="random", run=run_random),
    "random-2x": Contender(title="random, twice the trials", run=partial(run_random, times=2)),
    "optuna-tpe": Contender(title="Optuna TPE, defaults", run=partial(run_optuna, sampler=_tpe)),
    "optuna-tpe-gp": Contender(
        title="Optuna TPE, choice by GP mean",
        run=partial(run_optuna, sampler=_tpe, names=best_by_gp),
        needs="sklearn",
    ),
    "optuna-gp": Contender(title="Optuna GPSampler", run=partial(run_optuna, sampler=_gp), needs="torch"),
    "staged-sampler": Contender(title="hpsearch.StagedSampler", run=partial(run_optuna, sampler=_staged)),
    "hpsearch": Contender(title="hpsearch, the plan", run=hpsearch_plan.run, needs="hpsearch"),
    "hpsearch-learned": Contender(
        title="hpsearch, learned start",
        run=partial(hpsearch_plan.run, learned=True),
        needs=PACKAGE,
    ),
    "learned-first": Contender(
        title="first of the portfolio, alone", run=hpsearch_plan.first_setting, needs=PACKAGE
    ),
}
"""The contenders by name, in the order of the printed table."""


def quiet() -> None:
    """Turn off Optuna's log lines and its warnings of what is experimental."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
