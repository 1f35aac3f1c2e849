"""The words of a command, and the messages in what it prints."""

import json
import math

import pytest

from hpsearch.objective import Task
from hpsearch.objective.command.words import command_variables, filled_words, given_json, message_of


def test_names_of_parameters_and_of_the_trial_are_filled_in_and_every_other_brace_stays():
    """JSON, Python's formats and shell variables in an argument are left alone."""
    words = [
        "--lr={lr}",
        "{act}/{number}",
        "{unknown}",
        '{"a": {"lr": 1}}',
        "${A}",
        "{lr:.3f}",
        "{on}{off}",
    ]
    task = Task(settings={"lr": 1e-05, "act": "relu", "on": True}, seed=0, number=7, attempt=2)
    filled = filled_words(words, task, ["lr", "act", "on", "off"])
    assert filled == ["--lr=1e-05", "relu/7", "{unknown}", '{"a": {"lr": 1}}', "${A}", "{lr:.3f}", "true"]


def test_a_list_is_its_text():
    """In an argument, in the environment and on standard input a list is what JSON writes."""
    task = Task(settings={"hidden": (64, 32), "rates": ((0, 0.1), (5, 0.01)), "none": ()}, seed=0)
    words = filled_words(["--hidden={hidden}", "{rates}", "{none}"], task, ["hidden", "rates", "none"])
    assert words == ["--hidden=[64, 32]", "[[0, 0.1], [5, 0.01]]", "[]"]
    assert command_variables(task)["HPSEARCH_PARAM_HIDDEN"] == "[64, 32]"
    assert json.loads(given_json(task)) == {"hidden": [64, 32], "rates": [[0, 0.1], [5, 0.01]], "none": []}


def test_a_value_is_filled_in_once():
    """A text with braces in it is no name; what is in a value is never looked up again."""
    task = Task(settings={"a": "{b}", "b": "x; rm -rf {seed}"}, seed=0)
    assert filled_words(["{a} {b}"], task, ["a", "b"]) == ["{b} x; rm -rf {seed}"]


def test_the_environment_has_the_trial_and_no_secret(monkeypatch):
    """The address of the database may hold a password, and the log is stored for all to read."""
    monkeypatch.setenv("HPSEARCH_STORAGE", "postgresql://me:hidden-word@host/db")
    found = command_variables(Task(settings={"lr": 0.5, "my-x": "a"}, seed=2**63, number=3, attempt=2))
    assert "hidden-word" not in str(found)
    assert (found["HPSEARCH_NUMBER"], found["HPSEARCH_ATTEMPT"]) == ("3", "2")
    assert (found["HPSEARCH_PARAM_LR"], found["HPSEARCH_PARAM_MY_X"]) == ("0.5", "a")
    assert found["HPSEARCH_SEED"] == str(2**30)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"step": 3, "value": 0.8}', {"step": 3, "value": 0.8}),
        (b'  {"value": 1, "auc": 0.5}\r', {"value": 1, "auc": 0.5}),
        (b" 0.25 ", 0.25),
        (b"-1e-3", -1e-3),
        (b"2024", 2024.0),
        (b'{"epoch": 3}', None),
        (b"{not json", None),
        (b"[0.5]", None),
        (b"loss 0.5", None),
        (b"1_000_", None),
        (b"1_000", None),
        ("١٢".encode(), None),
        (b"9" * 400, math.inf),
        (b"", None),
        (b"\xff\xfe", None),
        (b"{" * 100_000, None),
    ],
)
def test_a_line_is_a_message_or_belongs_to_the_log(line, message):
    """A number alone, or a JSON object with a value."""
    assert message_of(line) == message


def test_a_number_that_is_not_finite_is_a_message_too():
    """It fails the trial, and is not lost among the output."""
    assert math.isnan(message_of(b"nan"))
