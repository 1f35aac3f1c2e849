"""What a whole search makes of its ranges: a cliff, a range that misses the best, a space that is used up."""

import json

import pytest

CLIFF = """
name = "cliff"
seed = 1
trials = 40
[data]
source = "digits"
[model]
hidden = [32]
epochs = 5
optimizer = "sgd"
[space]
lr = {{ low = 1e-5, high = {high}, log = true }}
weight_decay = {{ low = 1e-8, high = 1e-2, log = true }}
[confirm]
top = {top}
ensemble = 0
"""
BELOW = """
name = "below"
trials = 60
parallelism = 8
[data]
source = "digits"
[model]
hidden = [32]
[space]
lr = { low = 1e-6, high = 1e-4, log = true }
[confirm]
top = 2
seeds = 2
ensemble = 0
"""
FUNCTION = """
def score(trial):
    return trial.params["n"] - 2 * (trial.params["kind"] == "b")
"""
FINITE = """
name = "finite"
trials = 40
parallelism = 3
[objective]
call = "train.py:score"
[space]
n = { low = 1, high = 5 }
kind = { choices = ["a", "b"] }
"""


def finished(program, name, text, *flags):
    """Return what ``best --json`` prints of a study that ran to its end."""
    program.write(f"{name}.toml", text)
    run = program.run("start", f"{name}.toml", "--quiet", *flags, timeout_s=240)
    assert run.code == 0, run.err
    return json.loads(program.run("best", "--json").out)


@pytest.mark.long
@pytest.mark.parametrize(("high", "top"), [("1e4", 5), ("1e30", 5), ("1e4", 0)])
def test_a_cliff_hides_no_good_trial(program, high, top):
    """Most of the range diverges, and no smooth surface shows the edge; yet what is named is good."""
    best = finished(program, "cliff", CLIFF.format(high=high, top=top))
    assert (best["confirmed"] or best["value"]) > 0.92
    assert best["test_accuracy"] > 0.92
    if not top:
        assert best["number"] == best["highest"]["number"]


@pytest.mark.long
def test_a_winner_beyond_its_declared_range_is_named_as_such(program):
    """The range lies below the best learning rate: the results open it, and every box is explained."""
    best = finished(program, "below", BELOW)
    assert best["outside"] == {"lr": [1e-6, 1e-4]}
    assert best["params"]["lr"] > 1e-4
    assert best["value"] > 0.8  # 0.2 or so in the declared range
    assert "lr lies beyond its declared range, 1e-06 to 0.0001\n" in program.run("best").out
    boxes = json.loads(program.run("explain", "--json").out)["rounds"]
    assert boxes[0]["box"]["lr"] == pytest.approx([1e-6, 1e-4])
    opened = [box for box in boxes if "lr opened above" in box["reason"]]
    assert 9e-4 < opened[0]["box"]["lr"][1] < 1.1e-2
    assert program.run("replay").code == 0


def test_a_space_that_is_used_up_ends_its_study(program):
    """Ten points are ten trials of forty, whatever the fleet."""
    program.write("train.py", FUNCTION)
    best = finished(program, "finite", FINITE, "--workers", "2")
    assert best["stopped"]["rule"] == "space"
    assert best["stopped"]["number"] == 10
    assert best["params"] == {"n": 5, "kind": "a"}
    out = program.run("best").out
    assert "ended by space before trial 10: every point of the space has been tried" in out
    assert "10 of 40 trials settled" in out
    refused = program.run("enqueue", "n=1", "kind=a")
    assert refused.code == 1
    assert "a study with a larger space, under another name, can try more" in refused.err
