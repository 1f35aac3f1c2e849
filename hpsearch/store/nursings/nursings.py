"""The verbs of nursings: each is one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import NotFoundError
from hpsearch.store.attempts.study_row import read_row
from hpsearch.store.nursings.records import (
    HeldNursing,
    Intervention,
    NursedEpoch,
    NursingPlan,
    NursingRow,
    StaleNursingError,
)
from hpsearch.store.records.records import Study, WorkerIdentity
from hpsearch.store.schema.nursing_tables import (
    INTERVENTIONS,
    NURSED_EPOCHS,
    NURSINGS,
    InterventionKind,
    NursingState,
)
from hpsearch.store.schema.rules import expect_cells
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.workers.processes import is_alive
from hpsearch.types import Json


def open_nursing(tx: Transaction, study: Study, plan: NursingPlan, who: WorkerIdentity) -> HeldNursing:
    """Go on with the unfinished nursing of a plan, or make one; return it with the token to write with.

    So the command that was killed, typed again, goes on where it was. Under two callers one makes it, and the
    other is refused while that one lives.

    Raises:
        StaleNursingError: A living process of this machine is at work on it.
    """
    read_row(tx, study, lock=True)
    rows = read_nursings(tx, study)
    mine = _row(study, tx.token)
    for row in rows:
        if row.state is NursingState.OPEN and row.plan == plan and row.parent is None:
            return take_nursing(tx, study, row.number, who)
    number = 1 + max((row.number for row in rows), default=-1)
    values = _planned(plan) | {"study_id": study.study_id, "number": number, "created_at": tx.clock()}
    tx.execute(sa.insert(NURSINGS), values | mine | {"host": who.host, "process": who.process})
    return HeldNursing(number=number, token=tx.token)


def take_nursing(  # noqa: PLR0913 - the last two change it
    tx: Transaction,
    study: Study,
    number: int,
    who: WorkerIdentity,
    *,
    epochs: int | None = None,
    script: Sequence[Mapping[str, Json]] = (),
) -> HeldNursing:
    """Take a nursing over, in whatever state it is; the process that held it can write no more.

    Args:
        tx: The transaction.
        study: A search.
        number: The nursing.
        who: The process that takes it.
        epochs: Where it ends from now on; ``None`` leaves it.
        script: Lines that are added to its script.

    Raises:
        NotFoundError: There is no such nursing.
        StaleNursingError: A living process of this machine is at work on it.
    """
    read_row(tx, study, lock=True)
    row = read_nursing(tx, study, number)
    if tx.scalar(sa.select(NURSINGS.c.token).where(*_of(study, number))) == tx.token:
        return HeldNursing(number=number, token=tx.token)  # the answer to the first try was lost
    others = row.host == who.host and row.process not in {"", who.process}
    if row.state is NursingState.OPEN and others and is_alive(row.process):
        raise StaleNursingError(
            f"nursing {number} of study {study.name!r}: process {row.process.partition('@')[0]} is at work "
            "on it; let it end first, or stop it there"
        )
    values: dict[str, Any] = {"token": tx.token, "host": who.host, "process": who.process}
    values["state"] = NursingState.OPEN
    if epochs is not None:
        values["epochs"] = epochs
    if script:
        values["script"] = [dict(line) for line in (*row.plan.script, *script)]
    tx.execute(sa.update(NURSINGS).where(*_of(study, number)).values(values))
    return HeldNursing(number=number, token=tx.token)


def leave_nursing(tx: Transaction, study: Study, held: HeldNursing, state: NursingState) -> None:
    """Note where a nursing stands as its process leaves it."""
    _expect_held(tx, study, held)
    values = {"state": state, "process": ""}
    tx.execute(sa.update(NURSINGS).where(*_of(study, held.number)).values(values))


def add_nursed(
    tx: Transaction,
    study: Study,
    held: HeldNursing,
    epochs: Sequence[NursedEpoch],
    intervention: Intervention | None = None,
) -> Intervention | None:
    """Store what came of epochs, and an intervention after them; return it, with the number of its branch.

    Only the process that took the nursing last may. Called again, because the answer was lost, it changes
    nothing.

    Raises:
        StaleNursingError: Another process has taken the nursing over.
    """
    _expect_held(tx, study, held)
    key = {"study_id": study.study_id, "number": held.number}
    for point in epochs:
        where = (*_of(study, held.number, NURSED_EPOCHS), NURSED_EPOCHS.c.part == point.part)
        same = sa.select(NURSED_EPOCHS.c.epoch).where(*where, NURSED_EPOCHS.c.epoch == point.epoch)
        if tx.scalar(same) is None:
            tx.execute(sa.insert(NURSED_EPOCHS), key | asdict(point))
    if intervention is None:
        return None
    for stored in read_interventions(tx, study, held.number):
        if stored.sequence == intervention.sequence:
            return stored
    if intervention.kind is InterventionKind.BRANCH:
        number = _branched(tx, study, held.number, intervention)
        intervention = replace(intervention, settings={"number": number})
    row = key | asdict(intervention) | {"settings": dict(intervention.settings), "made_at": tx.clock()}
    tx.execute(sa.insert(INTERVENTIONS), row)
    return intervention


def read_nursings(tx: Transaction, study: Study) -> list[NursingRow]:
    """Return the nursings of a study, by number."""
    query = sa.select(NURSINGS).where(NURSINGS.c.study_id == study.study_id).order_by(NURSINGS.c.number)
    return [_nursing(row._asdict()) for row in tx.execute(query)]


def read_nursing(tx: Transaction, study: Study, number: int) -> NursingRow:
    """Return one nursing of a study.

    Raises:
        NotFoundError: There is no such nursing.
    """
    rows = read_nursings(tx, study)
    found = next((row for row in rows if row.number == number), None)
    if found is None:
        known = f"0 to {rows[-1].number}" if len(rows) > 1 else "0" if rows else "none"
        raise NotFoundError(f"study {study.name!r} has no nursing {number}; it has {known}")
    return found


def read_interventions(tx: Transaction, study: Study, number: int) -> list[Intervention]:
    """Return the interventions of a nursing, in the order in which they were made."""
    names = list(Intervention.__dataclass_fields__)
    query = sa.select(*(INTERVENTIONS.c[name] for name in names)).where(*_of(study, number, INTERVENTIONS))
    found = []
    for row in tx.execute(query.order_by(INTERVENTIONS.c.sequence)):
        expect_cells(INTERVENTIONS.name, row._asdict())
        found.append(Intervention(**row._asdict() | {"kind": InterventionKind(row.kind)}))
    return found


def read_nursed_epochs(tx: Transaction, study: Study, number: int) -> list[NursedEpoch]:
    """Return what came of the epochs of a nursing, in the order in which they were trained."""
    names = list(NursedEpoch.__dataclass_fields__)
    query = sa.select(*(NURSED_EPOCHS.c[name] for name in names)).where(*_of(study, number, NURSED_EPOCHS))
    found = []
    for row in tx.execute(query.order_by(NURSED_EPOCHS.c.part, NURSED_EPOCHS.c.epoch)):
        expect_cells(NURSED_EPOCHS.name, row._asdict())
        found.append(NursedEpoch(**row._asdict()))
    return found


def _branched(tx: Transaction, study: Study, number: int, intervention: Intervention) -> int:
    """Make the branch of a nursing; return its number."""
    read_row(tx, study, lock=True)
    rows = read_nursings(tx, study)
    parent = next(row for row in rows if row.number == number)
    plan = replace(parent.plan, first_epoch=intervention.epoch, script=())
    values = _planned(plan) | _row(study, "") | {"number": rows[-1].number + 1, "created_at": tx.clock()}
    values |= {"parent": number, "branched": intervention.sequence, "host": "", "process": ""}
    tx.execute(sa.insert(NURSINGS), values)
    return rows[-1].number + 1


def _row(study: Study, token: str) -> dict[str, Any]:
    return {"study_id": study.study_id, "token": token, "state": NursingState.OPEN}


def _planned(plan: NursingPlan) -> dict[str, Any]:
    return asdict(plan) | {"script": [dict(line) for line in plan.script]}


def _nursing(row: Mapping[str, Any]) -> NursingRow:
    expect_cells(NURSINGS.name, row)
    plan = {name: row[name] for name in NursingPlan.__dataclass_fields__} | {"script": tuple(row["script"])}
    others = {name: row[name] for name in NursingRow.__dataclass_fields__ if name != "plan"}
    others["state"] = NursingState(row["state"])
    return NursingRow(plan=NursingPlan(**plan), **others)


def _of(study: Study, number: int, table: sa.Table = NURSINGS) -> tuple[sa.ColumnElement[bool], ...]:
    return table.c.study_id == study.study_id, table.c.number == number


def _expect_held(tx: Transaction, study: Study, held: HeldNursing) -> None:
    query = sa.select(NURSINGS.c.token).where(*_of(study, held.number)).with_for_update()
    found = tx.scalar(query)
    if found != held.token:
        happened = "was deleted" if found is None else "was taken over elsewhere"
        raise StaleNursingError(
            f"nursing {held.number} of study {study.name!r} {happened}: nothing more is written from here"
        )
