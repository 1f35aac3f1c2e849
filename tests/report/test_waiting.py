"""The line on a fleet that waits for slow trials."""

import json
import re

import numpy as np
import pytest

from hpsearch.report.waiting import busy_share, waiting_of
from hpsearch.store import ClaimDuration, WorkerRow
from tests.cli.fixtures import cache, program

__all__ = ["cache", "program"]


def fleet(n, *, idle, training):
    """Return workers of one study, each with these seconds."""
    spent = {"training": training, "database": 0.0, "proposals": 0.0, "idle": idle}
    about = {"host": "node", "started_at": 0.0, "beat_at": 60.0, "ended_at": 60.0, "spent": spent}
    return [WorkerRow(pid=pid, **about) for pid in range(n)]


def claims(*seconds, trials=1):
    """Return claims that lasted so long."""
    return [ClaimDuration(float(one), trials) for one in seconds]


MIXED = [10.0, *[0.1] * 15] * 8
"""Every sixteenth trial lasts a hundred times as long as the others."""


def test_durations_that_differ_a_hundredfold_ask_for_more_parallelism():
    """The measured share is told with the least doubling that mends it; simulated with that, it does."""
    found = waiting_of(fleet(4, idle=33.0, training=27.0), claims(*MIXED), parallelism=4)
    assert (found.share, found.parallelism) == (pytest.approx(33 / 60), 4)
    now, then = (
        1 - busy_share(np.array(MIXED), workers=4, parallelism=n) for n in (found.parallelism, found.better)
    )
    assert now > 0.5
    assert then == found.share_then < 0.1
    assert 1 - busy_share(np.array(MIXED), workers=4, parallelism=found.better // 2) > found.share_then
    assert "workers waited 55% of their time" in str(found)
    assert f"parallelism = {found.better} would wait" in str(found)


@pytest.mark.parametrize(
    ("workers", "durations", "parallelism"),
    [
        (fleet(4, idle=5.0, training=55.0), claims(*MIXED), 4),  # little waiting
        (fleet(4, idle=40.0, training=20.0), claims(*[1.0] * 64), 4),  # paused, or waiting for its end
        (fleet(1, idle=40.0, training=20.0), claims(*MIXED), 4),  # one worker waits for no other
        (fleet(4, idle=40.0, training=20.0), claims(*MIXED), 128),  # nothing to mend
        (fleet(4, idle=40.0, training=20.0), claims(*MIXED[:9]), 4),  # too little is known
        ([], [], 4),
    ],
)
def test_where_no_parallelism_mends_it_nothing_is_said(workers, durations, parallelism):
    """A line that is printed for every study is read by no one."""
    assert waiting_of(workers, durations, parallelism=parallelism) is None


def test_trials_that_are_claimed_together_count_as_one():
    """Stacks of four with a window of sixteen wait as single trials with a window of four."""
    single = waiting_of(fleet(4, idle=40.0, training=20.0), claims(*MIXED), parallelism=4)
    stacked = waiting_of(fleet(4, idle=40.0, training=20.0), claims(*MIXED, trials=4), parallelism=16)
    assert (stacked.better, stacked.share_then) == (4 * single.better, single.share_then)


STUDY = """
name = "uneven"
trials = 48
parallelism = {parallelism}
[objective]
call = "uneven.py:score"
[space]
x = {{ low = 0.0, high = 1.0 }}
[confirm]
top = 0
"""
CODE = """
import time


def score(trial):
    time.sleep(0.4 if trial.number % 12 == 1 else 0.004)
    return trial.params["x"]
"""


@pytest.mark.long
def test_start_status_and_report_say_how_long_workers_waited(program):
    """Three workers with a window of three; with the parallelism that is named there, the line is gone."""
    program.write("uneven.py", CODE)
    program.write("uneven.toml", STUDY.format(parallelism=3))
    run = program.run("start", "uneven.toml", "--workers", 3, "--quiet")
    assert run.code == 0, run.err
    line = re.search(r"workers waited (\d+)% of their time .* parallelism = (\d+) would wait", run.out)
    assert line, run.out
    assert int(line[1]) > 25
    assert line[0] in program.run("status").out
    assert line[0] in program.run("report", "--format", "text").out
    for verb in ("status", "best"):
        waiting = json.loads(program.run(verb, "--json").out)["waiting"]
        assert (waiting["parallelism"], waiting["better"]) == (3, int(line[2]))
    program.write("uneven.toml", STUDY.format(parallelism=line[2]).replace('"uneven"', '"wider"'))
    wider = program.run("start", "uneven.toml", "--workers", 3, "--quiet")
    assert wider.code == 0, wider.err
    assert "workers waited" not in wider.out
