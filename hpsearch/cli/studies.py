"""The study that a command is about: the one that is named, or the newest with a note that says so."""

from typing import TYPE_CHECKING

from hpsearch.cli.options import say, storage_flag

if TYPE_CHECKING:
    from hpsearch.store import Reader, Study


def chosen_study(reader: "Reader", name: str | None, *, storage: str, quiet: bool = False) -> "Study":
    """Return a study by name, or the newest one; where there are several, say which it is.

    Args:
        reader: Where the study is.
        name: Its name, or ``None`` for the newest study.
        storage: The address of the database as it was given.
        quiet: Whether nothing is said.

    Raises:
        NotFoundError: There is no such study, or none at all.
    """
    study = reader.find_study(name)
    if name is None and not quiet and (n := len(reader.study_names())) > 1:
        say(f"study {study.name!r}, the newest of {n} (hpsearch list{storage_flag(storage)} shows them)")
    return study
