"""Whether shares of importance are right and their intervals cover, on functions with known shares.

    python benchmarks/calibration_importance.py [--studies 40] [--functions linear] [--trials 40 100]

A study has so many trials of a function of four parameters, with noise, at places that a design chooses.
"""

import os

os.environ.update(dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"))

import argparse
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import optuna
from optuna.importance import (
    BaseImportanceEvaluator,
    FanovaImportanceEvaluator,
    PedAnovaImportanceEvaluator,
    get_param_importances,
)

from hpsearch.search import History, TrialState, importances
from hpsearch.search.sampling.stages import Stages
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file.build import default_rounds
from hpsearch.types import Float64Array

NAMES = "abcd"
SPACE = Space(tuple(FloatParameter(name=name, low=0.0, high=1.0) for name in NAMES))
TRIALS = (40, 100, 300)
NOISES = (0.1, 0.5)
"""Deviation of the noise over the function's; the larger one with 100 trials alone."""
BESIDE = 5
"""Studies that Optuna's evaluators see as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A function on the unit cube, ``(n, 4)`` to ``(n,)``, with the true share of each parameter."""

    name: str
    value: Callable[[Float64Array], Float64Array]
    shares: tuple[float, ...]


def linear(units: Float64Array) -> Float64Array:
    """Return a linear function; its variances are as 16 to 4 to 1 to 0."""
    return np.asarray(units @ np.array([4.0, 2.0, 1.0, 0.0]))


def ishigami(units: Float64Array) -> Float64Array:
    """Return the function ``sin x + 7 sin(y)^2 + 0.1 z^4 sin x`` over ``-pi`` to ``pi``.

    Source: T. Ishigami and T. Homma, "An importance quantification technique in uncertainty analysis for
    computer models", 1990.
    """
    x, y, z, _ = (np.pi * (2 * units - 1)).T
    return np.asarray(np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x))


def cliff(units: Float64Array) -> Float64Array:
    """Return an accuracy over the logarithm of a learning rate: a bowl, and past 0.85 a fall to chance."""
    rate, b, c, _ = units.T
    bowl = 0.95 - 0.8 * (rate - 0.6) ** 2 - 0.1 * (b - 0.4) ** 2 - 0.02 * c
    return np.where(rate > 0.85, 0.1, bowl)


def true_shares(value: Callable[[Float64Array], Float64Array]) -> tuple[float, ...]:
    """Return the mean of first-order and total Sobol index of each parameter, scaled to add up to 1.

    Source: A. Saltelli et al., "Variance based sensitivity analysis of model output", 2010, table 2.
    """
    rng = np.random.default_rng(1)
    one, two = rng.uniform(size=(2, 400_000, len(NAMES)))
    at_one, at_two = value(one), value(two)
    found = np.zeros(len(NAMES))
    for j in range(len(NAMES)):
        mixed = one.copy()
        mixed[:, j] = two[:, j]
        change = value(mixed) - at_one
        found[j] = max(0.0, float((at_two * change).mean() + (change**2).mean() / 2))
    return tuple((found / found.sum()).tolist())


def functions() -> dict[str, Function]:
    """Return name -> function."""
    made = {"linear": linear, "Ishigami": ishigami, "cliff": cliff}
    return {name: Function(name=name, value=f, shares=true_shares(f)) for name, f in made.items()}


def random_places(history: Callable[[int], History], n: int, seed: int) -> Iterator[tuple[float, ...]]:
    """Yield uniform points."""
    del history
    yield from map(tuple, np.random.default_rng([seed, 1]).uniform(size=(n, len(NAMES))).tolist())


def planned(history: Callable[[int], History], n: int, seed: int) -> Iterator[tuple[float, ...]]:
    """Yield the points of hpsearch's plan: random rounds, then TPE."""
    yield from _staged(history, default_rounds(n, _parallelism(n)), n, seed)


