"""Taking a study out of a database, and into another: a search comes with the studies that confirm it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from hpsearch.errors import BundleError, ContractError
from hpsearch.search import history_digests, study_digest
from hpsearch.space import Space
from hpsearch.store.records.records import Study
from hpsearch.store.schema.tables import ATTEMPTS, STUDIES, Optuna
from hpsearch.store.studies.deliveries import DELIVERY
from hpsearch.store.studies.opening import find_studies, forget_deleted, refuse_foreign
from hpsearch.store.transfer.rows import Book, read_book, write_book
from hpsearch.store.trials.history import Known, read_history
from hpsearch.study_file import contract_hash, diff, spec_from_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A search on its way, with the studies that confirm it.

    Attributes:
        books: The search, then those that confirm it, in the order of their making.
        fingerprints: The fingerprint of each.
    """

    books: Sequence[Book]
    fingerprints: Sequence[str]

    @property
    def name(self) -> str:
        """The search's name."""
        return str(self.books[0].head["name"])

    @property
    def source(self) -> str:
        """Where the search's data come from."""
        return str(self.books[0].head["contract"]["study"]["data"]["source"])


def pack(connection: Connection, tables: Optuna, study: Study) -> Parcel:
    """Return a search, to be read while the transaction lasts.

    A path of its data that leads out of the folder of the study file becomes the file's name alone: the
    folder means nothing elsewhere.
    """
    query = (
        sa.select(STUDIES.c.study_id, tables.studies.c.study_name)
        .join(tables.studies, tables.studies.c.study_id == STUDIES.c.study_id)
        .where(STUDIES.c.search_id == study.search_id)
        .order_by(STUDIES.c.study_id)
    )
    found = [(int(key), str(name)) for key, name in connection.execute(query)]
    books = [read_book(connection, tables, key, name) for key, name in found]
    space = _space(books)
    prints = [_fingerprint(connection, tables, book, space) for book in books]
    contract = books[0].head["contract"]["study"]
    moved = {**contract, "data": {**contract["data"], "source": portable_path(contract["data"]["source"])}}
    return Parcel(books=_under(books, moved), fingerprints=prints)


def unpack(connection: Connection, tables: Optuna, parcel: Parcel, *, base: str) -> bool:
    """Write a search; return whether there was anything to write.

    Args:
        connection: The transaction.
        tables: Optuna's tables.
        parcel: The search.
        base: The folder that relative data paths start from.

    Raises:
        ContractError: A study of the name is there, and does not hold everything that this one holds.
        BundleError: What was written is not what the parcel says that it is.
    """
    forget_deleted(connection, tables)
    names = [book.head["name"] for book in parcel.books]
    for name in names:
        refuse_foreign(connection, tables, name)
    if here := find_studies(connection, tables, names):
        _expect_held(connection, tables, parcel, here)
        return False
    space, search_id = _space(parcel.books), None
    for book, expected in zip(parcel.books, parcel.fingerprints, strict=True):
        key = write_book(connection, tables, book, base=base, search_id=search_id)
        search_id = search_id or key
        if _fingerprint(connection, tables, book, space) != expected:
            name = book.head["name"]
            raise BundleError(f"study {name!r}: expected trials of fingerprint {expected}, found others")
    return True


def renamed(parcel: Parcel, name: str) -> Parcel:
    """Return a search under another name, in its contract, too."""
    old = parcel.name
    books = [
        replace(book, head={**book.head, "name": name + str(book.head["name"]).removeprefix(old)})
        for book in parcel.books
    ]
    return replace(parcel, books=_under(books, {**books[0].head["contract"]["study"], "name": name}))


def portable_path(source: str) -> str:
    """Return a path that stays in the folder it starts from, on every system; a name is one."""
    path, there = PurePosixPath(source), PureWindowsPath(source)
    outside = path.is_absolute() or there.drive or there.root or ".." in (*path.parts, *there.parts)
    return there.name if outside else source


def _under(books: Sequence[Book], study: Mapping[str, Any]) -> list[Book]:
    """Return the books of a search whose contract says ``study``, and of those that confirm it."""
    before = books[0].head["contract"]
    after = {**before, "study": study}
    hashes = {contract_hash(before): contract_hash(after)}
    search, *companions = books
    heads = [{**search.head, "contract": after}]
    for book in companions:
        contract = book.head["contract"]
        # One that was set aside confirms what the search was before: nobody goes on with that.
        confirms = hashes.get(contract["confirms"], contract["confirms"])
        heads.append({**book.head, "contract": {**contract, "confirms": confirms}})
    return [replace(book, head=head) for book, head in zip(books, heads, strict=True)]


def _space(books: Sequence[Book]) -> Space:
    return spec_from_dict(books[0].head["contract"]["study"]).space


def _fingerprint(connection: Connection, tables: Optuna, book: Book, space: Space) -> str:
    (study,) = find_studies(connection, tables, [book.head["name"]])
    history = read_history(connection, tables, study, space, Known.nothing(space)).history
    return study_digest(space.names, history_digests(history))


def _expect_held(connection: Connection, tables: Optuna, parcel: Parcel, here: Sequence[Study]) -> None:
    """Refuse a search of which the database does not hold everything already."""
    search = next((study for study in here if study.name == parcel.name), here[0])
    held = {str(book.head["name"]): book for book in pack(connection, tables, search).books}
    for book in parcel.books:
        name = str(book.head["name"])
        if name not in held:
            problems = ["it is missing here"]
        else:
            problems = list(_missing(connection, tables, book, held[name]))
        if problems:
            raise ContractError(
                f"study {name!r} is here already, but not all that the bundle holds (here -> in the bundle): "
                f"{'; '.join(problems)}\nimport it under another name: --as NAME"
            )


def _missing(connection: Connection, tables: Optuna, book: Book, held: Book) -> Iterator[str]:
    """Yield what a study holds that the one in the database does not."""
    yield from diff(held.head["contract"], book.head["contract"])
    if (delivery := _delivery(book)) not in {None, _delivery(held)}:
        yield "what it found: another result" if _delivery(held) else f"what it found: nothing -> {delivery}"
    (study,) = find_studies(connection, tables, [held.head["name"]])
    query = sa.select(ATTEMPTS.c.number, ATTEMPTS.c.digest).where(
        ATTEMPTS.c.study_id == study.study_id, ATTEMPTS.c.digest.is_not(None)
    )
    digests = {int(number): str(digest) for number, digest in connection.execute(query)}
    other = [
        trial["number"]
        for trial in book.trials()
        for attempt in trial[ATTEMPTS.name]
        if attempt["digest"] not in {None, digests.get(trial["number"])}
    ]
    if other:
        yield f"{len(other)} settled trials are others or missing, the first is trial {other[0]}"


def _delivery(book: Book) -> str | None:
    notes = {note["key"]: note["value_json"] for note in book.head["study_user_attributes"]}
    return notes.get(DELIVERY)
