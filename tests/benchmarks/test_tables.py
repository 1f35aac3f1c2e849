"""The benchmark on tables: its sums by hand, who sees what, a small run; and what is shared with others."""

import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import optuna
import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from cells import computed  # noqa: E402
from hpobench import LEVELS, BudgetError, Cell, Table, checkpoints, missing  # noqa: E402
from paired import compared, interval_95  # noqa: E402
from table_contenders import CONTENDERS, _fly, best_by_gp, best_seen, run_optuna, run_random  # noqa: E402

pytestmark = pytest.mark.long

INSTALLED = [name for name in CONTENDERS if CONTENDERS[name].missing is None]


@pytest.fixture
def bowl():
    """Return a table of the real size: best in one corner, noisy, NaN on the held-out seeds."""
    grid = np.stack(np.meshgrid(*(np.linspace(0, 1, n) for n in LEVELS.values()), indexing="ij"), axis=-1)
    accuracy = np.exp(-(grid**2).sum(axis=-1))[..., None] + np.random.default_rng(0).normal(
        0, 0.02, (*grid.shape[:-1], 5)
    )
    accuracy[..., [3, 4]] = np.nan
    return Table(name="bowl", number=0, accuracy=accuracy)


@pytest.fixture(autouse=True)
def quiet():
    """Let Optuna keep its log lines and its warning of GPSampler to itself."""
    verbosity = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    yield
    optuna.logging.set_verbosity(verbosity)


