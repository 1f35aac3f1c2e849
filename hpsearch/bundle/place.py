"""The place of a bundle's data: written before the study that needs them, and gone again without it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from hpsearch.bundle.archive import PIECE, sha256
from hpsearch.errors import DataError, reason_of
from hpsearch.files import whole_file


@contextmanager
def placed(wanted: Path, *, base: Path, data: Callable[[], IO[bytes]], whose: Path) -> Iterator[None]:
    """Write a data file, unless it is there; remove it again where the work inside fails.

    Args:
        wanted: The file.
        base: The folder that it must lie in.
        data: Opens its content.
        whose: The bundle, for messages.

    Raises:
        DataError: Other data lie there, or there can be no file: a folder, a pipe, a link out of the folder.
    """
    try:
        is_there = _is_there(wanted, base=base, data=data, whose=whose)
        made = [] if is_there else _write(wanted, data=data)
    except (OSError, RuntimeError, ValueError) as error:
        raise DataError(
            f"{wanted}: expected a place for the data of {whose}, found: {reason_of(error)}"
        ) from error
    try:
        yield
    except BaseException:
        if not is_there:
            wanted.unlink(missing_ok=True)
            for folder in made:
                folder.rmdir()
        raise


def _is_there(wanted: Path, *, base: Path, data: Callable[[], IO[bytes]], whose: Path) -> bool:
    inside = wanted.resolve().is_relative_to(base.resolve())
    if not inside:
        raise DataError(f"{wanted}: expected a place inside {base}, found a link out of it; remove the link")
    if not wanted.exists():
        return False
    if not wanted.is_file():
        raise DataError(f"{wanted}: expected a file, or none yet, found a folder, a pipe or a device")
    with data() as ours, wanted.open("rb") as theirs:
        if sha256(ours) != sha256(theirs):
            raise DataError(
                f"{wanted}: expected the data of {whose}, found other data; import it in another folder"
            )
    return True


def _write(wanted: Path, *, data: Callable[[], IO[bytes]]) -> list[Path]:
    """Write the file; return the folders that were made for it, the innermost first."""
    made = [folder for folder in wanted.parents if not folder.exists()]
    wanted.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(wanted) as beside, beside.open("xb") as file, data() as content:
        while piece := content.read(PIECE):
            file.write(piece)
    return made
