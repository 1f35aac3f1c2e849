"""A search and the studies that confirm it, treated as one: deleted together, renamed together."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import ContractError, to_type
from hpsearch.store.records.records import Study
from hpsearch.store.schema.deleted import ALL
from hpsearch.store.schema.nursing_tables import NURSINGS, NursingState
from hpsearch.store.schema.tables import STUDIES, WORKERS
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies.control import RefusedError
from hpsearch.store.studies.find import StaleTermsError
from hpsearch.store.workers.processes import is_alive, this_host
from hpsearch.study_file import confirmation_name, contract_hash, expect_new_name

_OF_TRIALS = (
    "trial_params",
    "trial_values",
    "trial_intermediate_values",
    "trial_user_attributes",
    "trial_system_attributes",
    "trial_heartbeats",
)
"""Optuna's tables with a row for something of a trial."""
_OF_STUDIES = ("trials", "study_directions", "study_user_attributes", "study_system_attributes", "studies")
"""Optuna's tables with a row for something of a study; those that others refer to come last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyContents:
    """What belongs to a search.

    Attributes:
        trials: Its trials.
        confirming: Name of each study that confirms it -> the trials of that study, in the order of their
            making; the last is the one in use.
        nursings: Its nursings.
    """

    trials: int
    confirming: Mapping[str, int]
    nursings: int


def read_contents(tx: Transaction, study: Study) -> StudyContents:
    """Return what belongs to a search."""
    trials, family = tx.tables.trials, _family(tx, study)
    query = sa.select(trials.c.study_id, sa.func.count()).where(trials.c.study_id.in_(family))
    counts = {int(key): int(n) for key, n in tx.execute(query.group_by(trials.c.study_id))}
    nursed = sa.select(sa.func.count()).where(NURSINGS.c.study_id == study.study_id)
    return StudyContents(
        trials=counts.get(study.study_id, 0),
        confirming={name: counts.get(key, 0) for key, name in family.items() if key != study.study_id},
        nursings=int(tx.scalar(nursed) or 0),
    )


def delete_study(tx: Transaction, study: Study) -> None:
    """Delete a search with all that belongs to it: trials, confirming runs, nursings, saved states.

    A search that is no longer there is left alone: the answer to the first try may have been lost.

    Raises:
        RefusedError: Workers are at work on it, or a process nurses one of its networks.
        StaleTermsError: Another study has its name now.
    """
    if _lock(tx, study) is None:
        return
    family = _family(tx, study)
    _expect_idle(tx, study, family)
    keys = list(family)
    for table in ALL:
        tx.execute(sa.delete(table).where(table.c.study_id.in_(keys)))
    mine = sa.select(tx.tables.trials.c.trial_id).where(tx.tables.trials.c.study_id.in_(keys))
    for name in _OF_TRIALS:
        of_trials = sa.table(name, sa.column("trial_id"))
        tx.execute(sa.delete(of_trials).where(of_trials.c.trial_id.in_(mine)))
    for name in _OF_STUDIES:
        of_studies = sa.table(name, sa.column("study_id"))
        tx.execute(sa.delete(of_studies).where(of_studies.c.study_id.in_(keys)))


def rename_study(tx: Transaction, study: Study, name: str) -> None:
    """Give a search another name, and the studies that confirm it theirs.

    The name is a part of the contract, so the contract's hash changes; trials and fingerprint do not.

    Raises:
        FieldError: No new study may have the name.
        ContractError: A study has it, or one has the name of the confirmation.
        RefusedError: Workers are at work on it, or a process nurses one of its networks.
        StaleTermsError: Another study has the old name now.
    """
    expect_new_name(name)
    contract = _lock(tx, study)
    family = _family(tx, study)
    if contract is None or family.get(study.study_id) == name != study.name:
        return  # deleted meanwhile; or the answer to the first try was lost
    _expect_idle(tx, study, family)
    table = tx.tables.studies
    names = {key: name + old.removeprefix(study.name) for key, old in family.items()}
    wanted = {confirmation_name(name), *names.values()}
    taken = tx.scalar(sa.select(table.c.study_name).where(table.c.study_name.in_(wanted)).limit(1))
    if taken is not None:
        raise ContractError(f"expected a name that is free, found {taken!r}: a study in this database has it")
    for key, new in names.items():
        tx.execute(sa.update(table).where(table.c.study_id == key).values(study_name=new))
    _rename_contracts(tx, study, contract, name)


def _rename_contracts(tx: Transaction, study: Study, before: Mapping[str, Any], name: str) -> None:
    """Write the name into the contract; the confirmation in use names the contract by its hash."""
    after = {**before, "study": {**before["study"], "name": name}}
    hashes = {contract_hash(before): contract_hash(after)}
    query = sa.select(STUDIES.c.study_id, STUDIES.c.contract).where(STUDIES.c.search_id == study.study_id)
    for key, text in tx.execute(query).all():
        contract = after if key == study.study_id else json.loads(text)
        if "confirms" in contract:
            contract["confirms"] = hashes.get(contract["confirms"], contract["confirms"])
        # A process that has read the study before must read it again.
        values = {"contract": json.dumps(contract, sort_keys=True), "changes": STUDIES.c.changes + 1}
        tx.execute(sa.update(STUDIES).where(STUDIES.c.study_id == key).values(values))


def _lock(tx: Transaction, study: Study) -> dict[str, Any] | None:
    """Lock the row of a search until the end of the transaction; return its contract, ``None`` if deleted."""
    query = sa.select(STUDIES.c.created_at, STUDIES.c.contract).where(STUDIES.c.study_id == study.study_id)
    row = tx.execute(query.with_for_update()).one_or_none()
    if row is None:
        return None
    if row.created_at != study.created_at:
        raise StaleTermsError(f"study {study.name!r} has changed meanwhile: read it again")
    contract: dict[str, Any] = json.loads(row.contract)
    return contract


def _family(tx: Transaction, study: Study) -> dict[int, str]:
    """Return key -> name of a search and of the studies that confirm it, in the order of their making."""
    table = tx.tables.studies
    query = (
        sa.select(STUDIES.c.study_id, table.c.study_name)
        .join(table, table.c.study_id == STUDIES.c.study_id)
        .where(STUDIES.c.search_id == study.study_id)
        .order_by(STUDIES.c.study_id)
    )
    return {int(key): str(name) for key, name in tx.execute(query)}


def _expect_idle(tx: Transaction, study: Study, family: Mapping[int, str]) -> None:
    living = (WORKERS.c.study_id.in_(family), WORKERS.c.ended_at.is_(None))
    if n := int(tx.scalar(sa.select(sa.func.count()).select_from(WORKERS).where(*living)) or 0):
        who = "1 worker is" if n == 1 else f"{n} workers are"
        raise RefusedError(
            f"study {study.name!r}: {who} at work on it; {to_type('cancel', study.name)} ends that"
        )
    query = sa.select(NURSINGS.c.number, NURSINGS.c.process).where(
        NURSINGS.c.study_id == study.study_id,
        NURSINGS.c.state == NursingState.OPEN,
        NURSINGS.c.process != "",
        NURSINGS.c.host == this_host(),
    )
    for number, process in tx.execute(query):
        if is_alive(process):
            raise RefusedError(
                f"study {study.name!r}: process {process.partition('@')[0]} is at work on nursing {number}; "
                "let it end first"
            )
