"""What a user's function may do to its process: each costs one attempt, and disturbs no neighbour."""

import os
import signal
import time

import pytest

from hpsearch.objective import Ending
from tests.cli.program import eventually
from tests.objective.processes import alive, children


@pytest.fixture(autouse=True)
def under_test(monkeypatch):
    """Mark the processes of a test."""
    monkeypatch.setenv("HPSEARCH_UNDER_TEST", "1")


GOOD = "    return 1.0\n"
FAULTS = {
    "an exception": ("raise ValueError('bad x')", "ValueError: bad x (train.py, line 4)"),
    "no return": ("return None", "the function returned None: expected a finite number or a dict"),
    "a text": ("return '0.5'", "the function returned '0.5': expected a finite number"),
    "a truth value": ("return True", "the function returned True: expected a finite number"),
    "NaN": ("return float('nan')", "the function returned nan: expected a finite number"),
    "infinity": ("return {'value': float('inf')}", "at 'value' the function returned inf"),
    "a dict without a value": ("return {'loss': 1.0}", "expected a number at 'value', found none"),
    "a text among the numbers": ("return {'value': 1, 'note': 'x'}", "at 'note' the function returned 'x'"),
    "a report of NaN": ("trial.report(1, float('nan'))", "report: expected a finite number, found nan"),
    "a report of step 0": ("trial.report(0, 0.5)", "expected step 1, the next one, found 0"),
    "sys.exit": ("import sys; sys.exit(3)", "the function left with sys.exit(3) (train.py, line 4)"),
    "an interrupt": ("raise KeyboardInterrupt", "KeyboardInterrupt (train.py, line 4)"),
    "os._exit": ("import os; os._exit(7)", "its process ended before it returned: exit code 7"),
    "a kill": (
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        "its process ended before it returned: signal SIGKILL",
    ),
    "a segmentation fault": (
        "import ctypes; ctypes.string_at(0)",
        "its process ended before it returned: signal SIGSEGV",
    ),
    "closed descriptors": (
        "import os; os.closerange(3, 100)",
        "its process ended before it returned: exit code",
    ),
    "a write into the pipe": (
        "import os; os.write(trial._pipes._answers, b'nonsense\\n')",
        "its process wrote into hpsearch's own pipe",
    ),
    "a deep recursion": ("return score(trial)", "RecursionError"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_36_a_function_that_fails_costs_its_own_attempt_alone(bind, task, fault):
    """The trial before it and the trial after it have their values; the failure says what it was."""
    does, says = FAULTS[fault]
    head = "def score(trial):\n    print('begun', trial.number)\n    if trial.number == 1:\n"
    code = f"{head}        {does}\n{GOOD}"
    before, failed, after = bind(code).evaluate([task(0), task(1), task(2)])
    assert (before.value, after.value) == (1.0, 1.0)
    assert (failed.ending, failed.value, failed.curve) == (Ending.FAILED, None, ())
    assert says in failed.reason
    assert failed.notes["log"].startswith("begun 1\n")
    assert after.notes["log"] == "begun 2\n"


def test_fault_36_a_traceback_begins_at_the_users_own_code(bind, task):
    """It is kept whole; what called the function is not in it."""
    code = "def inner():\n    raise KeyError('lr')\n\ndef score(trial):\n    return inner()\n"
    (failed,) = bind(code).evaluate([task()])
    assert failed.reason == "KeyError: 'lr' (train.py, line 2)"
    lines = failed.notes["error"].splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert 'train.py", line 5, in score' in lines[1]
    assert lines[-1].startswith("KeyError: 'lr'")


def test_fault_36_a_segmentation_fault_leaves_its_traceback_in_the_log(bind, task):
    """Python's fault handler names the line."""
    (failed,) = bind("import ctypes\ndef score(trial):\n    ctypes.string_at(0)\n").evaluate([task()])
    assert "Segmentation fault" in failed.notes["log"]
    assert "line 3 in score" in failed.notes["log"]


@pytest.mark.parametrize("code", ["def score(trial):\n  return 1 +\n", "import absent_module\n", "x = 1\n"])
def test_fault_36_code_that_cannot_be_imported_fails_each_trial(bind, task, code):
    """A wrong file, a missing package, no such function: said with each trial."""
    outcomes = bind(code).evaluate([task(0), task(1)])
    assert [outcome.ending for outcome in outcomes] == [Ending.FAILED] * 2
    expected = (
        "SyntaxError",
        "ModuleNotFoundError: No module named 'absent_module'",
        "a function score in train.py",
    )
    assert any(text in outcomes[1].reason for text in expected)


@pytest.mark.long
def test_fault_36_a_function_that_hangs_is_ended_at_its_timeout(bind, task):
    """Whatever it waits for, and deaf to signals: the attempt is over, and the next trial runs."""
    code = (
        "import signal, time\n"
        "def score(trial):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    while trial.number == 0: time.sleep(1)\n" + GOOD
    )
    began = time.monotonic()
    hung, after = bind(code, more="timeout = 1.5").evaluate([task(0), task(1)])
    assert (hung.ending, hung.reason) == (Ending.FAILED, "it took longer than objective.timeout = 1.5 s")
    assert after.value == 1.0
    assert time.monotonic() - began < 60


def test_fault_36_a_function_that_reports_for_ever_is_ended_at_its_timeout(bind, task):
    """There is always one more message to read, and the time is over all the same."""
    code = (
        "import itertools\n"
        "def score(trial):\n"
        "    for step in itertools.count(1):\n"
        "        if trial.number: break\n"
        "        trial.report(step, 0.5)\n" + GOOD
    )
    endless, after = bind(code, more="timeout = 1").evaluate([task(0), task(1)])
    assert (endless.ending, endless.reason) == (Ending.FAILED, "it took longer than objective.timeout = 1 s")
    assert after.value == 1.0


def test_fault_36_a_process_that_ends_between_two_trials_costs_none_of_them(bind, task):
    """A thread that the first trial has left behind ends it: the second trial gets a process of its own."""
    code = (
        "import os, threading\n"
        "def score(trial):\n"
        "    if trial.number == 0: threading.Timer(0.3, os._exit, [9]).start()\n" + GOOD
    )
    evaluator = bind(code)
    (first,) = evaluator.evaluate([task(0)])
    eventually(lambda: children() == [], timeout_s=20)
    (second,) = evaluator.evaluate([task(1)])
    assert (first.ending, second.ending) == (Ending.COMPLETE, Ending.COMPLETE)


def test_fault_36_a_function_that_takes_too_much_memory_is_ended(bind, task):
    """With what its own processes take; the limit is named."""
    code = (
        "import subprocess, sys, time\n"
        "def score(trial):\n"
        "    if trial.number == 0:\n"
        "        does = 'x = bytearray(400 * 2**20); import time; time.sleep(60)'\n"
        "        subprocess.run([sys.executable, '-c', does])\n" + GOOD
    )
    greedy, after = bind(code, more="memory = 0.25\ntimeout = 50").evaluate([task(0), task(1)])
    assert greedy.ending is Ending.FAILED
    assert greedy.reason.startswith("its processes took 0.")
    assert greedy.reason.endswith("GiB, more than objective.memory = 0.25")
    assert after.value == 1.0


def test_fault_36_a_process_left_behind_is_ended_with_its_trial(bind, task):
    """It would take the time of the trials after it; the function is called in a fresh process then."""
    code = (
        "import os, subprocess\n"
        "def score(trial):\n"
        "    if trial.number == 0:\n"
        "        left = subprocess.Popen(['sleep', '1000']).pid\n"
        "        return {'value': 1.0, 'left': left, 'pid': os.getpid()}\n"
        "    return {'value': 1.0, 'pid': os.getpid()}\n"
    )
    leaving, after = bind(code).evaluate([task(0), task(1)])
    eventually(lambda: not alive(int(leaving.notes["numbers"]["left"])), timeout_s=20)
    assert leaving.value == after.value == 1.0
    assert leaving.notes["numbers"]["pid"] != after.notes["numbers"]["pid"]


def test_fault_36_a_fork_that_comes_back_answers_nothing(bind, task):
    """Both copies of the process return: one value counts, and the copy is gone."""
    code = "import os\ndef score(trial):\n    pid = os.fork()\n    return 1.0 if pid else 2.0\n"
    outcomes = bind(code).evaluate([task(n) for n in range(4)])
    assert [outcome.value for outcome in outcomes] == [1.0] * 4


@pytest.mark.parametrize(
    "does",
    [
        "os.close(1); os.close(2)",
        "sys.stdout.close()",
        "sys.stdout = None",
        "r, w = os.pipe(); os.close(r); os.dup2(w, 1); print('x' * 100_000, flush=True)",
        "os.chdir('/'); os.environ.clear()",
    ],
)
def test_fault_36_a_function_that_spoils_its_surroundings_spoils_them_for_itself(bind, task, does):
    """The next trial prints, is in the study's folder, and has its variables."""
    code = (
        "import os, sys\n"
        "def score(trial):\n"
        "    if trial.number == 0:\n"
        f"        {does}\n"
        "    print('here', os.path.exists('train.py'), 'PATH' in os.environ)\n" + GOOD
    )
    _, after = bind(code).evaluate([task(0), task(1)])
    assert (after.value, after.notes["log"]) == (1.0, "here True True\n")


def test_fault_36_an_abort_ends_the_function_and_all_its_processes(bind, task):
    """What is raised by whom listens passes through; nothing is left."""
    code = "import subprocess\ndef score(trial):\n    subprocess.run(['sleep', '1000'])\n"

    def stop(_report):
        if len(children()) >= 2:
            raise KeyboardInterrupt("enough")

    with pytest.raises(KeyboardInterrupt, match="enough"):
        bind(code).evaluate([task()], on_report=stop)
    assert children() == []


def test_fault_36_a_worker_that_is_killed_leaves_no_process(tmp_path):
    """Its guard ends the group, also where the function is deaf and busy."""
    code = (
        "import signal, time, subprocess\n"
        "def score(trial):\n"
        "    signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "    subprocess.Popen(['sleep', '1000'])\n"
        "    open('begun', 'w').close()\n"
        "    while True: pass\n"
    )
    (tmp_path / "train.py").write_text(code)
    (tmp_path / "called.toml").write_text(
        '[objective]\ncall = "train.py:score"\n[space]\nx = { low = 0.0, high = 1.0 }\n'
    )
    worker = os.fork()
    if worker == 0:
        from tests.objective.call.test_faults import evaluate_in  # noqa: PLC0415 - in the fork

        evaluate_in(tmp_path)
        os._exit(0)
    eventually((tmp_path / "begun").exists)
    below = children(worker)
    assert len(below) >= 2
    os.kill(worker, signal.SIGKILL)
    os.waitpid(worker, 0)
    eventually(lambda: not any(map(alive, below)), timeout_s=20, what="the end of all processes")


def evaluate_in(folder):
    """Evaluate one trial of the study in a folder."""
    from hpsearch.objective import OBJECTIVES, Task  # noqa: PLC0415 - in a fork
    from hpsearch.study_file import read_study  # noqa: PLC0415 - in a fork
    from tests.objective.call.conftest import Inputs  # noqa: PLC0415 - in a fork

    spec = read_study(folder / "called.toml")
    evaluator = OBJECTIVES["call"].bind(spec, Inputs(spec))
    evaluator.evaluate([Task(settings={"x": 0.5}, seed=0, folder=folder / "0")])
