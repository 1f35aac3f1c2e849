"""The processes that a test has started."""

import os
from contextlib import suppress
from pathlib import Path


def children(pid=None):
    """Return the living processes below a process, the nearest first."""
    found, parents = [], {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, parent = stat.read_text().rpartition(")")[2].split()[:2]
            if state not in "ZX":
                parents.setdefault(int(parent), []).append(int(stat.parent.name))
    waiting = [pid or os.getpid()]
    while waiting:
        below = [one for one in parents.get(waiting.pop(0), []) if _is_ours(one)]
        found += below
        waiting += below
    return found


def _is_ours(pid):
    """Return whether a process evaluates a trial: pytest has helpers of its own."""
    with suppress(OSError):
        return "HPSEARCH_UNDER_TEST" in Path(f"/proc/{pid}/environ").read_text(errors="replace")
    return False


def alive(pid):
    """Return whether a process lives: one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False