def boxes(history: Callable[[int], History], n: int, seed: int) -> Iterator[tuple[float, ...]]:
    """Yield points of three random rounds, each in the box that the last leaves."""
    yield from _staged(history, (n // 3, n // 3, n - 2 * (n // 3)), n, seed)


def _staged(
    history: Callable[[int], History], rounds: Sequence[int], n: int, seed: int
) -> Iterator[tuple[float, ...]]:
    stages = Stages(SPACE, rounds, "random", seed=seed)
    for number in range(n):
        yield stages.propose(number, lambda k: history(k).seen_by(k, _parallelism(n))).internal


def _parallelism(n: int) -> int:
    return max(1, min(16, n // 6))


DESIGNS = {"random": random_places, "plan": planned, "boxes": boxes}


def study(function: Function, design: str, n: int, *, noise: float, seed: int) -> History:
    """Return the trials of one study.

    Args:
        function: What a trial evaluates.
        design: Name of a design.
        n: Number of trials.
        noise: Deviation of the noise over that of the function.
        seed: Seed of places and noise.
    """
    uniform = np.random.default_rng(0).uniform(size=(20_000, len(NAMES)))
    errors = noise * function.value(uniform).std() * np.random.default_rng([seed, 2]).normal(size=n)
    made = History(
        internal=np.zeros((n, len(NAMES))),
        states=np.full(n, int(TrialState.COMPLETE)),
        values=np.zeros(n),
        curves=np.empty((n, 0)),
    )
    for number, place in enumerate(DESIGNS[design](made.up_to, n, seed)):
        made.internal[number] = place
        made.values[number] = function.value(made.internal[number : number + 1])[0] + errors[number]
    return made


def optunas(history: History, evaluator: BaseImportanceEvaluator) -> list[float]:
    """Return the shares that an evaluator of Optuna finds, in the order of the space."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    found = optuna.create_study(direction="maximize")
    ranges = {name: optuna.distributions.FloatDistribution(0, 1) for name in NAMES}
    for row, value in zip(history.internal.tolist(), history.values.tolist(), strict=True):
        params = dict(zip(NAMES, row, strict=True))
        found.add_trial(optuna.create_trial(params=params, distributions=ranges, value=value))
    shares = get_param_importances(found, evaluator=evaluator)
    return [float(shares[name]) for name in NAMES]


def row(function: Function, design: str, n: int, *, noise: float, n_studies: int) -> str:
    """Return one row: mean shares, how often intervals cover, the idle share by each method, milliseconds."""
    shares, covers, widths, seconds = [], [], [], []
    before, fanova = [], []
    for seed in range(n_studies):
        history = study(function, design, n, noise=noise, seed=seed)
        began = time.process_time()
        found = importances(SPACE, history, seed=seed)
        seconds.append(time.process_time() - began)
        shares.append([importance.share for importance in found])
        ends = np.array([importance.interval for importance in found])
        covers.append((ends[:, 0] <= function.shares) & (function.shares <= ends[:, 1]))
        widths.append(ends[:, 1] - ends[:, 0])
        if seed < BESIDE:
            before.append(optunas(history, PedAnovaImportanceEvaluator(target_quantile=0.25)))
            fanova.append(optunas(history, FanovaImportanceEvaluator(seed=seed)))
    cells = (
        function.name,
        design,
        f"{n}",
        f"{noise}",
        _triple(function.shares),
        _triple(np.mean(shares, axis=0)),
        f"{100 * np.mean(covers):.1f} %",
        f"{np.mean(widths):.2f}",
        *(f"{np.mean(by, axis=0)[-1]:.3f}" for by in (shares, before, fanova)),
        f"{1000 * np.median(seconds):.0f}",
    )
    return f"| {' | '.join(cells)} |"


def _triple(shares: Sequence[float]) -> str:
    return " ".join(f"{share:.3f}" for share in list(shares)[:-1])


def lines(*, n_studies: int = 40, names: Sequence[str] = (), trials: Sequence[int] = TRIALS) -> Iterator[str]:
    """Yield the rows of the table, with its head.

    Args:
        n_studies: Studies for each row.
        names: Names of functions; all where there are none.
        trials: Numbers of trials.
    """
    warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
    yield (
        "| function | design | trials | noise | true shares | mean shares | intervals cover | width "
        "| idle | idle, PED-ANOVA | idle, fANOVA | CPU ms |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|---|---|"
    made = functions()
    for name in names or made:
        for design in DESIGNS:
            for n in trials:
                for noise in NOISES if n == 100 else NOISES[:1]:
                    yield row(made[name], design, n, noise=noise, n_studies=n_studies)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=40)
    parser.add_argument("--functions", nargs="*", default=[], choices=["linear", "Ishigami", "cliff"])
    parser.add_argument("--trials", nargs="*", type=int, default=list(TRIALS))
    given = parser.parse_args()
    for line in lines(n_studies=given.studies, names=given.functions, trials=given.trials):
        print(line, flush=True)


if __name__ == "__main__":
    main()
