"""A ZIP archive with a manifest of sizes and SHA-256: written by pieces, checked before it is read."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from hpsearch.errors import BundleError, StudyFileError, reason_of
from hpsearch.files import home_hint
from hpsearch.memory import PER_JSON_BYTE, memory_limit

MANIFEST = "manifest.json"
PIECE = 2**20
"""Bytes that are read at a time."""

_SMALL = 2**20
_UNSUSPICIOUS = 64 * 2**20
_MOST_TIMES = 200
"""A member of more than 64 MiB that is so many times as large as what is stored of it is a bomb."""
_BEGAN = (1980, 1, 1, 0, 0, 0)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # an unknown compression
    RuntimeError,  # a member that is encrypted
)
_SENSELESS = (AttributeError, IndexError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
"""Errors of reading content that is not a study."""


class ArchiveWriter:
    """An archive that is being written; it is whole when its manifest is.

    The same content gives the same bytes: no time and no name of this machine is in it.

    Args:
        file: Where to; what is in it is overwritten.
    """

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0)
        file.truncate()
        self._archive = zipfile.ZipFile(file, "w")
        self._members: dict[str, dict[str, object]] = {}

    def close(self) -> None:
        """Write the list of its members."""
        self._archive.close()

    def add(self, name: str, pieces: Iterable[bytes], *, compress: bool = True) -> int:
        """Write a member; return the number of its pieces."""
        info = zipfile.ZipInfo(name, _BEGAN)
        info.compress_type = zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED
        digest, n_bytes, n_pieces = hashlib.sha256(), 0, 0
        with self._archive.open(info, "w", force_zip64=True) as member:
            for piece in pieces:
                member.write(piece)
                digest.update(piece)
                n_bytes += len(piece)
                n_pieces += 1
        self._members[name] = {"bytes": n_bytes, "sha256": digest.hexdigest()}
        return n_pieces

    def seal(self, manifest: Mapping[str, object]) -> None:
        """Write the manifest, with size and SHA-256 of every member."""
        members = dict(self._members)
        self.add(MANIFEST, [to_json({**manifest, "members": members}, indent=1)])


@contextmanager
def understood(path: Path) -> Iterator[None]:
    """Turn every error of reading a file that is no bundle, or a damaged one, into a ``BundleError``."""
    try:
        yield
    except BundleError as error:
        raise BundleError(f"{path}: {error}") from error
    except StudyFileError as error:
        raise BundleError(f"{path}: expected a study, found: {error}") from error
    except OSError as error:
        raise BundleError(f"{path}: expected a bundle, found: {reason_of(error)}{home_hint(path)}") from error
    except _SENSELESS as error:
        found = f"{type(error).__name__}: {error}".partition("\n")[0]
        raise BundleError(f"{path}: expected a study, found what cannot be one: {found}") from error
    except _DAMAGE as error:
        raise BundleError(
            f"{path}: expected a whole bundle, found damage: {error}; copy or export it again"
        ) from error


def open_archive(path: Path) -> zipfile.ZipFile:
    """Return an archive to be read.

    Raises:
        BundleError: It is none.
    """
    if path.exists() and not path.is_file() and not path.is_dir():  # it has no end, or cannot be read twice
        raise BundleError(f"expected a bundle, found a {'pipe' if path.is_fifo() else 'device'}")
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BundleError("expected a bundle, found another file or a part of one") from error


def read_manifest(archive: zipfile.ZipFile) -> Mapping[str, Any]:
    """Return the manifest of an archive; an archive without one is no bundle.

    Raises:
        BundleError: There is none.
    """
    if MANIFEST not in archive.namelist():
        raise BundleError("expected a bundle, found an archive of something else")
    with archive.open(MANIFEST) as file:
        return dict(json.loads(file.read(_SMALL)))


def expect_sound(archive: zipfile.ZipFile, manifest: Mapping[str, Any]) -> None:
    """Refuse an archive that is not, member for member and byte for byte, what its manifest says.

    Raises:
        BundleError: Names the member, what was expected and what was found.
    """
    found = sorted(archive.namelist())
    if found != sorted([MANIFEST, *manifest["members"]]):
        raise BundleError(f"expected the members of its manifest, found {', '.join(found[:5])}")
    for name, expected in manifest["members"].items():
        info = archive.getinfo(name)
        swollen = info.file_size > _MOST_TIMES * info.compress_size and info.file_size > _UNSUSPICIOUS
        if name.endswith(".json"):  # it is read in one piece; the others are read line by line
            memory_limit().expect(
                PER_JSON_BYTE * info.file_size,
                where=name,
                found=f"{info.file_size:,} bytes of JSON",
                error=BundleError,
            )
        if swollen or info.file_size != expected["bytes"]:
            raise BundleError(f"{name}: expected {expected['bytes']} bytes, found {info.file_size}")
        with archive.open(info) as file:
            if sha256(file) != expected["sha256"]:
                raise BundleError(f"{name}: expected the bytes that were written, found others")


def to_json(document: object, *, indent: int | None = None) -> bytes:
    """Return a document as strict JSON, its keys in their order."""
    return json.dumps(document, allow_nan=False, indent=indent).encode()


def sha256(file: IO[bytes]) -> str:
    """Return the SHA-256 of what is left to read of a file."""
    digest = hashlib.sha256()
    while piece := file.read(PIECE):
        digest.update(piece)
    return digest.hexdigest()
