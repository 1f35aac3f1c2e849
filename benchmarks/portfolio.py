"""The portfolio that ships, made from trainings on 45 tables, and what a learned start is worth.

    python benchmarks/portfolio.py                # the table of regrets, each table left out in turn
    python benchmarks/portfolio.py --write        # the same, and hpsearch/portfolio/default.json
    python benchmarks/portfolio.py --measure      # first train what benchmarks/portfolio_runs.json lacks

A search looks at the validation rows of one split. What it names is judged by the test rows of the others.
"""

import argparse
from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray
from portfolio_runs import SETTINGS, SPLITS, Runs, measure, read_runs, settings

from hpsearch.portfolio import DataSize, Portfolio, SourceTask, learned_start, write_portfolio
from hpsearch.portfolio.cover import greedy_cover
from hpsearch.portfolio.distillation import good_values
from hpsearch.portfolio.file import SHIPPED
from hpsearch.search import History, TrialState, ranking
from hpsearch.search.confirmation.finalists import measured_ranking
from hpsearch.search.confirmation.incumbent import with_incumbent
from hpsearch.space import FloatParameter, Space
from hpsearch.study_file import LearnedStart
from hpsearch.types import IntArray

SPACE = Space(
    (
        FloatParameter(name="lr", low=1e-5, high=1e-1, log=True),
        FloatParameter(name="weight_decay", low=1e-8, high=1e-2, log=True),
        FloatParameter(name="dropout", low=0.0, high=0.6),
    )
)
LEAST_GAP = 0.005
"""Where the best setting is ahead of the median by less, a table cannot tell settings apart."""
SAME = {"digits": "optdigits", "mnist5k": "optdigits", "wdbc": "wisconsin", "crx": "australian"}
"""Table -> one that has the same origin: both are left out together."""
CHECKPOINTS = (1, 5, 10, 20)
REPEATS = 2
"""Searches of each split of a table."""
DIGITS = 3

Naming = Callable[[History, LearnedStart], IntArray]
NAMINGS: Mapping[str, tuple[bool, Naming]] = {
    "random, best as measured": (False, lambda history, _: measured_ranking(history)),
    "random, best as smoothed": (False, lambda history, _: ranking(SPACE, history)),
    "learned, best as measured": (True, lambda history, _: measured_ranking(history)),
    "learned, best as smoothed": (True, lambda history, _: ranking(SPACE, history)),
    "learned, first unless clearly worse": (
        True,
        lambda history, start: with_incumbent(ranking(SPACE, history), SPACE, history, start),
    ),
}
"""How a search starts and what it names -> whether the start is learned, and the ranking."""


def made(runs: list[Runs], points: list[dict[str, float]]) -> Portfolio:
    """Return the portfolio of some tables."""
    regrets = np.array([run.regrets for run in runs])
    order = greedy_cover(regrets, size=SETTINGS)
    order += [int(place) for place in np.argsort(regrets.mean(axis=0), kind="stable") if place not in order]
    best = [points[int(run.regrets.argmin())] for run in runs]
    return Portfolio(
        kind="mlp",
        settings=tuple(points[place] for place in order),
        sources=tuple(
            SourceTask(
                name=run.name, size=run.size, regrets=tuple(np.round(run.regrets[order], DIGITS).tolist())
            )
            for run in runs
        ),
        prior=good_values(best),
    )


def regret(run: Runs, place: int, split: int) -> float:
    """Return the regret of a setting by the test rows of all splits except one, at most 2."""
    means = run.test.mean(axis=0)
    others = [s for s in range(SPLITS) if s != split]
    found = (means.max() - run.test[others, place].mean()) / (means.max() - np.median(means))
    return float(min(2.0, found))


def history_of(run: Runs, places: NDArray[np.int64], split: int, points: NDArray[np.float64]) -> History:
    """Return the history of a search that looked at some settings on one split."""
    values = run.validation[split, places]
    states = np.where(values > 0, TrialState.COMPLETE, TrialState.FAILED)
    values = np.where(values > 0, values, np.nan)
    return History(internal=points[places], states=states, values=values, curves=values[:, None])


