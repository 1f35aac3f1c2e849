"""The cache: data sets as memory-mapped files, made once and shared by all workers of a machine."""

import getpass
import json
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.dataset import Dataset
from hpsearch.data.packing import DAMAGE, array_names, put_together, taken_apart
from hpsearch.errors import DataError
from hpsearch.files import sync

_VARIABLE = "HPSEARCH_CACHE"
_META, _HASH, _DATA = "meta.json", "content_hash", "data"
_RENAMES = 5


def cache_root() -> Path:
    """Return the folder of the cache; it is made where there is none.

    It is ``$HPSEARCH_CACHE`` if set; else ``hpsearch`` in ``$XDG_CACHE_HOME`` or in ``~/.cache``, the first
    that can be written; else a folder of this user alone among the system's temporary files.

    Raises:
        DataError: ``$HPSEARCH_CACHE`` cannot be written, or the temporary folder belongs to another user.
    """
    wanted = os.environ.get(_VARIABLE)
    if wanted:
        root = Path(wanted).absolute()
        if not _usable(root):
            raise DataError(f"{_VARIABLE}: expected a folder that can be written, found {wanted!r}")
        return root
    return next(filter(_usable, _usual_roots()), None) or _temporary_root()


def read_entry(entry: Path) -> Dataset | None:
    """Return the data set of an entry, mapped from its files; ``None`` if it is missing or damaged."""
    try:
        note = json.loads((entry / _META).read_text(encoding="utf-8"))
        return put_together({name: _mapped(entry / f"{name}.npy") for name in array_names(note)}, note)
    except DAMAGE:
        return None


def cached_dataset(content_hash: str) -> Dataset | None:
    """Return the data set of this content that the cache has, or ``None``."""
    for meta in (cache_root() / _DATA).glob(f"*/{_META}"):
        with suppress(*DAMAGE):
            if json.loads(meta.read_text(encoding="utf-8")).get(_HASH) == content_hash:
                return read_entry(meta.parent)
    return None


def write_entry(entry: Path, dataset: Dataset) -> None:
    """Write a data set as an entry; readers see the whole entry or none. The first of several writers wins.

    Raises:
        DataError: The files cannot be written.
    """
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=entry.parent, prefix=f"{entry.name[:16]}.") as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            _write_files(made, dataset)
            _publish(made, entry, Path(scratch))
        sync(entry.parent)
    except OSError as error:
        found = f"{(error.strerror or str(error)).lower()}; set {_VARIABLE} to another folder"
        raise DataError(
            f"{entry.parent}: expected a cache folder with room to write, found: {found}"
        ) from error


def _write_files(folder: Path, dataset: Dataset) -> None:
    arrays, note = taken_apart(dataset)
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values, allow_pickle=False)
    note = {**note, _HASH: dataset.content_hash}
    (folder / _META).write_text(json.dumps(note), encoding="utf-8")
    for path in (*folder.iterdir(), folder):
        sync(path)


def _publish(made: Path, entry: Path, scratch: Path) -> None:
    """Rename the finished folder to the entry, unless another process has meanwhile put a sound one there."""
    for attempt in range(_RENAMES):
        try:
            made.rename(entry)
        except OSError:
            # A folder that is not empty cannot be renamed over: there is an entry, or the disk has failed.
            if attempt == _RENAMES - 1 or not os.path.lexists(entry):
                raise
            if read_entry(entry) is not None:
                return
            # The entry is damaged: it moves into the scratch folder and is removed with it. Another process
            # may have moved it first.
            with suppress(FileNotFoundError):
                entry.rename(scratch / f"damaged-{attempt}")
        else:
            return


def _mapped(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def _usual_roots() -> Iterator[Path]:
    shared = os.environ.get("XDG_CACHE_HOME", "")
    if Path(shared).is_absolute():  # the XDG specification: a relative path is to be ignored
        yield Path(shared) / "hpsearch"
    home = os.environ.get("HOME") or os.environ.get("USERPROFILE") or ""
    if Path(home).is_absolute():
        yield Path(home) / ".cache" / "hpsearch"


def _usable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _temporary_root() -> Path:
    own = os.getuid() if hasattr(os, "getuid") else None
    folder = Path(tempfile.gettempdir()) / f"hpsearch-{getpass.getuser() if own is None else own}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    about = folder.lstat()
    private = stat.S_ISDIR(about.st_mode) and (
        own is None or (about.st_uid == own and not about.st_mode & 0o077)
    )
    if not private:
        raise DataError(
            f"{folder}: expected a folder of your own with mode 0700, found another; set {_VARIABLE}"
        )
    return folder
