"""The limits that the system sets a process: which of them an error comes from, and what lifts it."""

import errno
import os
import resource
import tempfile
from collections.abc import Iterator
from multiprocessing import current_process
from pathlib import Path

from hpsearch.cgroups import most_memory, most_tasks
from hpsearch.errors import HpsearchError

FILES, FILES_PER_WORKER = 36, 4
"""Files that a launcher and its server hold open, measured as 30, and more of them for each worker."""
SPACE = 640 * 2**20
"""Bytes of address space that a process needs for NumPy and its BLAS: a launcher reaches 400 MiB."""
TASKS, TASKS_PER_WORKER = 8, 6
"""Processes and threads of a launcher and its server, and of a worker."""
MEMORY, MEMORY_PER_WORKER = 110 * 2**20, 30 * 2**20
"""Bytes of memory of a launcher and its server, and of a worker: with less the kernel kills one of them.

Measured on a search of digits: 1 worker ends well with 140 MiB and is killed with 120, 4 with 240 and 220.
"""
_TASKS_OF_GROUP = "processes and threads (pids.max of the control group)"
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


class LimitError(HpsearchError):
    """A limit of the system is too low for what was asked: raise it, or ask for less."""


def expect_limits(*, workers: int) -> None:
    """Refuse to start workers that the limits of this process, which they inherit, would end.

    Args:
        workers: How many are to run at once.

    Raises:
        LimitError: Names the limit, what is needed, and what there is.
    """
    if current_process().daemon:
        raise LimitError(
            "expected a process that may have processes of its own, found a daemon of multiprocessing "
            "such as one of its Pool; start the search outside of it, or in a ProcessPoolExecutor"
        )
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
                f"found {found // unit:,}; {_more(workers)}"
            )
    _expect_group(workers)
    _expect_places()


def limit_behind(error: BaseException) -> str | None:
    """Return a text that names the limit behind an error, and what to do; ``None`` without a limit."""
    if _folder_is_gone():
        return "the current folder has been deleted: change to another one"
    for cause in _causes(error):
        number, text = getattr(cause, "errno", None), str(cause).lower()
        if isinstance(cause, MemoryError):
            number = errno.ENOMEM
        for known, limit, unit, name in _SYSTEM:
            found = _soft(limit)
            if number == known or any(sign in text for sign in _SIGNS[known]):
                if known == errno.EAGAIN and (tasks := most_tasks()) and (found is None or tasks[0] < found):
                    return f"the limit is {tasks[0]:,} {_TASKS_OF_GROUP}: raise it"
                if found is not None:
                    return f"the limit is {found // unit:,} {name}: raise it"
                if known == errno.ENOMEM:
                    return "this machine has too little memory free: end other programs, or ask for less"
    return None


def _expect_group(workers: int) -> None:
    needed = TASKS + TASKS_PER_WORKER * workers
    if (tasks := most_tasks()) and tasks[0] - tasks[1] < needed:
        raise LimitError(
            f"this machine: expected room for at least {needed} {_TASKS_OF_GROUP} for {_n(workers)}, "
            f"found {max(0, tasks[0] - tasks[1]):,} of {tasks[0]:,}; {_more(workers)}"
        )
    needed = MEMORY + MEMORY_PER_WORKER * workers
    if (memory := most_memory()) is not None and memory < needed:
        raise LimitError(
            f"this machine: expected at least {needed // 2**20} MiB of memory (limit of the control group) "
            f"for {_n(workers)}, found {memory // 2**20:,} MiB; {_more(workers)}"
        )


def _n(workers: int) -> str:
    return f"{workers} worker{'s' if workers > 1 else ''}"


def _more(workers: int) -> str:
    """Return what to do about a limit; there are no fewer workers than one."""
    return "raise it, or take fewer workers" if workers > 1 else "raise it"


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
    seen: set[int] = set()
    while error is not None and id(error) not in seen:  # an error may be its own cause
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
