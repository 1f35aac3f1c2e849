"""A function of the user's own, called in a real process: what it is given, what it gives back."""

import json
import time

import pytest

from hpsearch.objective import Ending
from hpsearch.objective.process.log import LOG_BYTES
from tests.objective.processes import children


@pytest.fixture(autouse=True)
def under_test(monkeypatch):
    """Mark the processes of a test."""
    monkeypatch.setenv("HPSEARCH_UNDER_TEST", "1")


def test_a_function_is_given_a_trial_and_returns_a_number(bind, task, tmp_path):
    """Parameters, number, a seed of 31 bits, the attempt, and a folder that is made when it is asked for."""
    evaluator = bind(
        "import json\n"
        "def score(trial):\n"
        "    folder = str(trial.checkpoint_dir)\n"
        "    print(json.dumps([dict(trial.params), trial.number, trial.seed, trial.attempt, folder]))\n"
        "    return trial.params['x'] * 2\n"
    )
    (outcome,) = evaluator.evaluate([task(7, x=1.5, attempt=2)])
    assert (outcome.ending, outcome.value, outcome.curve) == (Ending.COMPLETE, 3.0, ())
    folder = tmp_path / "folders" / "7"
    params, number, seed, attempt, found = json.loads(outcome.notes["log"])
    assert (params, number, attempt, found) == ({"x": 1.5}, 7, 2, str(folder))
    assert 0 <= seed < 2**31
    assert folder.is_dir()


def test_a_function_finds_a_list_among_its_parameters(bind, task):
    """A choice that is a list is one in the function, too."""
    evaluator = bind(
        "def score(trial):\n"
        "    assert isinstance(trial.params['x'], list)\n"
        "    return sum(trial.params['x'])\n"
    )
    outcomes = evaluator.evaluate([task(0, x=(16, 8)), task(1, x=())])
    assert [outcome.value for outcome in outcomes] == [24, 0]


def test_one_process_serves_all_trials(bind, task):
    """What it has imported and computed stays there; working folder, variables and random states do not."""
    evaluator = bind(
        "import os, random\n"
        "calls = []\n"
        "def score(trial):\n"
        "    calls.append((os.getcwd(), os.environ.get('MINE'), random.random()))\n"
        "    os.chdir('/'); os.environ['MINE'] = '1'\n"
        "    assert len({c[:2] for c in calls}) == 1\n"
        "    return {'value': len(calls), 'pid': os.getpid(), 'drawn': calls[-1][2]}\n"
    )
    outcomes = evaluator.evaluate([task(0), task(1), task(0)])
    assert [outcome.value for outcome in outcomes] == [1, 2, 3]
    assert len({outcome.notes["numbers"]["pid"] for outcome in outcomes}) == 1
    drawn = [outcome.notes["numbers"]["drawn"] for outcome in outcomes]
    assert drawn[0] == drawn[2] != drawn[1]


def test_a_dict_has_a_value_further_numbers_and_a_test_value(bind, task):
    """Numbers of any library count; what is not there is not noted."""
    evaluator = bind(
        "import numpy as np\n"
        "def score(trial):\n"
        "    test = np.float64(0.25)\n"
        "    return {'value': np.float32(0.5), 'loss': np.array(2.0), 'epochs': 3, 'test': test}\n"
    )
    (outcome,) = evaluator.evaluate([task()])
    assert outcome.value == 0.5
    assert outcome.notes == {"numbers": {"loss": 2.0, "epochs": 3.0}, "test": 0.25}


def test_reports_are_a_curve_and_a_trial_that_is_told_to_stop_is_stopped(bind, task):
    """It is asked after every report; what the function returns after that no longer matters."""
    evaluator = bind(
        "def score(trial):\n"
        "    for step in range(1, 6):\n"
        "        trial.report(step, step / 10)\n"
        "        if trial.should_stop():\n"
        "            raise RuntimeError('stopped')\n"
        "    return 1.0\n"
    )
    told = []
    stop = task(1, stops=lambda scores: len(scores) == 3)
    whole, stopped = evaluator.evaluate([task(), stop], on_report=lambda r: told.append(dict(r.curves)))
    assert (whole.ending, whole.value, whole.curve) == (Ending.COMPLETE, 1.0, (0.1, 0.2, 0.3, 0.4, 0.5))
    assert (stopped.ending, stopped.value, stopped.curve) == (Ending.STOPPED, 0.3, (0.1, 0.2, 0.3))
    assert stopped.reason == "stopped after 3 reports"
    assert {0: (0.1,)} in told
    assert {1: (0.1, 0.2, 0.3)} in told


def test_a_function_that_never_asks_is_not_stopped(bind, task):
    """Its value is whole, and more than a rung knows."""
    evaluator = bind(
        "def score(trial):\n    trial.report(1, 0.0)\n    trial.report(2, 0.5)\n    return 0.75\n"
    )
    (outcome,) = evaluator.evaluate([task(stops=lambda _: True)])
    assert (outcome.ending, outcome.value, outcome.curve) == (Ending.COMPLETE, 0.75, (0.0, 0.5))


def test_a_minimized_value_is_turned_round_for_the_rungs_alone(bind, task):
    """Rungs know that more is better; curve and value are as the function gives them."""
    evaluator = bind(
        "def score(trial):\n    trial.report(1, 5.0)\n    return 4.0 + trial.should_stop()\n",
        more='direction = "minimize"',
    )
    scores = []
    (outcome,) = evaluator.evaluate([task(stops=lambda found: scores.append(list(found)))])
    assert scores == [[-5.0]]
    assert (outcome.value, outcome.curve) == (4.0, (5.0,))


def test_the_end_of_what_a_trial_prints_is_its_log(bind, task):
    """Of a flood the last 64 KiB; the next trial has a log of its own."""
    evaluator = bind(
        "import sys\n"
        "def score(trial):\n"
        "    for n in range(200_000 * (trial.number == 0)):\n"
        "        print('line', n)\n"
        "    print('last', trial.number, file=sys.stderr)\n"
        "    return 1.0\n"
    )
    flood, after = evaluator.evaluate([task(0), task(1)])
    log = flood.notes["log"]
    assert log.endswith("line 199999\nlast 0\n")
    assert log.startswith("[")
    assert LOG_BYTES <= len(log) < LOG_BYTES + 100
    assert after.notes["log"] == "last 1\n"


def test_a_process_that_is_no_longer_needed_ends_by_itself(bind, task, tmp_path):
    """What the function has registered for the end is done; nothing is left behind."""
    evaluator = bind(
        "import atexit, pathlib\n"
        "atexit.register(lambda: pathlib.Path('bye').touch())\n"
        "def score(trial):\n    return 1.0\n"
    )
    evaluator.evaluate([task()])
    assert len(children()) == 1
    evaluator.close()
    assert children() == []
    assert (tmp_path / "bye").exists()


def test_a_worker_claims_as_many_trials_as_take_half_a_second(bind, task):
    """One until it knows how long they take; many that return at once; one of those that are slow."""
    evaluator = bind("import time\ndef score(trial):\n    time.sleep(trial.params['x'])\n    return 1.0\n")
    assert evaluator.at_once(8, free=16) == 1
    evaluator.evaluate([task(n, x=0.0) for n in range(40)])
    assert evaluator.at_once(8, free=16) == 16
    evaluator.evaluate([task(0, x=0.6)])
    assert evaluator.at_once(8, free=16) == 1


@pytest.mark.quiet
def test_a_function_that_returns_at_once_costs_little(bind, task):
    """Far less than the 3 ms that a trial may cost with its share of the ledger."""
    evaluator = bind("def score(trial):\n    return 1.0\n")
    evaluator.evaluate([task()])
    began = time.perf_counter()
    evaluator.evaluate([task(n) for n in range(500)])
    assert (time.perf_counter() - began) / 500 < 0.002


def test_trials_that_are_asked_for_together_keep_apart(bind, task):
    """Each has its own log and reports, also where one of them kills the process or leaves another."""
    evaluator = bind("""
import os, subprocess


def score(trial):
    print("prints", trial.number)
    trial.report(1, float(trial.number))
    if trial.number == 2:
        os._exit(3)
    if trial.number == 4:
        subprocess.Popen(["sleep", "60"])
    return trial.number
""")
    found = evaluator.evaluate([task(number) for number in range(7)])
    assert [one.value for one in found] == [0, 1, None, 3, 4, 5, 6]
    assert [one.notes["log"] for one in found] == [f"prints {number}\n" for number in (0, 1)] + [
        found[2].notes["log"],
        *(f"prints {number}\n" for number in (3, 4, 5, 6)),
    ]
    assert [one.curve for one in found if one.value is not None] == [(float(n),) for n in (0, 1, 3, 4, 5, 6)]


def test_a_claim_that_is_abandoned_leaves_no_request_behind(bind, task):
    """The trials after it were asked for already: their process ends, and the next claim has its own."""
    evaluator = bind("def score(trial):\n    return trial.number")
    seen = []

    def on_report(report):
        seen.append(report)
        raise KeyError("asked")

    with pytest.raises(KeyError, match="asked"):
        evaluator.evaluate([task(number) for number in range(5)], on_report=on_report)
    found = evaluator.evaluate([task(number) for number in (7, 8)])
    assert [one.value for one in found] == [7, 8]
