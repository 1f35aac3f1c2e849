import subprocess
import sys

import pytest

from tests.chaos.faults.all_faults import FAULTS, faults_of
from tests.chaos.fleet import ROOT
from tests.chaos.plan import DATABASES, FEWEST, LATEST, MOST, draw
from tests.chaos.study import STUDIES

MANY = 400

_PRINT_A_PLAN = """
from types import SimpleNamespace
from tests.chaos.plan import draw
fault = SimpleNamespace(databases=("sqlite",), studies=("network",), lasts_s=(0, 1))
kinds = dict.fromkeys(("one", "two", "three"), fault)
print(draw(11, "sqlite", kinds))
"""


def plan_elsewhere(hash_seed):
    """Return a plan as another process prints it."""
    return subprocess.run(
        [sys.executable, "-c", _PRINT_A_PLAN],
        env={"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": hash_seed},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


@pytest.mark.parametrize("database", DATABASES)
def test_a_seed_is_a_plan(database):
    """The same seed gives the same plan, another seed another one."""
    plans = [draw(seed, database, FAULTS) for seed in range(50)]
    assert plans == [draw(seed, database, FAULTS) for seed in range(50)]
    assert len({str(plan.faults) for plan in plans}) == 50


def test_a_seed_is_the_same_plan_in_every_process():
    """Nothing of the process enters, so a failing seed can be run again anywhere."""
    assert plan_elsewhere("1") == plan_elsewhere("2")


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("database", DATABASES)
def test_every_fault_comes_where_it_can_happen(database, study):
    """Over many seeds each kind of the database and the objective is drawn, and no other, in its bounds."""
    plans = [draw(seed, database, FAULTS, study=study) for seed in range(MANY)]
    drawn = [fault for plan in plans for fault in plan.faults]
    assert {fault.kind for fault in drawn} == set(faults_of(database, study))
    for fault in drawn:
        low, high = FAULTS[fault.kind].lasts_s
        assert low <= fault.lasts_s <= high
        assert 0 <= fault.at <= LATEST
    for plan in plans:
        assert FEWEST <= len(plan.faults) <= MOST
        assert [fault.at for fault in plan.faults] == sorted(fault.at for fault in plan.faults)
