"""A search from Python, without a study file."""

import functools
import subprocess
import sys

import pytest

import hpsearch
from hpsearch.objective import CodeError
from hpsearch.objective.call.source import call_of
from tests.cli.fixtures import cache, program

__all__ = ["cache", "program"]

SCRIPT = """
import math
import hpsearch


def score(trial):
    return {"value": abs(math.log10(trial.params["x"])), "kind": len(trial.params["kind"])}


if __name__ == "__main__":
    study = hpsearch.optimize(
        score,
        space={"x": {"low": 1e-3, "high": 1e3, "log": True}, "kind": ["a", "bb"]},
        trials=16,
        direction="minimize",
        seed=4,
        workers=2,
        search={"rounds": [12]},
        confirm={"top": 2, "seeds": 2},
        timeout=60,
    )
    print(study.best.params["x"], study.best.value, study.fingerprint)
"""
FILE = """
name = "score"
seed = 4
trials = 16
[objective]
call = "script.py:score"
direction = "minimize"
[space]
x = { low = 1e-3, high = 1e3, log = true }
kind = { choices = ["a", "bb"] }
[search]
rounds = [12]
[confirm]
top = 2
seeds = 2
"""


def test_a_script_searches_its_own_function(program):
    """The same study as by a study file; the same call again finds it finished."""
    program.write("script.py", SCRIPT)
    first, again = (program.run("script.py", command=[sys.executable]) for _ in range(2))
    assert (first.code, again.code) == (0, 0), first.err
    assert first.out == again.out
    program.write("score.toml", FILE)
    run = program.run("start", "score.toml", "--workers", 1, "--quiet", "--storage", "sqlite:///other.db")
    assert run.code == 0, run.err
    fingerprint = program.run("fingerprint", "--storage", "sqlite:///other.db").out.strip()
    assert first.out.split()[-1] == fingerprint


@pytest.mark.long
def test_a_search_that_a_trial_would_begin_again_is_refused(program):
    """Without the guard of a script each trial would start a search: it fails with what to write."""
    text = SCRIPT.replace('if __name__ == "__main__":', "if True:").replace("timeout=60", "max_failures=1")
    program.write("script.py", text)
    run = program.run("script.py", command=[sys.executable])
    assert run.code == 1
    assert "expected no search while a trial imports the file that began it" in run.err


def test_a_function_of_a_module_is_found_by_its_module():
    """Inside a package from above the package; beside a script by its file."""
    call, folder = call_of(subprocess.list2cmdline)
    assert call == "subprocess.py:list2cmdline"
    assert (folder / "subprocess.py").is_file()
    import json.decoder  # noqa: PLC0415 - a module of a package

    call, folder = call_of(json.decoder.py_scanstring)
    assert call == "json.decoder:py_scanstring"
    assert (folder / "json" / "decoder.py").is_file()


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda _trial: 1.0, r"expected a function at the top level of a file, found a lambda"),
        (functools.partial(print), r"expected a function, found an object of type partial"),
        (len, r"expected a function, found an object of type builtin_function_or_method"),
        ([].append, r"expected a function, found an object of type builtin_function_or_method"),
    ],
)
def test_what_no_other_process_finds_is_refused(function, says):
    """With what it is, and why."""
    with pytest.raises(CodeError, match=says):
        hpsearch.optimize(function, space={"x": {"low": 0.0, "high": 1.0}})


def test_a_function_inside_a_function_and_one_of_a_prompt_are_refused(program):
    """A prompt has no file: the message says how a notebook writes one."""

    def inner(trial):
        return trial

    with pytest.raises(CodeError, match="found inner, which lies inside a function"):
        call_of(inner)
    code = "import hpsearch\ndef score(trial): return 1.0\nhpsearch.optimize(score, space={'x': [1, 2]})"
    run = program.run("-c", code, command=[sys.executable])
    assert run.code == 1
    assert "found score of a notebook or a prompt" in run.err
    assert "%%writefile train.py" in run.err


WIDE = """
import hpsearch

KINDS = [
    {"low": 0.0, "high": 1.0},
    {"low": 1e-5, "high": 1.0, "log": True},
    {"low": 1, "high": 9},
    {"low": 1, "high": 512, "log": True},
    {"low": 0.9, "high": 0.999, "log": "mirrored"},
    ["a", "b", "c"],
    [True, False],
]
TYPES = [float, float, int, int, float, str, bool]


def score(trial):
    for place, kind in enumerate(TYPES * 8):
        if f"p{place}" in trial.params:
            assert type(trial.params[f"p{place}"]) is kind
    return sum(float(value == 5 or value == "b") for value in trial.params.values()) + trial.seed % 7


if __name__ == "__main__":
    space = {f"p{place}": KINDS[place % 7] for place in range(50)}
    study = hpsearch.optimize(score, space=space, trials=24, confirm={"top": 3, "seeds": 2}, workers=2)
    print(len(study.best.params), study.status.settled, study.best.noiseless)
"""


@pytest.mark.long
def test_a_space_of_fifty_parameters_of_every_kind(program):
    """Whole numbers, choices and mirrored ranges reach the function in their types; its values are noisy."""
    program.write("wide.py", WIDE)
    run = program.run("wide.py", command=[sys.executable])
    assert run.code == 0, run.err
    assert run.out == "50 24 False\n"