def left_out(runs: list[Runs], points: list[dict[str, float]]) -> dict[tuple[str, int], NDArray[np.float64]]:
    """Return (naming, trials) -> the mean regret on each table, which its portfolio has not seen."""
    rng = np.random.default_rng(5)
    internal = np.array([SPACE.internal(point) for point in points])
    found: dict[tuple[str, int], list[float]] = {key: [] for key in product(NAMINGS, CHECKPOINTS)}
    for run in runs:
        others = [r for r in runs if SAME.get(r.name, r.name) != SAME.get(run.name, run.name)]
        start = learned_start(made(others, points), SPACE, run.size)
        first = [points.index(dict(setting)) for setting in start.settings]  # type: ignore[arg-type]
        sums = dict.fromkeys(found, 0.0)
        for split, _ in product(range(SPLITS), range(REPEATS)):
            drawn = rng.permutation(SETTINGS)
            led = np.array([*first, *(place for place in drawn if place not in first)])
            for (name, n), (learned, naming) in ((key, NAMINGS[key[0]]) for key in found):
                places = (led if learned else drawn)[:n]
                order = naming(history_of(run, places, split, internal), start)
                sums[name, n] += regret(run, int(places[order[0]]), split) if len(order) else 2.0
        for key, total in sums.items():
            found[key].append(total / (SPLITS * REPEATS))
    return {key: np.array(values) for key, values in found.items()}


def first_alone(runs: list[Runs], points: list[dict[str, float]], *, keyed: bool) -> float:
    """Return the mean regret of the first setting, chosen with or without the size of the table left out."""
    found = []
    for run in runs:
        others = [r for r in runs if SAME.get(r.name, r.name) != SAME.get(run.name, run.name)]
        start = learned_start(made(others, points), SPACE, run.size if keyed else DataSize())
        place = points.index(dict(start.settings[0]))  # type: ignore[arg-type]
        found.append(np.mean([regret(run, place, split) for split in range(SPLITS)]))
    return float(np.mean(found))


def main() -> None:
    """Print the table of regrets; measure before, or write the portfolio after, as asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--measure", action="store_true", help="train what is not stored yet")
    parser.add_argument("--write", action="store_true", help="write the portfolio that ships")
    given = parser.parse_args()
    if given.measure:
        measure()
    points = [{name: float(f"{value:.3g}") for name, value in setting.items()} for setting in settings()]
    stored = read_runs()
    runs = [r for r in stored if r.test.mean(axis=0).max() - np.median(r.test.mean(axis=0)) > LEAST_GAP]
    print(f"{len(runs)} of {len(stored)} tables tell settings apart; mean regret after so many trials")
    found = left_out(runs, points)
    print(f"{'':<38}" + "".join(f"{n:>8}" for n in CHECKPOINTS))
    for name in NAMINGS:
        print(f"{name:<38}" + "".join(f"{found[name, n].mean():>8.3f}" for n in CHECKPOINTS))
    random, learned = [*NAMINGS][1], [*NAMINGS][-1]
    for n in CHECKPOINTS[1:]:
        less = found[learned, n] - found[random, n]
        error = 1.96 * less.std(ddof=1) / len(less) ** 0.5
        ends = f"[{less.mean() - error:+.3f}, {less.mean() + error:+.3f}]"
        print(f"{n} trials: learned less random {less.mean():+.3f} {ends}, better on {(less < 0).sum()}")
    alone = [first_alone(runs, points, keyed=keyed) for keyed in (False, True)]
    print(f"first setting alone: {alone[0]:.3f} for all tables alike, {alone[1]:.3f} by their size")
    if given.write:
        write_portfolio(made(runs, points), SHIPPED)
        print(f"written to {SHIPPED}")


if __name__ == "__main__":
    main()
