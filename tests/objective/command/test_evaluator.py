"""Commands of the user's own, run as real processes."""

import json
import os
import time

import pytest

from hpsearch.objective import OBJECTIVES, Ending, Task
from hpsearch.objective.command import evaluator as command_evaluator
from hpsearch.study_file import read_study
from tests.cli.program import eventually
from tests.objective.call.conftest import Inputs
from tests.objective.processes import alive, children


@pytest.fixture
def evaluate(tmp_path, monkeypatch):
    """Return a function that runs a Python program as the command of trials 0, 1, ..."""
    monkeypatch.setenv("HPSEARCH_UNDER_TEST", "1")

    def evaluate(code, n=1, *, words=("python", "train.py"), more="", on_report=lambda _: None, **task):
        (tmp_path / "train.py").write_text(code)
        text = (
            f"[objective]\ncommand = {json.dumps(words)}\n{more}\n[space]\nx = {{ low = 0.0, high = 10.0 }}\n"
        )
        (tmp_path / "study.toml").write_text(text)
        spec = read_study(tmp_path / "study.toml")
        objective = OBJECTIVES[spec.objective.kind]
        evaluator = objective.bind(objective.check(spec), Inputs(spec))
        tasks = [
            Task(settings={"x": 1.5}, seed=(i + 1) << 40, number=i, folder=tmp_path / f"trial{i}", **task)
            for i in range(n)
        ]
        try:
            return evaluator.evaluate(tasks, on_report=on_report)
        finally:
            evaluator.close()
            assert children() == []

    return evaluate


def test_a_command_reads_its_trial_in_three_ways(evaluate, tmp_path):
    """In its words, on its standard input, in its environment; its folder is that of the study."""
    code = (
        "import json, os, sys\n"
        "given = json.load(sys.stdin)\n"
        "assert given == {'x': float(sys.argv[1])} == {'x': float(os.environ['HPSEARCH_PARAM_X'])}\n"
        "assert sys.argv[2] == os.environ['HPSEARCH_CHECKPOINT_DIR']\n"
        "print('in', os.getcwd())\n"
        "print(given['x'] * 2)\n"
    )
    (outcome,) = evaluate(code, words=("python", "train.py", "{x}", "{checkpoint_dir}"))
    assert (outcome.ending, outcome.value) == (Ending.COMPLETE, 3.0)
    assert outcome.notes == {"log": f"in {tmp_path}\n"}


def test_reports_and_value_are_lines_and_all_else_is_the_log(evaluate):
    """The last number or object counts; standard error is in the log, too."""
    code = (
        "import json, sys\n"
        "print('epochs follow', flush=True)\n"
        "for step in (1, 2): print(json.dumps({'step': step, 'value': step / 4}))\n"
        "print(0.1)\n"
        "print(json.dumps({'value': 0.75, 'auc': 0.5, 'test': 0.25}))\n"
        "print('warning', file=sys.stderr)\n"
    )
    curves = []
    (outcome,) = evaluate(code, on_report=lambda report: curves.append(report.curves.get(0)))
    assert (outcome.value, outcome.curve) == (0.75, (0.25, 0.5))
    assert {key: outcome.notes[key] for key in ("numbers", "test")} == {"numbers": {"auc": 0.5}, "test": 0.25}
    assert sorted(outcome.notes["log"].splitlines()) == ["epochs follow", "warning"]
    assert (0.25, 0.5) in curves


def test_a_command_that_reports_and_prints_no_value_has_its_last_report(evaluate):
    """A report is an object with a value."""
    (outcome,) = evaluate("print('{\"step\": 1, \"value\": 0.5}', end='')")
    assert (outcome.value, outcome.curve) == (0.5, (0.5,))


