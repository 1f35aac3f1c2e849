from collections import Counter

import pytest

from tests.chaos.run import Report
from tests.hosts.__main__ import HEAD, line_of, summary
from tests.hosts.run import Return, plan_trip


@pytest.mark.parametrize(
    ("broken", "told"),
    [([], "same"), (["13. storm has the fingerprint x"], "differs"), (["3. storm has no 0"], "unknown")],
)
def test_a_seed_is_a_line_of_the_table(broken, told):
    """Seed, weather, packets, seconds, whether it is the same study, faults; and the count of it all."""
    trip = plan_trip(2)
    injected = Counter({"flap": 2, "cut link": 1})
    report = Report(plan=trip.plan, injected=injected, violations=broken, seconds=9.9, log=[])
    back = Return(trip=trip, report=report, lost=3, passed=97, answers=Counter(), joined={"alpha", "beta"})
    assert line_of(back).endswith("  cut link, flap x2")
    assert line_of(back)[HEAD.index("fingerprint") :].split()[0] == told
    assert " 3 / 100 " in line_of(back)
    assert summary([back], 10.2).splitlines()[:2] == ["runs        1", "faults      3"]


def test_a_seed_is_a_trip():
    """The same seed gives the same trip; over many seeds some are late, some lossy, some neither."""
    trips = [plan_trip(seed) for seed in range(60)]
    assert trips == [plan_trip(seed) for seed in range(60)]
    assert {trip.late for trip in trips} == {trip.loss > 0 for trip in trips} == {True, False}