def small(script, *options):
    """Return what a benchmark prints."""
    path = os.pathsep.join([str(ROOT), str(BENCHMARKS), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, script if script == "-c" else str(BENCHMARKS / script), *options]
    environment = os.environ | {"PYTHONPATH": path}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_regret_by_hand():
    """Means are 1, 0.5 and 0.2; the held-out mean of the second is 0.75: regret 0.25 / 0.5."""
    rows = [[1, 1, 1, 1, 1], [1 / 3, 1 / 3, 1 / 3, 0.5, 1.0], [0.2] * 5]
    table = Table(name="hand", number=0, accuracy=np.array(rows))
    assert [table.regret((place,)) for place in range(3)] == pytest.approx([0, 0.5, 1.6])


def test_a_cell_has_no_trial_more_than_its_budget():
    """One look more is an error of the contender, not a value."""
    cell = Cell(Table(name="t", number=0, accuracy=np.ones((2, 5))), 0, 3)
    for _ in range(3):
        cell.look((0,))
    with pytest.raises(BudgetError, match="t: expected at most 3 trials, found one more"):
        cell.look((1,))
    assert [configuration for configuration, _ in cell.trials] == [(0,)] * 3


def test_luck_belongs_to_cell_configuration_and_replicate():
    """Two searches that come by the same place see the same values there, whatever they did before."""
    table = Table(name="t", number=0, accuracy=np.arange(50.0).reshape(10, 5))
    one, two = Cell(table, 7, 40), Cell(table, 7, 40)
    two.look((3,))
    assert [one.look((5,)) for _ in range(9)] == [two.look((5,)) for _ in range(9)]
    seen = {one.look((1,)) for _ in range(20)}
    assert seen == {5.0, 6.0, 7.0}  # seeds 0 to 2, and none of those held out
    other = Cell(table, 8, 40)
    assert [other.look((5,)) for _ in range(9)] != [value for _, value in one.trials[:9]]


@pytest.mark.parametrize("parallelism", [1, 16])
@pytest.mark.parametrize("name", INSTALLED)
def test_what_is_named_early_does_not_depend_on_what_comes_later(bowl, name, parallelism):
    """A checkpoint is an honest search of that size; no held-out value, here NaN, is ever seen."""
    search = CONTENDERS[name].run
    if name == "optuna-gp":
        pytest.skip("eight seconds a search, and its trials come from the same loop as TPE's")
    long = search(bowl, 1, n_trials=30, parallelism=parallelism)
    assert list(long) == checkpoints(30) == [10, 20, 30]
    assert search(bowl, 1, n_trials=20, parallelism=parallelism) == {n: long[n] for n in (10, 20)}
    assert all(0 <= index < n for c in long.values() for index, n in zip(c, LEVELS.values(), strict=True))


def test_searches_find_the_corner(bowl):
    """After 60 trials everybody but random search is where the bowl is high."""
    for name in ("optuna-tpe", "staged-sampler", "hpsearch"):
        named = CONTENDERS[name].run(bowl, 0, n_trials=60, parallelism=1)[60]
        assert bowl.accuracy[named][:3].mean() > 0.6, name


def test_double_random_search_is_random_search_at_twice_the_trials(bowl):
    """The baseline of twice the trials is the same stream, looked at later."""
    once = run_random(bowl, 3, n_trials=60, parallelism=1)
    twice = run_random(bowl, 3, n_trials=30, parallelism=1, times=2)
    assert (twice[10], twice[30]) == (once[20], once[60])


class Counting(optuna.samplers.RandomSampler):
    """Notes how many results there are whenever it is asked."""

    def __init__(self, seed):
        super().__init__(seed=seed)
        self.seen = []

    def before_trial(self, study, trial):
        """Count the trials that are complete."""
        self.seen.append(len(study.get_trials(states=[optuna.trial.TrialState.COMPLETE])))
        super().before_trial(study, trial)


@pytest.mark.parametrize("parallelism", [1, 4, 16])
def test_a_trial_sees_what_its_parallelism_lets_it_see(bowl, parallelism):
    """With P in flight, trial n knows n - P + 1 results: what hpsearch's horizon gives it, too."""
    sampler = Counting(0)
    run_optuna(bowl, 0, n_trials=20, parallelism=parallelism, sampler=lambda _seed: sampler)
    assert sampler.seen == [max(0, n - parallelism + 1) for n in range(20)]


def test_one_in_flight_is_optimize(bowl):
    """``study.optimize`` and the loop of asks and tells are one search."""
    one = Cell(bowl, 0, 25)
    sampler = optuna.samplers.TPESampler
    _fly(optuna.create_study(direction="maximize", sampler=sampler(seed=5)), one, 1)
    named = run_optuna(bowl, 0, n_trials=25, parallelism=1, sampler=lambda _seed: sampler(seed=5))
    assert named[25] == best_seen(one.trials)


def test_the_gp_is_not_taken_in_by_one_lucky_trial():
    """Of a lonely high value among low ones and a whole region of good ones, the region wins."""
    rng = np.random.default_rng(0)
    trials = [((9, 9, 1, 9, 9), 0.2 + rng.normal(0, 0.02)) for _ in range(9)] + [((9, 9, 1, 9, 9), 0.9)]
    trials += [((1, 1, 1, 1, 1), 0.8 + rng.normal(0, 0.02)) for _ in range(10)]
    assert best_seen(trials) == (9, 9, 1, 9, 9)
    assert best_by_gp(trials) == (1, 1, 1, 1, 1)


def test_interval_keeps_every_task_its_weight():
    """Tasks that differ among themselves widen no interval, unless the tasks are resampled too."""
    cells = np.repeat([[0.0], [1.0]], 5, axis=1)
    assert interval_95(cells) == [0.5, 0.5]
    assert interval_95(cells, resample_tasks=True) == [0.0, 1.0]
    assert interval_95(cells[:, :1]) is None
    assert interval_95(cells[:1], resample_tasks=True) is None


def test_interval_is_that_of_the_mean():
    """For many cells of deviation s it is the mean -+ 1.96 s / sqrt(n), as the normal law has it."""
    cells = np.random.default_rng(1).normal(3.0, 2.0, (4, 100))
    half = 1.96 * math.sqrt(cells.var(axis=1).mean() / 400)
    expected = [cells.mean() - half, cells.mean() + half]
    assert interval_95(cells) == pytest.approx(expected, abs=0.1 * half)


def test_difference_by_hand():
    """Lower regrets are better: three cells of four, one of them a tie that counts half."""
    found = compared(
        np.array([[1.0, 2.0], [3.0, 9.0]]), np.array([[2.0, 4.0], [3.0, 5.0]]), lower_is_better=True
    )
    assert found["difference"] == 0.25
    assert found["p_better"] == 0.625
    better = compared(np.array([[1.0, 2.0]]), np.array([[2.0, 2.0]]), lower_is_better=False)
    assert better["p_better"] == 0.25


def double(key):
    """Return twice a cell's number; complain of one that should be known."""
    assert key != ("a", 1), "this cell stands in the file"
    return 2 * key[1]


def test_cells_of_a_file_are_not_computed_again(tmp_path):
    """A run that was cut off in the middle of a line goes on after the last whole one."""
    path = tmp_path / "cells.jsonl"
    path.write_text('[["a", 1], 17]\n[["a", 2], 1')
    keys = [("a", 1), ("a", 2), ("b", 3)]
    assert computed(double, keys, processes=1, file=path) == {("a", 1): 17, ("a", 2): 4, ("b", 3): 6}
    assert [json.loads(line)[1] for line in path.read_text().splitlines()] == [17, 4, 6]


def test_two_processes_compute_what_one_does():
    """The order of the answer is that of the keys."""
    keys = [("b", 5), ("a", 3), ("c", 4)]
    assert list(computed(double, keys, processes=2).items()) == [(key, 2 * key[1]) for key in keys]


@pytest.mark.skipif(missing() is not None, reason=str(missing()))
def test_quick_run_on_a_real_table():
    """The floors are those that were measured before; each checkpoint has a regret and a difference."""
    contenders = ["random", "optuna-tpe", "staged-sampler", "hpsearch"]
    document = json.loads(small("tables.py", "--json", "--quick", "--contenders", *contenders))
    assert document["floors"] == pytest.approx({"exhaustive": 0.090, "top_1_percent": 0.062}, abs=5e-4)
    assert document["seeds"] == [0, 1]
    assert {(row["contender"], row["parallelism"], row["trials"]) for row in document["rows"]} == {
        (name, p, n) for name in contenders for p in (1, 16) for n in (10, 20)
    }
    for row in document["rows"]:
        assert -0.5 < row["regret"] < 1.5
        assert (row["to_baseline"] is None) == (row["contender"] == "optuna-tpe")
        assert (row["to_parallelism_1"] is None) == (row["parallelism"] == 1)


def test_scored_seeds_are_not_for_development():
    """Whoever asks for the declared seeds has to say so."""
    for script in ("tables.py", "textbook.py"):
        with pytest.raises(subprocess.CalledProcessError) as error:
            small(script, "--first-seed", "999", "--seeds", "2")
        assert "below 1000, found 1000; see --scored" in error.value.stderr
