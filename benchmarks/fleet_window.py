"""How busy `parallelism` keeps a fleet: a simulation, since no machine is fast enough to show it alone.

    python benchmarks/fleet_window.py [--workers 8 64] [--trials 20000]

Trial `n` may begin when all trials up to `n - parallelism` are settled, so a slow one holds the others up.
Workers here wait for nothing else: what is missing to 100 % is the price of seeing settled results alone.
"""

import argparse
import math
from collections.abc import Callable

import numpy as np

from hpsearch.report.waiting import busy_share

TIMES = (1, 1.5, 2, 3, 4, 8)
"""``parallelism`` by the number of workers."""


def log_normal(spread: float) -> Callable[[np.random.Generator, int], np.ndarray]:
    """Return what draws durations of mean 1 whose logarithm deviates by ``spread``."""
    return lambda rng, n: np.exp(rng.normal(-(spread**2) / 2, spread, n))


def stopped_early(rng: np.random.Generator, n: int) -> np.ndarray:
    """Return durations where a rung stops two trials of three at a third of their epochs."""
    return np.where(rng.random(n) < 1 / 3, 1.0, 1 / 3)


DURATIONS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "nearly equal (spread 0.1)": log_normal(0.1),
    "spread 0.25: 4 % take half as long again": log_normal(0.25),
    "two of three stopped at a third": stopped_early,
    "spread 0.5: 5 % take twice as long": log_normal(0.5),
    "spread 1: 5 % take three times as long": log_normal(1.0),
}


def busy(workers: int, parallelism: int, durations: np.ndarray) -> float:
    """Return the share of their time that workers train; the arguments are those of ``busy_share``."""
    return busy_share(durations, workers=workers, parallelism=parallelism)


def main() -> None:
    """Print a table for each size of the fleet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--workers", nargs="+", type=int, default=[8, 64], help="sizes of the fleet (8 64)")
    parser.add_argument("--trials", type=int, default=20_000, help="trials a figure (20000)")
    options = parser.parse_args()
    width = max(map(len, DURATIONS))
    for workers in options.workers:
        heads = "".join(f"{f'{times:g} x':>7}" for times in TIMES)
        print(f"\n{f'{workers} workers, parallelism =':<{width}}{heads}")
        for name, draw in DURATIONS.items():
            durations = draw(np.random.default_rng(0), options.trials)
            shares = (busy(workers, math.ceil(times * workers), durations) for times in TIMES)
            print(f"{name:<{width}}" + "".join(f"{share:>7.0%}" for share in shares))


if __name__ == "__main__":
    main()
