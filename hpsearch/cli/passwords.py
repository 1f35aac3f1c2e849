"""Passwords are removed from the list of processes: ``ps`` shows every user the arguments of a command."""

import re
from contextlib import suppress
from pathlib import Path

_PROCESS = Path("/proc/self")
_ARGUMENTS_BEGIN = 48
"""The field of ``/proc/self/stat``, counted from 1, that says where the arguments begin in memory."""

# From the first colon after the user's name to the last @: a password that should have been quoted may hold
# both. An address may also hold ?password=... And the address of a chat's incoming messages is a secret by
# itself, because it lets its holder write there: of the value of --notify only the scheme is left.
_PASSWORDS = re.compile(
    rb"--notify[=\0][^:\0]*://([^\0]*)|(?<=://)[^:/@\0]*:([^\0]*)@|[?&](?:ssl)?password=([^&\0]+)"
)


def hide_passwords() -> None:
    """Overwrite the passwords of addresses among this process's own arguments, where the system lets it.

    ``sys.argv`` keeps them: it is a copy. Between the start of the process and this call they can be seen.
    """
    with suppress(OSError, ValueError, IndexError):  # not Linux, or a system that forbids it
        arguments = (_PROCESS / "cmdline").read_bytes()
        spans = [span for match in _PASSWORDS.finditer(arguments) for span in match.regs[1:] if span[0] >= 0]
        if spans:
            _overwrite(_begin(), spans)


def _begin() -> int:
    # The name of the program, in parentheses, may hold blanks and parentheses itself.
    fields = (_PROCESS / "stat").read_text().rpartition(")")[2].split()
    return int(fields[_ARGUMENTS_BEGIN - 3])


def _overwrite(begin: int, spans: list[tuple[int, int]]) -> None:
    with (_PROCESS / "mem").open("r+b", buffering=0) as memory:
        for first, last in spans:
            memory.seek(begin + first)
            memory.write(b"*" * (last - first))
