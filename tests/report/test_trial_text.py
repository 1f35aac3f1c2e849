"""A trial as lines and as JSON, and its parameters."""

import json

import pytest

from hpsearch.report.json_documents import trial_to_json
from hpsearch.report.text import (
    params_line,
    show_value,
    trial_text,
)
from hpsearch.search import TrialState
from hpsearch.store import TrialRow

PARAMS = {"lr": 0.0123456, "batch_size": 32, "activation": "relu"}

TRIAL_TEXT = """\
digits: trial 7
  state       pruned
  stage       round 1
  lr          0.01235
  batch_size  32
  activation  relu
  value       0.2500
  curve       0.125 0.250
  reason      stopped after 2 whole epochs
  attempts    3
  seconds     1.50"""


PRUNED = TrialRow(
    number=7,
    state=TrialState.PRUNED,
    stage="round 1",
    value=0.25,
    params=PARAMS,
    curve=(0.125, 0.25),
    attempts=3,
    seconds=1.5,
    reason="stopped after 2 whole epochs",
)


def test_a_trial_in_text():
    """Parameters, curve, why it stopped, how often it was claimed, how long it took."""
    assert trial_text("digits", PRUNED) == TRIAL_TEXT


def test_a_running_trial_in_text():
    """What it has not got yet is left out."""
    row = TrialRow(number=0, state=TrialState.RUNNING, stage="tpe", value=None, params={"lr": 0.5})
    assert trial_text("x", row) == (
        "x: trial 0\n  state     running\n  stage     tpe\n  lr        0.5\n  attempts  1"
    )


def test_a_trial_as_json():
    """The same things, with every digit."""
    document = json.loads(json.dumps(trial_to_json("digits", PRUNED), allow_nan=False))
    assert document == {
        "schema_version": 1,
        "study": "digits",
        "number": 7,
        "state": "pruned",
        "stage": "round 1",
        "value": 0.25,
        "params": PARAMS,
        "curve": [0.125, 0.25],
        "attempts": 3,
        "seconds": 1.5,
        "reason": "stopped after 2 whole epochs",
        "numbers": {},
        "error": None,
        "log": None,
        "attributes": {},
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1, "0.1"),
        (1e-5, "1e-05"),
        (123456.0, "1.235e+05"),
        (64, "64"),
        (123456, "123456"),
        (True, "True"),
        ("relu", "relu"),
    ],
)
def test_a_parameter_as_people_read_it(value, text):
    """Four significant digits of a real number; anything else as it is."""
    assert show_value(value) == text


def test_parameters_on_one_line():
    """Name and value, two blanks between."""
    assert params_line(PARAMS) == "lr = 0.01235  batch_size = 32  activation = relu"
    assert params_line({}) == ""
