"""The comparison with PyTorch and scikit-learn: what it finds, what it would find, and what it prints."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
BENCHMARKS = ROOT / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))  # its modules find each other as beside a script

from parity import MEASURES, MOST, by_torch, compared, differences, render, torch_version  # noqa: E402
from parity_cases import case, scikit_learn_cases, torch_cases, trained  # noqa: E402
from parity_sklearn import train  # noqa: E402
from parity_values import render as render_values  # noqa: E402

from hpsearch.nn import ACTIVATIONS, NORMALIZATIONS, OPTIMIZERS, PENALTIES, SCHEDULES  # noqa: E402

PYTHON = os.environ.get("HPSEARCH_TORCH_PYTHON", sys.executable)
needs_torch = pytest.mark.skipif(torch_version(PYTHON) is None, reason="PyTorch is not installed")


def largest(rows):
    """Return the largest difference of a table."""
    return max(row[measure] for row in rows for measure in MEASURES if row[measure] is not None)


def program(*options, script="parity.py", **environment):
    """Run the whole comparison, or another script, from scratch: BLAS has one thread then."""
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | environment
    command = [sys.executable, str(BENCHMARKS / script), *options]
    return subprocess.run(command, capture_output=True, text=True, env=variables, check=False)


def test_every_training_of_scikit_learn_agrees():
    """Solvers, activations, the penalty, values and weights: rounding alone is between both sides."""
    cases = list(scikit_learn_cases())
    jobs = [trained(of) for of in cases]
    rows = compared(cases, jobs, (train(job.settings, job.arrays) for job in jobs))
    assert rows[-1]["row"] == "all"
    assert rows[-1]["trainings"] == len(cases) > 30
    assert 0 < largest(rows) < MOST


@needs_torch
def test_a_training_of_each_kind_agrees_with_pytorch():
    """The first training of every row of the table."""
    cases = list({row: of for of in reversed(list(torch_cases())) for row in of.rows}.values())
    jobs = [trained(of) for of in cases]
    assert 0 < largest(compared(cases, jobs, by_torch(PYTHON, jobs))) < MOST


def test_every_name_is_compared():
    """What is registered as an activation, a normalization, an optimizer, a schedule or a penalty."""
    cases = list(torch_cases())
    configs = [of.config for of in cases]
    assert {config.activation for config in configs} == set(ACTIVATIONS)
    assert {config.normalization for config in configs} == set(NORMALIZATIONS)
    pairs = {(config.optimizer, config.schedule) for config in configs}
    assert pairs == {(optimizer, name) for optimizer in OPTIMIZERS for name in SCHEDULES}
    assert {"l2": "weight_decay", "l1": "l1", "linf": "linf"}.keys() == PENALTIES.keys()
    assert all(any(getattr(config, key) for config in configs) for key in ("weight_decay", "l1", "linf"))
    assert {of.data for of in cases} == {"classes", "values", "one value", "categories"}


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ({"optimizer": "nesterov"}, {"optimizer": "momentum", "lr": 0.02}),
        ({"weight_decay": 1e-3}, {}),
        ({"lr": 0.1}, {"lr": 0.1 * (1 + 1e-9)}),
        ({"activation": "prelu"}, {"activation": "leaky_relu"}),
    ],
)
def test_another_definition_is_found(ours, theirs):
    """Two rules that differ, or one number in its ninth digit, are a difference far above the bound."""
    pair = [trained(case("x", **settings)).results for settings in (ours, theirs)]
    if ours.get("activation") == "prelu":
        with pytest.raises(SystemExit, match=r"expected parameters .*'a0'.*, found "):
            differences(*pair)
        return
    assert differences(*pair)["weights"] > 100 * MOST


def test_one_wrong_number_is_found():
    """The smallest parameter, loss or prediction that is off counts against the largest."""
    ours = trained(case("x")).results
    for name, measure in (("b1", "weights"), ("losses", "loss"), ("predictions", "predictions")):
        other = {**ours, name: ours[name].copy()}
        other[name].flat[np.abs(other[name]).argmin()] += 1e-6
        found = differences(ours, other)
        assert found.pop(measure) > 1e-7
        assert set(found.values()) == {0.0}


def test_a_table_says_what_is_absent():
    """Without PyTorch there is one line in place of its table; a loss that nothing has is a dash."""
    row = {"row": "all", "trainings": 3, "weights": 1e-16, "loss": None, "predictions": 2e-16}
    facts = {"versions": {"torch": None, "scikit-learn": "1.0"}}
    printed = render({"machine": facts, "pytorch": None, "scikit-learn": [row]}).splitlines()
    assert printed[0] == "PyTorch: not installed; name an interpreter that has it: --torch PYTHON"
    assert printed[-1].split() == ["all", "3", "1.0e-16", "-", "2.0e-16"]


def test_an_interpreter_that_is_not_there_is_refused(tmp_path):
    """The option and the variable name a program that can be run."""
    wrong = str(tmp_path / "python")
    for found in (program("--torch", wrong), program(HPSEARCH_TORCH_PYTHON=wrong)):
        assert found.returncode == 2
        assert found.stderr.endswith(f"--torch: expected an interpreter of Python, found {wrong}\n")


@pytest.mark.long
def test_definitions_are_what_they_should_be():
    """Whitening with 50 rows, slopes, a cosine, AdaGrad at high rates, several outputs, a gradient at 1e9."""
    found = program("--json", "--rows", "50", "--splits", "1", script="parity_values.py")
    document = json.loads(found.stdout)
    accuracy = {row["scaling"]: row["accuracy"] for row in document["whitening"]}
    largest = {row["scaling"]: row["largest"] for row in document["whitening"]}
    for kind in ("PCA", "ZCA"):
        assert accuracy[kind] > accuracy["auto"] - 0.1 > 0.6
        assert accuracy[f"{kind}, version 1"] < 0.4
        assert largest[kind] < 5
        assert largest[f"{kind}, version 1"] > 50
    assert {name: found["slopes"] for name, found in document["slopes"].items()} == {
        "prelu": 24,
        "prelu_shared": 2,
    }
    assert len(render_values(document).splitlines()) == 26
    assert document["cosine"]["moved_after_epoch_10"] > 0.05
    ended = document["divergence"]["ended"]
    assert document["divergence"]["learned"] > 8
    assert ended["loss alone"]["of_them_learned"] > 5
    assert ended["loss and score"]["of_them_learned"] == 0 < ended["loss and score"]["lanes"]
    outputs = document["several_outputs"]
    assert outputs["loss"] == pytest.approx(outputs["half_mean_square"], rel=1e-12)
    assert document["gradient"]["found"] == pytest.approx(2e9, rel=1e-9)


@pytest.mark.long
def test_the_whole_agrees():
    """Every training on every side that is here, as one document; exit 0."""
    found = program("--json")
    assert found.returncode == 0, found.stderr
    document = json.loads(found.stdout)
    parts = [document["scikit-learn"], *([document["pytorch"]] if document["pytorch"] else [])]
    assert all(0 < largest(rows) < document["most"] for rows in parts)
