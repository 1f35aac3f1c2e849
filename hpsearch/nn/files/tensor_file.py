"""A ``.safetensors`` file of arrays and a JSON card, with a digest that shows every change."""

import json
import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import safetensors
import safetensors.numpy
from numpy.typing import NDArray

from hpsearch.errors import HpsearchError
from hpsearch.files import home_hint, is_database, is_replaceable, sync, whole_file
from hpsearch.memory import PER_JSON_BYTE, memory_limit, read_within
from hpsearch.types import Json

VERSION = 1
"""Of the card's format; a file of another version is refused."""

BLANK = "0" * 64
"""The placeholder of the digest while the digest is calculated."""


class ModelFileError(HpsearchError):
    """A file is missing, damaged, of another version or not what was saved: save it again."""


class TensorFile(NamedTuple):
    """The content of a file.

    Attributes:
        card: The description of the arrays.
        tensors: The arrays by name.
    """

    card: dict[str, Any]
    tensors: dict[str, NDArray[Any]]


def write_tensors(
    path: str | os.PathLike[str], tensors: Mapping[str, NDArray[Any]], *, kind: str, card: Mapping[str, Json]
) -> None:
    """Write arrays and their card to a file: the whole file, or nothing.

    The bytes go to a file beside ``path``, to the disk, and then under its name.

    Args:
        path: The file; an existing one is replaced.
        tensors: Arrays by name, of any shape, in C order.
        kind: The kind of file, a word.
        card: The description of the arrays; plain JSON.

    Raises:
        ModelFileError: The file cannot be written.
    """
    content = pack_tensors(tensors, kind=kind, card=card)
    try:
        _write_whole(Path(os.path.realpath(path)), content)
    except OSError as error:
        raise ModelFileError(f"{path}: cannot be written: {error.strerror}{_home(error, path)}") from error


def _home(error: OSError, path: str | os.PathLike[str]) -> str:
    return home_hint(Path(path)) if isinstance(error, FileNotFoundError) else ""


def pack_tensors(tensors: Mapping[str, NDArray[Any]], *, kind: str, card: Mapping[str, Json]) -> bytes:
    """Return arrays and their card as the bytes of a file.

    The metadata hold their SHA-256, calculated with zeros in its own place, so a change of any byte shows.

    Args:
        tensors: Arrays by name, of any shape, in C order.
        kind: The kind of file, a word.
        card: The description of the arrays; plain JSON.
    """
    text = json.dumps({"kind": kind, "version": VERSION, **card}, allow_nan=False, sort_keys=True)
    blank = safetensors.numpy.save(dict(tensors), metadata={"card": text, "sha256": BLANK})
    digest = sha256(blank).hexdigest()
    return blank.replace(_digest_field(BLANK), _digest_field(digest), 1)


def read_tensors(path: str | os.PathLike[str], *, kind: str) -> TensorFile:
    """Read a file that ``write_tensors`` wrote; nothing in a file is ever run.

    Args:
        path: The file.
        kind: The expected kind of file.

    Raises:
        ModelFileError: The file is missing, too large, cut short, altered, of another version or kind.
    """
    try:
        content = read_within(Path(path), limit=memory_limit(), error=ModelFileError)
    except OSError as error:
        why = f"{error.strerror}{_home(error, path)}"
        raise ModelFileError(f"{path}: expected a saved {kind}, found none: {why}") from error
    except ValueError as error:
        raise ModelFileError(f"{path}: expected a saved {kind}, found {error}") from error
    return unpack_tensors(content, kind=kind, source=path)


def unpack_tensors(content: bytes, *, kind: str, source: str | os.PathLike[str]) -> TensorFile:
    """Return the content of the bytes that ``pack_tensors`` returned.

    Args:
        content: The bytes.
        kind: The expected kind of file.
        source: The origin of the bytes, for messages.

    Raises:
        ModelFileError: They are cut short, altered, of another version, of another kind, or too large.
    """
    head = int.from_bytes(content[:8], "little")
    if head <= len(content):
        # The card is text in the head. The bytes, their copy for the digest and the tensors are held at once.
        memory_limit().expect(
            3 * len(content) + PER_JSON_BYTE * head,
            where=str(source),
            found=f"{len(content):,} bytes with a card of {head:,}",
            error=ModelFileError,
        )
    metadata = _metadata(source, content, kind)
    card = _card(source, metadata["card"], kind)
    field = _digest_field(metadata["sha256"])
    if sha256(content.replace(field, _digest_field(BLANK), 1)).hexdigest() != metadata["sha256"]:
        raise ModelFileError(
            f"{source}: expected the bytes that were saved, found others; save the {kind} again"
        )
    try:
        tensors = safetensors.numpy.load(content)
    except safetensors.SafetensorError as error:
        raise ModelFileError(
            f"{source}: expected whole tensors, found {error}; save the {kind} again"
        ) from error
    return TensorFile(card=card, tensors=tensors)


def _digest_field(digest: str) -> bytes:
    return f'"sha256":"{digest}"'.encode()


def _metadata(path: str | os.PathLike[str], content: bytes, kind: str) -> dict[str, str]:
    """Return the metadata ``card`` and ``sha256`` of a safetensors file: 8 bytes of length, then JSON."""
    end = 8 + int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8:end]) if 8 < end <= len(content) else None
    except (ValueError, RecursionError):
        header = None
    if not isinstance(header, dict):
        raise ModelFileError(
            f"{path}: expected a .safetensors file, found something else or a part of one, "
            f"{len(content)} bytes; save the {kind} again"
        )
    metadata = header.get("__metadata__")
    if not isinstance(metadata, dict) or not all(
        isinstance(metadata.get(k), str) for k in ("card", "sha256")
    ):
        raise ModelFileError(f"{path}: expected a {kind} saved by hpsearch, found tensors without its card")
    return metadata


def _card(path: str | os.PathLike[str], text: str, kind: str) -> dict[str, Any]:
    try:
        card = json.loads(text)
    except (ValueError, RecursionError):
        card = None
    if not isinstance(card, dict) or card.get("kind") != kind:
        found = card.get("kind") if isinstance(card, dict) else "an unreadable card"
        raise ModelFileError(f"{path}: expected a saved {kind}, found {found!r}")
    if card.get("version") != VERSION:
        raise ModelFileError(
            f"{path}: expected format version {VERSION}, found {card.get('version')!r}; "
            f"read it with the hpsearch that saved it, or save the {kind} again"
        )
    return card


def _write_whole(path: Path, content: bytes) -> None:
    if not is_replaceable(path) or is_database(path):
        raise ModelFileError(f"{path}: expected a file to write, found something else; name another place")
    with whole_file(path) as beside:
        beside.write_bytes(content)
    sync(path.parent)
