"""The artifact store: a study's files where every machine can reach them, in a folder or an object store."""

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from hpsearch.errors import ArtifactError, first_line, reason_of
from hpsearch.files import home_hint, read_file, whole_file

# user:password@host without its kind, or keywords of a database; a folder of such a name is written ./NAME.
_LIKE_A_PASSWORD = re.compile(r":.*@|pass(?:word|wd|phrase)?\s*=|pwd\s*=", re.IGNORECASE | re.DOTALL)
EXTRA = "pip install 'hpsearch[remote]'"
_NAME = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*", re.ASCII)
_EXPECTED = "artifacts: expected a folder or an address such as s3://BUCKET/FOLDER"


class ArtifactStore(ABC):
    """Named bytes that workers on many machines share.

    A name is made of letters, digits, ``_``, ``-`` and ``.``, with ``/`` between its parts; no part begins
    with a dot. Every method raises ``ArtifactError`` when the store cannot be used.

    Args:
        address: The address of the store; it holds no secret, so it may be shown.
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def put(self, name: str, data: bytes) -> None:
        """Store bytes under a name, in place of older ones; a reader sees all of them or none."""
        with self._named_errors(name):
            self._put(name, data)

    def get(self, name: str) -> bytes | None:
        """Return the bytes that are stored under a name, or ``None``."""
        with self._named_errors(name):
            return self._get(name)

    def drop(self, name: str) -> None:
        """Remove the bytes that are stored under a name, if there are any."""
        with self._named_errors(name):
            self._drop(name)

    @contextmanager
    def _named_errors(self, name: str) -> Iterator[None]:
        """Refuse a name that leads out of the store; turn every error into one that names the store."""
        if not _NAME.fullmatch(name):
            raise ArtifactError(
                f"artifacts: expected a name of letters, digits, _ - . between slashes, found {name[:80]!r}"
            )
        try:
            yield
        except ArtifactError:
            raise
        except Exception as error:  # each driver of each kind of store raises errors of its own
            reason = first_line(getattr(error, "strerror", None) or error)
            raise ArtifactError(
                f"artifacts: {self.address}: expected a store that holds {name}, found: {reason}"
            ) from error

    @abstractmethod
    def _put(self, name: str, data: bytes) -> None: ...

    @abstractmethod
    def _get(self, name: str) -> bytes | None: ...

    @abstractmethod
    def _drop(self, name: str) -> None: ...


class _Folder(ArtifactStore):
    """A folder that every machine sees.

    The folder itself is never made here: where it is missing, a share is not mounted, and no other machine
    would see the files that were written into it.
    """

    def _path(self, name: str) -> Path:
        root = Path(self.address)
        if not root.is_dir():
            raise ArtifactError(
                f"artifacts: expected a folder that every machine sees, found none at {root}; "
                "mount it, or give its place on this machine with --artifacts"
            )
        return root / name

    def _put(self, name: str, data: bytes) -> None:
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as beside:
            beside.write_bytes(data)

    def _get(self, name: str) -> bytes | None:
        try:
            return read_file(self._path(name))
        except FileNotFoundError:
            return None

    def _drop(self, name: str) -> None:
        self._path(name).unlink(missing_ok=True)


class _Remote(ArtifactStore):
    """An object store, through fsspec; an object appears when all of it has arrived."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self._files, self._root = _file_system(address)

    def _place(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def _put(self, name: str, data: bytes) -> None:
        self._files.pipe_file(self._place(name), data)

    def _get(self, name: str) -> bytes | None:
        try:
            return bytes(self._files.cat_file(self._place(name)))
        except FileNotFoundError:
            return None

    def _drop(self, name: str) -> None:
        try:
            self._files.rm_file(self._place(name))
        except FileNotFoundError:
            return


def open_artifacts(url: str, *, create: bool = False) -> ArtifactStore:
    """Return the store at an address.

    Args:
        url: A folder, as a path or ``file:`` address, or an address that fsspec knows: ``s3://``, ``gs://``...
        create: Whether to make the folder where there is none.

    Raises:
        ArtifactError: The address is malformed, has a password in it, or its driver is not installed.
    """
    address = artifacts_address(url)
    if "://" in address:
        return _Remote(address)
    store = _Folder(address)
    if create:
        try:
            Path(address).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArtifactError(
                f"artifacts: expected a folder at {address}, found: {reason_of(error)}"
            ) from error
    return store


def artifacts_folder(url: str | None) -> Path | None:
    """Return the folder that an artifact store is; ``None`` without a store, and for an object store.

    Raises:
        ArtifactError: It is no address.
    """
    address = None if url is None else artifacts_address(url)
    return None if address is None or "://" in address else Path(address)


def artifacts_address(url: str, *, base: Path | None = None) -> str:
    """Return an address as it may be kept and shown: a folder's path is absolute, and there is no secret.

    Args:
        url: The address, as a person gave it.
        base: The folder that a relative path starts from; the current one if ``None``.

    Raises:
        ArtifactError: It is no address, or has a password in it, which the message does not show.
    """
    kind, mark, rest = url.partition("://")
    is_path = not mark and url.startswith(("/", ".", "~", "file:"))
    stray = not mark and not is_path and _LIKE_A_PASSWORD.search(unquote(url))
    if ":" in rest.rpartition("@")[0] or (mark and "?" in rest) or stray:
        raise ArtifactError(
            f"{_EXPECTED}, found one with a password or options in it; every worker reads the address: "
            "give the secret to each machine as its driver expects, such as AWS_SECRET_ACCESS_KEY"
        )
    if url.startswith("~"):
        raise ArtifactError(f"{_EXPECTED}, found {url[:80]!r}{home_hint(Path(url))}, or ./~... for that name")
    if not url.strip() or "\0" in url or (mark and not (rest and re.fullmatch(r"[a-z][a-z0-9+.-]*", kind))):
        raise ArtifactError(f"{_EXPECTED}, found {url[:80]!r}")
    if mark and kind != "file":
        return url.rstrip("/")
    return os.path.abspath((base or Path()) / _local_path(url))  # noqa: PTH100 - ".." goes, links stay


def _local_path(url: str) -> str:
    if not url.startswith("file:"):
        return url
    parts = urlsplit(url)
    if parts.netloc not in {"", "localhost"}:
        raise ArtifactError(
            f"{_EXPECTED}, found a file of the machine {parts.netloc!r}; write file:///FOLDER"
        )
    return unquote(parts.path)


def _file_system(address: str) -> tuple[Any, str]:
    """Return fsspec's file system for an address, and the path in it."""
    kind = address.partition("://")[0]
    try:
        from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra
    except ImportError:
        raise ArtifactError(
            f"artifacts: {address}: expected the package fsspec, found none; {EXTRA}"
        ) from None
    try:
        files, path = url_to_fs(address)
    except ImportError as error:  # fsspec says which package: "Install s3fs to access S3"
        raise ArtifactError(f"artifacts: {address}: expected a driver for {kind}, found: {error}") from None
    except Exception as error:  # an unknown kind, no credentials: each driver has errors of its own
        raise ArtifactError(f"artifacts: {address}: expected a store, found: {first_line(error)}") from error
    return files, str(path)
