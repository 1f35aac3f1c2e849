"""The portfolio that ships is the one that the stored trainings make."""

import sys
from pathlib import Path

import numpy as np
import pytest

from hpsearch.portfolio import shipped_portfolio

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from portfolio import LEAST_GAP, left_out, made, regret
from portfolio_runs import SETTINGS, SPLITS, read_runs, settings


@pytest.fixture(scope="module")
def runs():
    """Return the stored trainings of the tables that tell settings apart."""
    means = {run.name: run.test.mean(axis=0) for run in read_runs()}
    return [r for r in read_runs() if means[r.name].max() - np.median(means[r.name]) > LEAST_GAP]


@pytest.fixture(scope="module")
def points():
    """Return the settings, as rounded in the file."""
    return [{name: float(f"{value:.3g}") for name, value in setting.items()} for setting in settings()]


def test_the_portfolio_that_ships_is_what_the_trainings_make(runs, points):
    """Settings, regrets and prior come from the stored accuracies, and from nothing else."""
    assert made(runs, points) == shipped_portfolio()
    assert all(run.test.shape == run.validation.shape == (SPLITS, SETTINGS) for run in runs)


def test_a_setting_is_judged_by_the_splits_that_did_not_choose_it(runs):
    """The regret of a setting on three splits is that of their mean, and at most 2."""
    run = runs[0]
    means = run.test.mean(axis=0)
    best = int(means.argmax())
    mean = float(np.mean([regret(run, best, split) for split in range(SPLITS)]))
    assert mean == pytest.approx(0, abs=1e-9)
    assert regret(run, int(means.argmin()), 0) <= 2


@pytest.mark.long
def test_the_learned_start_leaves_less_regret_than_a_random_one(runs, points):
    """With each table left out in turn, after 5, 10 and 20 trials; at most what the first setting has."""
    found = left_out(runs, points)
    for n in (5, 10, 20):
        learned = found["learned, first unless clearly worse", n].mean()
        assert learned < found["random, best as smoothed", n].mean() - 0.02
        assert learned < found["learned, first unless clearly worse", 1].mean() + 0.005
