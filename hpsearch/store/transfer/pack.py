"""A search with the studies that confirm it, packed from one database and unpacked into another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import sqlalchemy as sa

from hpsearch.errors import BundleError, ContractError
from hpsearch.search import fingerprint
from hpsearch.store.records.records import Study
from hpsearch.store.schema.deleted import forget_deleted
from hpsearch.store.schema.rules import VERDICT
from hpsearch.store.schema.tables import ATTEMPTS, STUDIES
from hpsearch.store.schema.transaction import Transaction
from hpsearch.store.studies.find import find_studies
from hpsearch.store.studies.opening import refuse_foreign
from hpsearch.store.transfer.records import StudyRecords, read_records, write_records
from hpsearch.store.trials.history import read_history
from hpsearch.study_file import NO_DATA, contract_hash, diff


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyDump:
    """A search on its way, with the studies that confirm it.

    Attributes:
        studies: The search, then those that confirm it, in the order of their making.
        fingerprints: The fingerprint of each.
    """

    studies: Sequence[StudyRecords]
    fingerprints: Sequence[str]

    @property
    def name(self) -> str:
        """The search's name."""
        return str(self.studies[0].head["name"])

    @property
    def source(self) -> str:
        """Where the search's data come from."""
        data = self.studies[0].head["contract"]["study"].get("data", {"source": NO_DATA.source})
        return str(data["source"])


def pack(tx: Transaction, study: Study) -> StudyDump:
    """Return a search, to be read while the transaction lasts.

    A path of its data that leads out of the folder of the study file becomes the file's name alone: the
    folder means nothing elsewhere.
    """
    query = (
        sa.select(STUDIES.c.study_id, tx.tables.studies.c.study_name)
        .join(tx.tables.studies, tx.tables.studies.c.study_id == STUDIES.c.study_id)
        .where(STUDIES.c.search_id == study.search_id)
        .order_by(STUDIES.c.study_id)
    )
    found = [(int(key), str(name)) for key, name in tx.execute(query)]
    studies = [read_records(tx, key, name) for key, name in found]
    prints = [_fingerprint(tx, name) for _, name in found]
    contract = studies[0].head["contract"]["study"]
    moved = dict(contract)
    if "data" in contract:
        moved["data"] = {**contract["data"], "source": portable_path(contract["data"]["source"])}
    return StudyDump(studies=_under(studies, moved), fingerprints=prints)


def unpack(tx: Transaction, dump: StudyDump, *, base: str) -> bool:
    """Write a search; return whether there was anything to write.

    Args:
        tx: The transaction.
        dump: The search.
        base: The folder that relative data paths start from.

    Raises:
        ContractError: A study of the name is there, and does not hold everything that this one holds.
        BundleError: What was written is not what the dump says that it is.
    """
    forget_deleted(tx)
    names = [records.head["name"] for records in dump.studies]
    for name in names:
        refuse_foreign(tx, name)
    if here := find_studies(tx, names):
        _expect_held(tx, dump, here)
        return False
    search_id = None
    for records, expected in zip(dump.studies, dump.fingerprints, strict=True):
        key = write_records(tx, records, base=base, search_id=search_id)
        search_id = search_id or key
        name = records.head["name"]
        if _fingerprint(tx, name) != expected:
            raise BundleError(f"study {name!r}: expected trials of fingerprint {expected}, found others")
    return True


def renamed(dump: StudyDump, name: str) -> StudyDump:
    """Return a search under another name, in its contract, too."""
    old = dump.name
    studies = [
        replace(records, head={**records.head, "name": name + str(records.head["name"]).removeprefix(old)})
        for records in dump.studies
    ]
    return replace(dump, studies=_under(studies, {**studies[0].head["contract"]["study"], "name": name}))


def portable_path(source: str) -> str:
    """Return a path that stays in the folder it starts from, on every system; a name is one."""
    path, there = PurePosixPath(source), PureWindowsPath(source)
    outside = path.is_absolute() or there.drive or there.root or ".." in (*path.parts, *there.parts)
    return there.name if outside else source


def _under(studies: Sequence[StudyRecords], study: Mapping[str, Any]) -> list[StudyRecords]:
    """Return the studies of a search whose contract says ``study``, and of those that confirm it."""
    before = studies[0].head["contract"]
    after = {**before, "study": study}
    hashes = {contract_hash(before): contract_hash(after)}
    search, *companions = studies
    heads = [{**search.head, "contract": after}]
    for records in companions:
        contract = records.head["contract"]
        # One that was set aside confirms what the search was before, and does not go on.
        confirms = hashes.get(contract["confirms"], contract["confirms"])
        heads.append({**records.head, "contract": {**contract, "confirms": confirms}})
    return [replace(records, head=head) for records, head in zip(studies, heads, strict=True)]


def _fingerprint(tx: Transaction, name: str) -> str:
    (study,) = find_studies(tx, [name])
    return fingerprint(study.space, read_history(tx, study).history)


def _expect_held(tx: Transaction, dump: StudyDump, here: Sequence[Study]) -> None:
    """Refuse a search of which the database does not hold everything already."""
    search = next((study for study in here if study.name == dump.name), here[0])
    held = {str(records.head["name"]): records for records in pack(tx, search).studies}
    for records in dump.studies:
        name = str(records.head["name"])
        here_too = held.get(name)
        problems = ["it is missing here"] if here_too is None else list(_missing(tx, records, here_too))
        if problems:
            raise ContractError(
                f"study {name!r} is here already, but not all that the bundle holds (here -> in the bundle): "
                f"{'; '.join(problems)}\nimport it under another name: --as NAME"
            )


def _missing(tx: Transaction, records: StudyRecords, held: StudyRecords) -> Iterator[str]:
    """Yield what a study holds that the one in the database does not."""
    yield from diff(held.head["contract"], records.head["contract"])
    if (verdict := _verdict(records)) not in {None, _verdict(held)}:
        yield "what it found: another result" if _verdict(held) else f"what it found: nothing -> {verdict}"
    (study,) = find_studies(tx, [held.head["name"]])
    query = sa.select(ATTEMPTS.c.number, ATTEMPTS.c.digest).where(
        ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.digest.is_not(None)
    )
    digests = {int(number): str(digest) for number, digest in tx.execute(query)}
    other = [
        trial["number"]
        for trial in records.trials()
        for attempt in trial[ATTEMPTS.name]
        if attempt["digest"] not in {None, digests.get(trial["number"])}
    ]
    if other:
        yield f"{len(other)} settled trials are others or missing, the first is trial {other[0]}"


def _verdict(records: StudyRecords) -> str | None:
    notes = {note["key"]: note["value_json"] for note in records.head["study_user_attributes"]}
    return notes.get(VERDICT)
