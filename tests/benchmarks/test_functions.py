"""The benchmark on functions: their least values, their boxes, its sums by hand, and a small run."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import minimize

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from function_cases import CASES  # noqa: E402
from functions import BASELINE, CONTENDERS, compute, summarized  # noqa: E402

pytestmark = pytest.mark.long

ARGMIN = {
    "branin": (np.pi, 2.275),
    "camel": (0.0898, -0.7126),
    "goldstein-price": (0.0, -1.0),
    "hartmann-3": (0.114614, 0.555649, 0.852547),
    "ackley-3": (0.0,) * 3,
    "rastrigin-3": (0.0,) * 3,
    "sphere-4": (0.0,) * 4,
    "rosenbrock-4": (1.0,) * 4,
    "levy-4": (1.0,) * 4,
    "griewank-5": (0.0,) * 5,
    "styblinski-tang-5": (-2.903534,) * 5,
    "hartmann-6": (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573),
}


@pytest.mark.parametrize("name", CASES)
def test_the_least_value_is_where_the_literature_has_it(name):
    """A descent from there ends at the declared least value; the place is not the middle of the box."""
    case, at = CASES[name], np.array(ARGMIN[name])
    found = minimize(lambda x: case.value(tuple(x)), at, method="Nelder-Mead", options={"fatol": 1e-12})
    assert found.fun == pytest.approx(case.least, abs=1e-6)
    middle = (np.array(case.low) + np.array(case.high)) / 2
    assert np.all((np.array(case.low) < at) & (at < case.high))
    assert np.abs(at - middle).max() >= 0.05 * (case.high[0] - case.low[0])
    assert case.spread > 0


def test_a_cell_depends_on_its_key_alone():
    """Twice the same regret; another seed and another noise give another one; no regret is negative."""
    key = ("hpsearch-tpe", "0.5", 15, "branin", 0)
    first = compute(key)["regret"]
    others = [compute((*key[:1], "0", *key[2:]))["regret"], compute((*key[:4], 1))["regret"]]
    assert compute(key)["regret"] == first >= 0
    assert first not in others


def test_the_sums_by_hand():
    """Medians over the seeds, ranks of the medians, and on how many functions each is ahead."""
    options = argparse.Namespace(functions=["branin", "camel"], seeds=range(3), trials=60, noise=["0"])
    regrets = {"hpsearch-gp": ([1, 2, 9], [5, 5, 5]), BASELINE: ([3, 4, 1], [1, 2, 3])}
    cells = {
        (name, "0", 60, function, seed): {"regret": float(own[seed]), "seconds": 0.5}
        for name, rows in regrets.items()
        for function, own in zip(options.functions, rows, strict=True)
        for seed in options.seeds
    }
    ours, theirs = summarized(cells, list(regrets), options)
    assert ours["median_regret"] == {"branin": 2.0, "camel": 5.0}
    assert theirs["median_regret"] == {"branin": 3.0, "camel": 2.0}
    assert (ours["mean_rank"], ours["ahead"], ours["behind"]) == (1.5, 1, 1)


def test_a_small_run_prints_every_contender():
    """All that are installed have a row for each noise; the others are said to be absent."""
    path = os.pathsep.join([str(ROOT), str(BENCHMARKS), os.environ.get("PYTHONPATH", "")])
    fast = ["hpsearch-tpe", "hpsearch-gp", "optuna-tpe", "optuna-cmaes"]
    run = subprocess.run(
        [sys.executable, str(BENCHMARKS / "functions.py"), "--quick", "--json", "--contenders", *fast],
        check=True,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    document = json.loads(run.stdout)
    there = [name for name in fast if CONTENDERS[name].missing is None]
    assert [row["contender"] for row in document["rows"]] == there * 2
    assert set(document["absent"]) == set(fast) - set(there)
