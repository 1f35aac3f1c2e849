"""The study that a command is about: the one that is named, or the newest with a note that says so."""

from typing import TYPE_CHECKING

from hpsearch.cli.options import say
from hpsearch.errors import to_type

if TYPE_CHECKING:
    from hpsearch.store import Reader, Study


def chosen_study(reader: "Reader", name: str | None, *, quiet: bool = False) -> "Study":
    """Return a study by name, or the newest one; where there are several, say which it is.

    Args:
        reader: Where the study is.
        name: Its name, or ``None`` for the newest study.
        quiet: Whether nothing is said.

    Raises:
        NotFoundError: There is no such study, or none at all.
    """
    study = reader.find_study(name)
    # The names of studies that Optuna alone has made come last: without a name they are not candidates.
    if name is None and not quiet and (n := reader.study_names().index(study.name) + 1) > 1:
        say(f"study {study.name!r}, the newest of {n} ({to_type('list')} shows them)")
    return study
