"""Files that are written whole or not at all, read without waiting, replaced only where nothing is lost."""

import errno
import hashlib
import os
import re
import secrets
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from hpsearch.errors import ExportError, reason_of
from hpsearch.signals import WATCH

STDOUT = Path("-")
_LONGEST_NAME = 100
"""Bytes of a name that a file's name keeps: a file system allows 255 in all, its endings included."""
_NEVER = frozenset('/\\:*?"<>|')
_DEVICE = re.compile(r"(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$) *(\..*)?", re.DOTALL)
_MARKED = re.compile(r".*-[0-9a-f]{12}", re.DOTALL)
_NO_READER = "a pipe that no process reads"
_SQLITE = b"SQLite format 3\0"


def read_file(path: Path, *, most: int = -1) -> bytes:
    """Return the content of a file, or its first bytes; a pipe without a writer is empty.

    Args:
        path: The file.
        most: At most so many bytes; below 0, all of them.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb", opener=without_waiting) as file:
        return file.read(most)


def expect_text(path: Path) -> None:
    """Refuse a path whose bytes are not UTF-8: no database can hold it.

    Raises:
        ValueError: The path is not UTF-8; the message says what to do.
    """
    try:
        os.fsdecode(path).encode()
        os.fsdecode(path.resolve()).encode()
    except UnicodeEncodeError:
        raise ValueError("a path that is not UTF-8, which no database can hold; rename it") from None


def home_hint(path: Path) -> str:
    """Return what to write in place of a ``~`` that no shell has read, to end a message; else nothing."""
    place = next((k for k, part in enumerate(path.parts) if part.startswith("~")), None)
    if place is None:
        return ""
    try:
        meant = f"write {Path(*path.parts[place:]).expanduser()}"
    except RuntimeError:  # there is no user of that name
        meant = "write the whole path"
    return f"; only a shell reads ~ as a home folder: {meant}"


def is_database(path: Path) -> bool:
    """Return whether a SQLite database begins here.

    Raises:
        OSError: The file is there and cannot be read.
    """
    return path.is_file() and read_file(path, most=len(_SQLITE)) == _SQLITE


def is_replaceable(path: Path) -> bool:
    """Return whether a new file may take the place of what is there: nothing, or a plain file.

    A device or a pipe is not replaced: a process of root could rename a file over ``/dev/null``.
    """
    return path.is_file() or not path.exists()


def without_waiting(path: str, flags: int) -> int:
    """Open a file, as an ``opener``: a named pipe at once, with or without a process at its other end."""
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


def file_name(name: str, ending: str) -> str:
    """Return the name of a file for what has a name of its own; no two names ever share a file.

    A name that is a good name for a file on every system is kept. Any other one is written with ``_`` in
    place of what a file name cannot hold, and with 12 digits of its SHA-256: names that differ in case alone,
    or in how a letter is composed, are one file on some systems.

    Args:
        name: The name, such as a study's.
        ending: The ending, with its dot.

    Example:
        >>> file_name("digits", ".html"), file_name("a/b", ".html")
        ('digits.html', 'a_b-c14cddc033f6.html')
    """
    if _is_kept(name):
        return f"{name}{ending}"
    text = "".join(c if c.isprintable() and c not in _NEVER else "_" for c in name)
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    begin = "_" if _DEVICE.fullmatch(text) else ""
    return f"{begin}{_cut(text).strip('. -') or '_'}-{digest}{ending}"


def _is_kept(name: str) -> bool:
    """Return whether every system takes the name as it is, and ``file_name`` makes it of no other name."""
    good = name.isprintable() and not _NEVER.intersection(name) and name == name.strip(". ")
    taken = _DEVICE.fullmatch(name) or _MARKED.fullmatch(name)
    return bool(name) and good and not taken and name == _cut(name) == _folded(name) and name[0] != "-"


def _folded(name: str) -> str:
    """Return the form that names share where a file system ignores case and the composition of letters."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).upper().lower().casefold())


def _cut(name: str) -> str:
    """Return the beginning of a name, as many whole characters as fit."""
    return name.encode("utf-8", "surrogatepass")[:_LONGEST_NAME].decode("utf-8", "ignore")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give the path of a new file beside ``path``; it takes that place when it is whole, or leaves no trace.

    It has a name that no other writer uses, so the last of several writers wins, with all of its content. The
    content is on the disk before the file gets its name. ``sync`` the folder where the name has to last, too.

    Raises:
        OSError: The file cannot be written.
    """
    beside = path.with_name(f".{_cut(path.name)}.{secrets.token_hex(8)}.part")
    WATCH.unfinished.add(beside)
    try:
        yield beside
        sync(beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
        WATCH.unfinished.discard(beside)


def sync(path: Path) -> None:
    """Wait until a file, or the list of names in a folder, is on the disk.

    Raises:
        OSError: It is not there, or the disk has no room for it.
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Give a file to write; it takes the place of ``path`` when it is whole, or leaves no trace.

    What is not a file, such as a pipe or ``/dev/null``, is written to as it is; ``-`` is standard output.

    Raises:
        ExportError: The file cannot be written, or is a database.
    """
    if path == STDOUT:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        yield sys.stdout
        return
    target = Path(os.path.realpath(path))
    try:
        if is_database(target):
            raise ExportError(f"{path}: expected a file that may be replaced, found a database; name another")
        if not is_replaceable(target):
            with open(target, "w", encoding="utf-8", newline="", opener=without_waiting) as file:
                yield file
            return
        with whole_file(target) as beside, beside.open("x", encoding="utf-8", newline="") as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = _NO_READER if error.errno == errno.ENXIO else reason_of(error)
        hint = home_hint(path) if error.errno == errno.ENOENT else ""
        raise ExportError(f"{path}: expected a file that can be written, found: {reason}{hint}") from error


def write_new(path: Path, text: str) -> bool:
    """Write a text file that is not there yet, whole or not at all; return whether it was written.

    One that has this very content stays as it is, and so may be written again and again.

    Raises:
        ExportError: There is another file, or none can be written.
    """
    try:
        if read_file(path) == text.encode():
            return False
    except FileNotFoundError:
        with replacing(path) as file:
            file.write(text)
        return True
    except (OSError, ValueError) as error:
        raise ExportError(f"{path}: expected a place for a new file, found: {reason_of(error)}") from None
    raise ExportError(f"{path}: expected no file there, found another one; remove it, or name another place")
