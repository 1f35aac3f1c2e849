"""The memory that a group of processes takes."""

import os
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
"""Where Linux describes its processes."""


def group_bytes(group: int) -> int | None:
    """Return the memory that the processes of a group hold together, in bytes.

    ``None`` where the system does not tell.

    Args:
        group: The id of the group.
    """
    if not PROC.is_dir():
        return None
    page, total = os.sysconf("SC_PAGE_SIZE"), 0
    for entry in os.scandir(PROC):
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                fields = Path(entry.path, "stat").read_bytes().rpartition(b")")[2].split()
                if int(fields[2]) == group:
                    total += int(fields[21]) * page
    return total
