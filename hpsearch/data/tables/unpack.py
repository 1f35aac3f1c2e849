"""Unpack a compressed table: gzip, zip, xz and bzip2, up to the limit of memory."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any

from hpsearch.data.examples import quote
from hpsearch.errors import DataError, first_line
from hpsearch.memory import MemoryLimit

PACKED = (".gz", ".zip", ".xz", ".bz2")
"""Endings of compressed files."""

_DAMAGE = (
    OSError,
    EOFError,
    lzma.LZMAError,
    zlib.error,
    zipfile.BadZipFile,
    RuntimeError,
    NotImplementedError,
)


def unpacked(data: bytes, *, name: str, where: str, limit: MemoryLimit) -> tuple[bytes, str]:
    """Return the bytes of a table, and its kind, such as ``".csv"``.

    Args:
        data: The bytes of the file.
        name: Its name, whose endings say how it is packed and what it holds.
        where: Its path, for errors.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: It is damaged, holds more or less than one file, or is too large.
    """
    path = PurePath(name.lower())
    if path.suffix not in PACKED:
        return data, path.suffix
    try:
        if not data:
            raise EOFError("an empty file")
        if path.suffix == ".zip":
            return _member(data, where, limit)
        return _up_to(_OPENERS[path.suffix](io.BytesIO(data)), where, limit), PurePath(path.stem).suffix
    except _DAMAGE as error:
        found = first_line(error)
        raise DataError(f"{where}: expected a readable {path.suffix} file, found: {found}") from None


def kind_of(source: str) -> str:
    """Return the kind of a file by its endings, without the one that says how it is packed.

    Example:
        >>> kind_of("a/t.CSV.gz"), kind_of("t.parquet"), kind_of("t.zip")
        ('.csv', '.parquet', '.zip')
    """
    path = PurePath(source.lower())
    return (PurePath(path.stem).suffix or path.suffix) if path.suffix in PACKED else path.suffix


def is_packed(source: str) -> bool:
    """Return whether the name of a file ends as a compressed one does."""
    return PurePath(source.lower()).suffix in PACKED


def _member(data: bytes, where: str, limit: MemoryLimit) -> tuple[bytes, str]:
    """Return the one file of an archive, and its kind; folders and the notes of macOS do not count."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX/")]
        if len(names) != 1:
            found = quote(*names) or "none"
            raise DataError(
                f"{where}: expected an archive of one file, found {found}; unpack the one you mean"
            )
        with archive.open(names[0]) as member:
            return _up_to(member, where, limit), PurePath(names[0].lower()).suffix


def _up_to(file: IO[bytes], where: str, limit: MemoryLimit) -> bytes:
    data = file.read(limit.n_bytes + 1)
    limit.expect(len(data), where=where, found=f"{len(data):,} bytes or more, unpacked")
    return data


_OPENERS: dict[str, Callable[[io.BytesIO], Any]] = {
    ".gz": gzip.open,
    ".xz": lzma.LZMAFile,
    ".bz2": bz2.BZ2File,
}
"""Ending -> what opens such a file."""
