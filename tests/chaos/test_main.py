import dataclasses
from collections import Counter

import pytest

from tests.chaos.__main__ import summary, tell_failure
from tests.chaos.faults.all_faults import FAULTS
from tests.chaos.plan import draw
from tests.chaos.run import Report


@pytest.fixture
def report():
    """Return what came of a run in which every fault came and nothing was broken."""
    plan = draw(3, "sqlite", FAULTS)
    injected = Counter(fault.kind for fault in plan.faults)
    return Report(plan=plan, injected=injected, violations=[], seconds=2.0, log=["kill all after 3 trials"])


def test_a_failing_seed_has_its_lines(report, capsys):
    """The seed, what happened, what was broken; a run that broke nothing says nothing."""
    tell_failure(report)
    assert capsys.readouterr().out == ""
    tell_failure(dataclasses.replace(report, violations=["3. storm has the numbers [0, 0]"]))
    assert capsys.readouterr().out.splitlines() == [
        "FAILED network sqlite seed 3 (2.0 s)",
        "    kill all after 3 trials",
        "    3. storm has the numbers [0, 0]",
    ]


def test_the_summary_counts_what_really_happened(report):
    """Runs, faults injected of those drawn, runs with fewer, runs that failed, violations, seconds."""
    n = len(report.plan.faults)
    fewer = dataclasses.replace(report, injected=Counter(["kill all"]), violations=["3. x", "5. y"])
    lines = [" ".join(line.split()) for line in summary([report, fewer], 9.6).splitlines()]
    assert lines[:3] == ["runs 2", "network, sqlite 2", f"faults {n + 1} of {2 * n} drawn"]
    assert f"kill all {report.injected['kill all'] + 1}" in lines
    assert lines[-4].startswith("fewer 1 ")
    assert lines[-3:] == ["failed 1 runs", "violations 2", "seconds 10"]
