"""The verbs of nursings on every database: who may write, what a lost answer changes, two callers at once."""

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from hpsearch.errors import NotFoundError
from hpsearch.store import (
    Intervention,
    InterventionKind,
    Ledger,
    NursedEpoch,
    NursingPlan,
    NursingState,
    StaleNursingError,
)
from hpsearch.store.schema.nursing_tables import INTERVENTIONS, NURSED_EPOCHS, NURSINGS
from hpsearch.worker.identity import this_worker

PLAN = NursingPlan(
    trial=1, first_epoch=3, epochs=9, script=({"at": 5, "kind": "stop", "settings": {"lr": 0.1}},)
)
POINT = NursedEpoch(part=0, epoch=4, loss=0.1 + 0.2, value=1 / 3, digest="a" * 64)
BRANCH = Intervention(sequence=0, part=0, epoch=4, kind=InterventionKind.BRANCH, reason="why, é")
ME = this_worker()
GONE = replace(ME, process="1@1")
"""A process of this machine that lives no more."""


@pytest.fixture
def study(worker):
    """Return a study."""
    return worker.study


def test_what_is_stored_comes_back_bit_for_bit(ledger, study):
    """Epochs in the order in which they were trained, interventions in the order in which they were made."""
    held = ledger.open_nursing(study, PLAN, ME)
    lost = NursedEpoch(part=0, epoch=5, loss=None, value=None, digest="")
    again = replace(POINT, part=1, value=None)
    ledger.add_nursed(study, held, [POINT, lost])
    made = Intervention(
        sequence=0, part=1, epoch=4, kind=InterventionKind.SET, settings={"lr": 0.1 + 0.2}, scripted=0
    )
    assert ledger.add_nursed(study, held, [again], made) == made
    assert ledger.nursed_epochs(study, 0) == [POINT, lost, again]
    assert ledger.interventions(study, 0) == [made]
    row = ledger.nursing(study, 0)
    assert (row.plan, row.state, row.parent, row.host) == (PLAN, NursingState.OPEN, None, ME.host)
    with pytest.raises(NotFoundError, match="has no nursing 3; it has 0"):
        ledger.nursing(study, 3)


def test_a_lost_answer_changes_nothing(ledger, study):
    """Called again, a verb finds what it has written; a branch has one number."""
    held = ledger.open_nursing(study, PLAN, ME)
    first = ledger.add_nursed(study, held, [POINT], BRANCH)
    assert ledger.add_nursed(study, held, [POINT], BRANCH) == first == replace(BRANCH, settings={"number": 1})
    branch = ledger.nursing(study, 1)
    assert (branch.parent, branch.branched, branch.plan) == (0, 0, replace(PLAN, first_epoch=4, script=()))
    assert len(ledger.nursings(study)) == 2
    assert ledger.nursed_epochs(study, 0) == [POINT]


def test_an_unfinished_nursing_of_a_plan_goes_on(ledger, study):
    """One that has ended does not, nor one of another plan; a branch is named by its number."""
    held = ledger.open_nursing(study, PLAN, GONE)
    ledger.add_nursed(study, held, [POINT], BRANCH)
    again = ledger.open_nursing(study, PLAN, ME)
    assert (again.number, again.token != held.token) == (0, True)
    ledger.leave_nursing(study, again, NursingState.COMPLETE)
    assert ledger.open_nursing(study, PLAN, ME).number == 2
    assert ledger.open_nursing(study, replace(PLAN, epochs=10), ME).number == 3


def test_a_nursing_is_taken_over_from_the_dead(ledger, study):
    """The living keep it; whose token is old writes no more."""
    held = ledger.open_nursing(study, PLAN, ME)
    with pytest.raises(StaleNursingError, match=r"process \d+ is at work on it"):
        ledger.take_nursing(study, 0, GONE)
    ledger.leave_nursing(study, held, NursingState.STOPPED)
    more = [{"at": 9, "kind": "stop", "settings": {}}]
    taken = ledger.take_nursing(study, 0, GONE, epochs=20, script=more)
    row = ledger.nursing(study, 0)
    assert (row.state, row.plan.epochs, row.plan.script) == (NursingState.OPEN, 20, (*PLAN.script, *more))
    for write in (
        lambda: ledger.add_nursed(study, held, [POINT]),
        lambda: ledger.leave_nursing(study, held, NursingState.COMPLETE),
    ):
        with pytest.raises(StaleNursingError, match="taken over elsewhere: nothing more is written"):
            write()
    ledger.add_nursed(study, taken, [POINT])
    assert ledger.nursed_epochs(study, 0) == [POINT]


def test_two_callers_make_one_nursing(url, ledger, study):
    """Eight at once open the same plan: there is one nursing, and one of them may write."""
    found, gate = [], threading.Barrier(8)

    def call():
        mine = Ledger(url)
        gate.wait()
        found.append(mine.open_nursing(study, PLAN, GONE))
        mine.close()

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [held.number for held in found] == [0] * 8
    assert len(ledger.nursings(study)) == 1
    written = []
    for held in found:
        try:
            ledger.add_nursed(study, held, [POINT])
            written.append(held)
        except StaleNursingError:
            continue
    assert len(written) == 1


def test_nothing_is_left_of_a_deleted_study(ledger, study, query):
    """Its nursings go with its other rows before a key is given again."""
    held = ledger.open_nursing(study, PLAN, ME)
    ledger.add_nursed(study, held, [POINT], BRANCH)
    query(ledger, "DELETE FROM trials")
    query(ledger, "DELETE FROM study_directions")
    query(ledger, "DELETE FROM study_system_attributes")
    query(ledger, "DELETE FROM study_user_attributes")
    query(ledger, "DELETE FROM studies")
    ledger.forget_deleted()
    for table in (NURSINGS, INTERVENTIONS, NURSED_EPOCHS):
        count = sa.select(sa.func.count()).select_from(table)
        assert ledger.database.read(lambda c, count=count: c.scalar(count)) == 0
