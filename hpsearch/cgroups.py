"""The share of a machine that a process may use: cores, tasks and memory, as its control groups allow.

A container, a scheduler's job or a service of systemd is a control group of the kernel: what the machine has
in all says nothing of what is left there. Both versions of the kernel's files are read.
"""

import math
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_UNLIMITED = 2**60
"""From here on a number is how version 1 writes that there is no limit."""


def usable_cores(proc: Path = Path("/proc/self")) -> int:
    """Return the cores that this process may use: at least 1, at most what the machine has.

    Args:
        proc: Where the kernel describes this process.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    quotas = (_quota(folder) for folder in _folders("cpu", proc))
    return max(1, min([allowed, *(math.ceil(quota) for quota in quotas if quota is not None)]))


def most_tasks(proc: Path = Path("/proc/self")) -> tuple[int, int] | None:
    """Return the nearest limit of processes and threads, and how many there are; ``None`` without one."""
    found = []
    for folder in _folders("pids", proc):
        limit, there = _number(folder / "pids.max"), _number(folder / "pids.current")
        if limit is not None and there is not None:
            found.append((limit, there))
    return min(found, key=lambda pair: pair[0] - pair[1], default=None)


def most_memory(proc: Path = Path("/proc/self")) -> int | None:
    """Return the bytes that this process and its group may hold; ``None`` without a limit."""
    files = ("memory.max", "memory.limit_in_bytes")
    found = (_number(folder / file) for folder in _folders("memory", proc) for file in files)
    return min((limit for limit in found if limit is not None and limit < _UNLIMITED), default=None)


def _quota(folder: Path) -> float | None:
    """Return the seconds of a core that a group may use in a second."""
    of_two = _words(folder / "cpu.max")
    pair = (
        of_two
        if len(of_two) == 2
        else _words(folder / "cpu.cfs_quota_us") + _words(folder / "cpu.cfs_period_us")
    )
    if len(pair) != 2 or not all(word.isdigit() for word in pair) or int(pair[1]) == 0:
        return None  # "max", or -1
    return int(pair[0]) / int(pair[1])


def _number(file: Path) -> int | None:
    words = _words(file)
    return int(words[0]) if len(words) == 1 and words[0].isdigit() else None


def _words(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="ascii").split()
    except (OSError, ValueError):  # there is no such limit here
        return []


def _folders(controller: str, proc: Path) -> Iterator[Path]:
    """Yield the folder of this process's group for a controller, then the folders of the groups around it."""
    mounts = [_mount(line) for line in _lines(proc / "mountinfo")]
    for line in _lines(proc / "cgroup"):
        _, names, group = line.split(":", 2)
        if names and controller not in names.split(","):
            continue
        for kind, options, root, place in mounts:
            if kind != ("cgroup" if names else "cgroup2") or (names and controller not in options):
                continue
            # In a namespace of its own a group may lie outside of what is mounted: its top is all there is.
            inside = PurePosixPath(group)
            parts = inside.relative_to(root).parts if inside.is_relative_to(root) else ()
            for n in range(len(parts), -1, -1):
                yield Path(place, *parts[:n])


def _mount(line: str) -> tuple[str, list[str], str, str]:
    """Return kind, options, root and place of a file system, from its line in ``mountinfo``."""
    before, _, after = line.partition(" - ")
    (_, _, _, root, place, *_), (kind, _, options, *_) = before.split(" "), after.split(" ")
    return kind, options.split(","), _unescaped(root), _unescaped(place)


def _unescaped(path: str) -> str:
    """Return a path of ``mountinfo`` as it is: blanks and backslashes are written in octal there."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:  # not Linux, or nothing is shown here
        return []