FAULTS = {
    "an exception": ("raise ValueError('bad')", "the command ended with exit code 1: ValueError: bad"),
    "an exit code": ("print(0.5); raise SystemExit(3)", "the command ended with exit code 3"),
    "a kill": ("import os; os.kill(os.getpid(), 9)", "the command ended with signal SIGKILL"),
    "no value": ("print('done')", "the command printed no value: expected a last line such as 0.5"),
    "NaN": ("print('nan')", "the command printed value: expected a finite number, found nan"),
    "a text": ('print(\'{"value": "x"}\')', "the command printed value: expected a finite number, found x"),
    "a wrong step": ('print(\'{"step": 0, "value": 1}\')', "expected step 1, the next one, found 0"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_36_a_command_that_fails_costs_its_own_attempt_alone(evaluate, fault):
    """The trials beside it have their values."""
    does, says = FAULTS[fault]
    code = f"import os\nif os.environ['HPSEARCH_NUMBER'] == '1':\n    {does}\nelse:\n    print(1.0)\n"
    before, failed, after = evaluate(code, 3)
    assert (before.value, after.value) == (1.0, 1.0)
    assert (failed.ending, failed.value) == (Ending.FAILED, None)
    assert says in failed.reason


def test_fault_36_a_program_that_is_not_there_fails_with_its_name(evaluate):
    """Each trial says so."""
    (failed,) = evaluate("", words=("./absent.sh",))
    assert failed.reason == "cannot start ./absent.sh: ./absent.sh: No such file or directory"


def test_a_trial_that_is_to_stop_may_end_by_itself(evaluate, tmp_path):
    """SIGTERM first: it writes what it has, and what it leaves behind goes with it."""
    code = (
        "import json, signal, subprocess, sys, time\n"
        "def end(*_):\n"
        "    open('saved', 'w').write('yes'); print('ended well', flush=True); sys.exit(5)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "left = subprocess.Popen(['sleep', '1000'], stdin=subprocess.DEVNULL)\n"
        "print(left.pid, file=sys.stderr, flush=True)\n"
        "for step in range(1, 10):\n"
        "    print(json.dumps({'step': step, 'value': step}), flush=True)\n"
        "    time.sleep(0.05)\n"
        "time.sleep(1000)\n"
    )
    (outcome,) = evaluate(code, stops=lambda scores: len(scores) == 2)
    assert (outcome.ending, outcome.value, outcome.curve) == (Ending.STOPPED, 2.0, (1.0, 2.0))
    assert (tmp_path / "saved").read_text() == "yes"
    first, *_, last = outcome.notes["log"].split("\n")[:-1]
    assert last == "ended well"
    eventually(lambda: not alive(int(first)), timeout_s=20)


@pytest.mark.long
def test_fault_36_a_command_that_is_deaf_is_killed(evaluate, monkeypatch):
    """After the grace period, at its timeout: with all its processes."""
    monkeypatch.setattr(command_evaluator, "GRACE_S", 0.5)
    code = (
        "import signal, subprocess, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "subprocess.Popen(['sleep', '1000'])\n"
        "print('deaf', flush=True)\n"
        "while True: time.sleep(1)\n"
    )
    began = time.monotonic()
    (outcome,) = evaluate(code, more="timeout = 1")
    assert outcome.reason == "it took longer than objective.timeout = 1 s"
    assert outcome.notes["log"] == "deaf\n"
    assert time.monotonic() - began < 60


def test_fault_36_a_flood_of_output_leaves_its_end(evaluate):
    """On both pipes, and without a single line break on one of them."""
    code = (
        "import sys\n"
        "for _ in range(200): sys.stdout.write('x' * 50_000); sys.stderr.write('e' * 50_000)\n"
        "sys.stdout.write('\\n'); sys.stderr.flush(); print(0.5)\n"
    )
    (outcome,) = evaluate(code)
    assert outcome.value == 0.5
    assert 2**16 <= len(outcome.notes["log"]) < 2**16 + 100


def test_fault_36_a_command_that_prints_for_ever_is_ended_at_its_timeout(evaluate):
    """There is always one more line to read, and the time is over all the same."""
    (outcome,) = evaluate("", words=("yes",), more="timeout = 1")
    assert outcome.reason == "it took longer than objective.timeout = 1 s"


def test_fault_36_a_command_that_reads_nothing_is_not_waited_for(evaluate):
    """Its standard input is closed on it."""
    (outcome,) = evaluate("import os; os.close(0); print(0.5)")
    assert outcome.value == 0.5


def test_signals_reach_a_command_as_from_a_shell(evaluate):
    """Python ignores SIGPIPE, and a worker more: a command does not."""
    code = "import os; print(next(l for l in open('/proc/self/status') if l.startswith('SigIgn')), end='')"
    (outcome,) = evaluate(f"{code}\nprint(0.5)")
    ignored = int(outcome.notes["log"].split()[1], 16)
    # Python itself, which the command is, ignores SIGPIPE (13) and SIGXFSZ (25), and nothing else.
    assert ignored & ~(1 << 12 | 1 << 24) == 0
    assert os.environ["HPSEARCH_UNDER_TEST"] == "1"
