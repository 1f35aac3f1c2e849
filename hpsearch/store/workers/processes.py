"""The name of this machine, and of its processes: a name tells whether its process still lives."""

import re
import socket
from pathlib import Path

_PID = re.compile(r"[0-9]{1,18}")


def this_host() -> str:
    """Return the machine and, where there are several on one, the room in which process ids count.

    Two containers may share a host name; they never share boot and process-id namespace.
    """
    boot = _text("/proc/sys/kernel/random/boot_id")[:8]
    try:
        room = str(Path("/proc/self/ns/pid").readlink()).strip("pid:[]")
    except OSError:
        room = ""
    return "/".join(part for part in (socket.gethostname(), boot, room) if part)


def is_alive(process: str) -> bool:
    """Return whether the process lives; yes when the operating system does not say, or it is no name."""
    pid, _, started = process.partition("@")
    return not (started and _PID.fullmatch(pid)) or process_name(int(pid)) == process


def process_name(pid: int) -> str | None:
    """Return ``pid@start``, the name of a process that no later one has; ``None`` when it is gone."""
    stat = _text(f"/proc/{pid}/stat")
    fields = stat.rpartition(")")[2].split()  # the command's name may hold blanks and brackets
    if len(fields) < 20 or fields[0] in "ZX":
        return None
    return f"{pid}@{fields[19]}"


def _text(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""
