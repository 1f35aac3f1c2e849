"""Pack a data set: as arrays and a note for the cache, and as one run of bytes to be sent."""

import io
import json
import math
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.dataset import ARRAYS, NAMES, SCALES, WEIGHTS, Dataset, digests
from hpsearch.data.examples import OneHotColumn
from hpsearch.data.fill import FilledColumn
from hpsearch.inputs.bins import BinnedColumn
from hpsearch.memory import DEFAULT_LIMIT, MemoryLimit
from hpsearch.table.rules import TableRules

DAMAGE = (
    ValueError,  # not an archive, object arrays, a header that does not fit
    OSError,
    EOFError,
    KeyError,
    TypeError,
    SyntaxError,  # a header that is not a Python literal
    OverflowError,
    MemoryError,  # a header that claims more than there is
    RuntimeError,  # an encrypted member
    NotImplementedError,  # an unknown compression
    zipfile.BadZipFile,
    zlib.error,
)
"""The errors that reading a damaged file of arrays may raise."""

_NOTE = "note"
_WEIGHTED = "weighted"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArraySize:
    """The size of an array, as the head of its file says.

    Attributes:
        shape: Its shape.
        dtype: Its type.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    @property
    def n(self) -> int:
        """Number of its elements."""
        return math.prod(self.shape)

    @property
    def n_bytes(self) -> int:
        """Bytes of its elements."""
        return self.n * self.dtype.itemsize

    def __str__(self) -> str:
        return f"{self.dtype} {self.shape}"


def array_sizes(data: bytes) -> dict[str, ArraySize]:
    """Return the size of each array in an NPZ file, name -> size; nothing except the heads is unpacked.

    Raises:
        ValueError, OSError, ...: One of ``DAMAGE``: this is no such file.
    """
    sizes = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if not name.endswith(".npy"):
                continue
            with archive.open(name) as member:
                version = np.lib.format.read_magic(member)
                read_head = (
                    np.lib.format.read_array_header_1_0
                    if version == (1, 0)
                    else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = read_head(member)
            size = ArraySize(shape=shape, dtype=dtype)
            stored = archive.getinfo(name).file_size
            if size.n_bytes > stored and not dtype.hasobject:  # objects would be pickled, which is refused
                raise ValueError(f"{name}: a head of {size}, {size.n_bytes} bytes, before {stored} bytes")
            sizes[name.removesuffix(".npy")] = size
    return sizes


def array_names(note: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the arrays of a data set that was taken apart, from its note."""
    return (*ARRAYS, *SCALES, *(WEIGHTS if _WEIGHTED in note else ()))


def taken_apart(dataset: Dataset) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Return the arrays of a data set by name, and a note for JSON: its other fields, and a digest of all."""
    weighted = {} if dataset.w_train is None else {_WEIGHTED: True}
    arrays = {name: getattr(dataset, name) for name in array_names(weighted)}
    names: dict[str, Any] = {name: getattr(dataset, name) for name in NAMES}
    _, check = digests(arrays, **names)
    columns = [asdict(column) for column in dataset.categorical]
    filled = [asdict(column) for column in dataset.filled]
    binned = [asdict(column) for column in dataset.binned]
    rules = None if dataset.rules is None else dataset.rules.to_json()
    made = {"categorical": columns, "filled": filled, "rules": rules, "binned": binned}
    return arrays, {**names, **made, **weighted, "check": check}


def put_together(arrays: Mapping[str, NDArray[Any]], note: Mapping[str, Any]) -> Dataset | None:
    """Return a data set that was taken apart, or ``None`` where a part of it has changed.

    Raises:
        KeyError, TypeError, ValueError: The arrays and the note are no parts of a data set.
    """
    columns = tuple(OneHotColumn(**{**c, "labels": tuple(c["labels"])}) for c in note["categorical"])
    names: dict[str, Any] = {
        "classes": tuple(note["classes"]),
        "features": tuple(note["features"]),
        "categorical": columns,
        "label_type": str(note.get("label_type", "")),
        "filled": tuple(FilledColumn(**column) for column in note.get("filled", [])),
        "rules": TableRules.from_json(note["rules"]) if note.get("rules") else None,
        "notes": tuple(map(str, note.get("notes", []))),
        "doubts": tuple(map(str, note.get("doubts", []))),
        "clipped": tuple(map(int, note.get("clipped", []))),
        "binned": tuple(BinnedColumn(**{**c, "edges": tuple(c["edges"])}) for c in note.get("binned", [])),
    }
    content_hash, check = digests(arrays, **names)
    if check != note["check"]:
        return None
    return Dataset(**{**arrays, **names}, content_hash=content_hash)


def to_bytes(dataset: Dataset) -> bytes:
    """Return a data set as one run of bytes, the same for the same data set."""
    arrays, note = taken_apart(dataset)
    text = np.frombuffer(json.dumps(note).encode(), np.uint8)
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays, **{_NOTE: text})
    return file.getvalue()


def from_bytes(data: bytes, *, limit: MemoryLimit = DEFAULT_LIMIT, where: str = "data set") -> Dataset | None:
    """Return the data set that bytes hold, or ``None`` where they are damaged; nothing is unpickled.

    Args:
        data: The bytes.
        limit: The limit of what may be held in memory.
        where: Their name in messages.

    Raises:
        DataError: They would take too much memory.
    """
    try:
        n_bytes = sum(size.n_bytes for size in array_sizes(data).values())
        limit.expect(n_bytes, where=where, found=f"arrays of {n_bytes:,} bytes")
        archive = np.load(io.BytesIO(data), allow_pickle=False)
        note = json.loads(archive[_NOTE].tobytes())
        return put_together({name: archive[name] for name in array_names(note)}, note)
    except DAMAGE:
        return None
