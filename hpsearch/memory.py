"""The limit of memory: what a file would take is estimated from its head, before any of it is taken."""

import math
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from hpsearch.defaults import MAX_MEMORY_GIB
from hpsearch.errors import DataError, HpsearchError
from hpsearch.files import without_waiting

GIB = 2**30
VARIABLE = "HPSEARCH_MAX_MEMORY"

_PIECE = 2**20

PER_NUMBER = 32
"""Bytes that a number of a table takes while the table is read, split and scaled.

It is 8 in float64; the copies of the split, and of their scaling, are there at the same time. Measured on
200,000 x 50 numbers of an NPZ file: 30.
"""
PER_OBJECT = 64
"""Bytes that a Python number or text takes, and its place in a list."""
PER_JSON_BYTE = 64
"""Bytes that a byte of JSON takes once it is read, at most: ``[[0]]`` is two lists of 64 bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLimit:
    """The limit of what may be held in memory.

    Attributes:
        gib: GiB, above 0.
    """

    gib: float = MAX_MEMORY_GIB

    @property
    def n_bytes(self) -> int:
        """The limit in bytes."""
        return math.floor(self.gib * GIB)

    def expect(self, n_bytes: int, *, where: str, found: str, error: type[HpsearchError] = DataError) -> None:
        """Refuse what would take more memory than the limit.

        Args:
            n_bytes: Bytes that it would take, as far as its head says.
            where: The file, for the message.
            found: The size that its head gives, such as ``"10 rows x 3 columns"``.
            error: The error to raise.

        Raises:
            HpsearchError: As ``error`` says; it would take more.
        """
        if n_bytes > self.n_bytes:
            raise error(
                f"{where}: expected at most {self.gib:g} GiB in memory, found {found}, which would take "
                f"about {n_bytes / GIB:,.3g} GiB; use less, or raise max_memory in [data] or {VARIABLE}"
            )


DEFAULT_LIMIT = MemoryLimit()
"""The limit where neither a file nor a variable says another."""


def memory_limit(given: float | None = None) -> MemoryLimit:
    """Return the limit that holds: of the variable, else as given, else the default.

    Args:
        given: GiB, as a study file says.

    Raises:
        DataError: The variable is no number of GiB.
    """
    text = os.environ.get(VARIABLE)
    if not text:
        return DEFAULT_LIMIT if given is None else MemoryLimit(gib=given)
    try:
        gib = float(text)
    except ValueError:
        gib = math.nan
    if not 0 < gib < math.inf:
        raise DataError(f"{VARIABLE}: expected a number of GiB above 0, found {text[:40]!r}")
    return MemoryLimit(gib=gib)


def read_within(path: Path, *, limit: MemoryLimit, error: type[HpsearchError]) -> bytes:
    """Return the whole content of a file or of a pipe, which must fit into memory.

    A file without a size of its own, such as a pipe or one of ``/proc``, is read up to the limit.

    Args:
        path: The file.
        limit: The limit of what may be held in memory.
        error: The error to raise where there is more.

    Raises:
        OSError: It cannot be read.
        ValueError: It is a device, such as ``/dev/zero``, which has no end.
        HpsearchError: As ``error`` says; it is too large.
    """
    with open(path, "rb", opener=without_waiting) as file:
        about = os.fstat(file.fileno())
        if stat.S_ISCHR(about.st_mode) or stat.S_ISBLK(about.st_mode):
            raise ValueError("a device, not a file")
        limit.expect(about.st_size, where=str(path), found=f"{about.st_size:,} bytes", error=error)
        if about.st_size:
            return file.read()
        pieces, n_bytes = list[bytes](), 0
        while piece := file.read(_PIECE):
            pieces.append(piece)
            n_bytes += len(piece)
            limit.expect(n_bytes, where=str(path), found="a stream of more bytes", error=error)
        return b"".join(pieces)
