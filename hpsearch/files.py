"""Files that people name: read without waiting for anybody, replaced only where nothing else is lost."""

import os
from pathlib import Path

_SQLITE = b"SQLite format 3\0"


def read_file(path: Path, *, most: int = -1) -> bytes:
    """Return what a file holds, or its first bytes; a pipe that nobody writes to holds nothing.

    Args:
        path: The file.
        most: At most so many bytes; below 0, all of them.

    Raises:
        OSError: It cannot be read.
    """
    with open(path, "rb", opener=without_waiting) as file:
        return file.read(most)


def is_database(path: Path) -> bool:
    """Return whether a SQLite database begins here.

    Raises:
        OSError: The file is there and cannot be read.
    """
    return path.is_file() and read_file(path, most=len(_SQLITE)) == _SQLITE


def is_replaceable(path: Path) -> bool:
    """Return whether a new file may take the place of what is there: nothing, or a plain file.

    A device or a pipe is somebody else's door: root alone could rename over ``/dev/null``, and would.
    """
    return path.is_file() or not path.exists()


def without_waiting(path: str, flags: int) -> int:
    """Open a file, as an ``opener``: a named pipe at once, whoever may be at its other end."""
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor
