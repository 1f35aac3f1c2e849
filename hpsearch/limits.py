"""The limits that the system sets a process: which of them an error comes from, and what lifts it."""

import errno
import math
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path

from hpsearch.errors import HpsearchError

FILES, FILES_PER_WORKER = 36, 4
"""Files that a launcher and its server hold open, measured as 30, and more of them for each worker."""
SPACE = 640 * 2**20
"""Bytes of address space that a process needs for NumPy and its BLAS: a launcher reaches 400 MiB."""
TASKS, TASKS_PER_WORKER = 8, 6
"""Processes and threads of a launcher and its server, and of a worker."""
_MANY = 10_000
"""Under a higher limit of processes nothing is counted."""
_LONGEST_PLACE = 74
"""Bytes of the folder for temporary files: the name of a socket in it ends after 107."""
_SYSTEM = (
    (errno.EMFILE, resource.RLIMIT_NOFILE, 1, "open files (ulimit -n)"),
    (errno.EAGAIN, resource.RLIMIT_NPROC, 1, "processes and threads of a user (ulimit -u)"),
    (errno.ENOMEM, resource.RLIMIT_AS, 1024, "KiB of address space (ulimit -v)"),
    (errno.EFBIG, resource.RLIMIT_FSIZE, 1024, "KiB of a file (ulimit -f)"),
)
"""Error -> the limit that it comes from, the bytes of its unit, and its name in a message."""
_SIGNS = {
    errno.EMFILE: ("too many open files", "unable to open database file"),
    errno.EAGAIN: ("can't start new thread", "resource temporarily unavailable"),
    errno.ENOMEM: ("cannot allocate memory", "out of memory", "failed to map segment"),
    errno.EFBIG: ("file too large", "disk is full", "disk i/o error"),
}
"""Error -> what libraries write where they do not hand its number on, in lower case."""


GROUPS, MINE = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
"""Where Linux shows the control groups, and the names of the groups that hold this process."""


class LimitError(HpsearchError):
    """A limit of the system is too low for what was asked: raise it, or ask for less."""


def expect_limits(*, workers: int) -> None:
    """Refuse to start processes that the limits of this one, which they inherit, would end half-way.

    Args:
        workers: How many are to run at once.

    Raises:
        LimitError: Names the limit, what is needed, and what there is.
    """
    needs = {
        errno.EMFILE: FILES + FILES_PER_WORKER * workers,
        errno.EAGAIN: 0,
        errno.ENOMEM: SPACE // 1024,
    }
    for number, limit, unit, name in _SYSTEM:
        found = _soft(limit)
        if found is None:
            continue
        if number == errno.EAGAIN and os.getuid() != 0:  # it does not hold for root
            needs[number] = _tasks() + TASKS + TASKS_PER_WORKER * workers if found < _MANY else 0
        if found < needs.get(number, 0) * unit:
            raise LimitError(
                f"this machine: expected a limit of at least {needs[number]:,} {name} for {_n(workers)}, "
                f"found {found // unit:,}; raise it, or take fewer workers"
            )
    _expect_places()


def usable_cores(*, groups: Path = GROUPS, mine: Path = MINE) -> int:
    """Return how many cores this process may use: its affinity, and the quota of its control groups.

    A container that may use two of 64 cores sees all of them; with 64 workers each would get 1/32 of a core.

    Args:
        groups: The folder of the control groups.
        mine: The file that names the groups of this process.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([cores, *(math.ceil(quota) for quota in _quotas(groups, mine))]))


def _quotas(groups: Path, mine: Path) -> Iterator[float]:
    """Yield each quota over a process, in cores: of its groups and of all above them, in both versions."""
    for line in _words(mine, "\n"):
        version, _, rest = line.partition(":")
        kinds, _, path = rest.partition(":")
        if version != "0" and "cpu" not in kinds.split(","):
            continue
        # A container may be shown its own group as the root, under the path that the machine knows.
        for root in (groups,) if version == "0" else (groups / kinds, groups / "cpu"):
            place = Path(path.lstrip("/"))
            for folder in (place, *place.parents):
                found = (
                    _words(root / folder / "cpu.max", " ")
                    if version == "0"
                    else [
                        *_words(root / folder / "cpu.cfs_quota_us", " "),
                        *_words(root / folder / "cpu.cfs_period_us", " "),
                    ]
                )
                if len(found) == 2 and all(word.isdecimal() and int(word) for word in found):
                    yield int(found[0]) / int(found[1])


def _words(path: Path, between: str) -> list[str]:
    try:
        return path.read_text().strip().split(between)
    except OSError:
        return []


def limit_behind(error: BaseException) -> str | None:
    """Return what names the limit that an error comes from, and what to do; ``None`` where it is none."""
    if _folder_is_gone():
        return "the current folder has been deleted: change to another one"
    for cause in _causes(error):
        number, text = getattr(cause, "errno", None), str(cause).lower()
        if isinstance(cause, MemoryError):
            number = errno.ENOMEM
        for known, limit, unit, name in _SYSTEM:
            found = _soft(limit)
            if number == known or any(sign in text for sign in _SIGNS[known]):
                if found is not None:
                    return f"the limit is {found // unit:,} {name}: raise it"
                if known == errno.ENOMEM:
                    return "this machine has too little memory free: end other programs, or ask for less"
    return None


def _n(workers: int) -> str:
    return f"{workers} worker{'s' if workers > 1 else ''}"


def _soft(limit: int) -> int | None:
    found = resource.getrlimit(limit)[0]
    return None if found == resource.RLIM_INFINITY else found


def _tasks() -> int:
    """Return the processes and threads of this user."""
    mine, count = os.getuid(), 0
    for tasks in Path("/proc").glob("[0-9]*/task"):
        try:
            count += len(list(tasks.iterdir())) if tasks.stat().st_uid == mine else 0
        except OSError:  # it has ended
            continue
    return count


def _expect_places() -> None:
    try:
        place = os.fsencode(tempfile.gettempdir())
    except FileNotFoundError:
        raise LimitError(
            "this machine: expected a folder for temporary files that can be written, found none; set TMPDIR"
        ) from None
    if len(place) > _LONGEST_PLACE:
        raise LimitError(
            f"TMPDIR: expected a path of at most {_LONGEST_PLACE} bytes, because sockets are made there, "
            f"found {len(place)}; set it to a shorter one"
        )


def _folder_is_gone() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - what is asked is whether there is one
    except FileNotFoundError:
        return True
    return False


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
