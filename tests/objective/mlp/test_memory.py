"""Studies whose networks, matrices or lists are too large are refused when they are checked."""

import numpy as np
import pytest

from tests.cli.fixtures import cache, program
from tests.machine.limited import run_limited
from tests.test_memory import REFUSED, SAFETY, STUDY, npz

__all__ = ["cache", "program"]


@pytest.mark.parametrize(
    ("model", "space", "key"),
    [
        ("hidden = [100000, 100000]", "", "model.hidden"),
        ("hidden = [100000000]", "", "model.hidden"),
        ("hidden = [8]\nbatch_size = 1000000000", "", ""),
        ("hidden = [30000, 8]", "", ""),
        ("hidden = [15000, 14000]", 'optimizer = { choices = ["sgd", "adam"] }', "space.optimizer"),
    ],
)
@pytest.mark.sampled
def test_fault_81_a_network_that_does_not_fit_is_refused(program, model, space, key):
    """Weights, gradients and moments are counted for each structure; what is cut to the rows is no fault."""
    text = STUDY.format(source="digits", more="").replace("hidden = [8]", model) + f"{space}\n"
    program.write("n.toml", text)
    run = run_limited(program, "check", "n.toml", limits=SAFETY)
    if not key:
        assert run.code == 0, run.err
        return
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert f"{key}: expected at most 2 GiB {REFUSED} a network of 64 features" in run.err


def test_fault_81_a_whitening_of_too_many_features_is_refused(program):
    """A whitening holds matrices of features by features."""
    npz(program.folder / "a.npz", X=np.eye(60, 20_000, dtype=np.float32), y=np.arange(60) % 2)
    program.write("a.toml", STUDY.format(source="a.npz", more='scaling = "zca"'))
    run = run_limited(program, "check", "a.toml", limits=SAFETY)
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert "zca whitening of 20,000 features" in run.err


@pytest.mark.parametrize(
    "text",
    [
        "[model]\nhidden = [" + "1," * 100_000 + "]",
        "[search]\nrounds = [" + "1," * 100_000 + "]",
        "[search]\nrungs = [" + "1," * 100_000 + "]",
        "[space]\nlr = { choices = [" + ",".join(f"0.{i}" for i in range(1, 50_000)) + "] }",
        "[space.lr.when]\noptimizer = [" + "'adam'," * 50_000 + "]",
    ],
    ids=["hidden", "rounds", "rungs", "choices", "conditions"],
)
@pytest.mark.sampled
def test_fault_81_lists_without_measure_are_refused(program, text):
    """A list of a study file has at most 10,000 items, except the names of columns."""
    program.write("l.toml", f'data.source = "digits"\ntrials = 1000000\n{text}\n')
    run = run_limited(program, "check", "l.toml", limits=SAFETY, timeout_s=30)
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert "expected a list of at most 10,000 items, found" in run.err
