"""Passwords are shown neither in the list of processes nor in a message that repeats an argument."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from json import dumps
from pathlib import Path
from shlex import quote
from urllib.parse import unquote

_PROCESS = Path("/proc/self")
_ARGUMENTS_BEGIN = 48
"""The field of ``/proc/self/stat``, counted from 1, that says where the arguments begin in memory."""

_SETTINGS = ("HPSEARCH_STORAGE", "HPSEARCH_NOTIFY", "HPSEARCH_ADDRESS", "HPSEARCH_ARTIFACTS")
"""Variables that may hold an address with a password."""

_SHORT = 6
"""A password of fewer characters may be a piece of a word: it is looked for in its surroundings alone."""

_COMMON = ("hpsearch", "password", "postgres", "postgresql", "psycopg", "sqlite", "storage")
"""Words of our own messages, which are taken for passwords, too: hidden in their surroundings alone."""

_WORDS = "(?:ssl)?password|passwd|passphrase|pwd"
_PATTERNS = (
    r"(?<=://)[^:/@]*:(.*)@",  # scheme://user:password@host
    r"(?<=://)[^:/?@]+[/;,](.*)@",  # scheme://user/password@host
    r"^(?!.*://)[^:@]*:(.*)@",  # user:password@host
    r"%3a(.*)(?:@|%40)",  # user%3Apassword%40host
    rf"[?&](?:{_WORDS})=(.+?)(?=&[a-z_]+=|$)",  # ...?password=...
    rf"(?:^|[-\s=;,'\"])(?:{_WORDS})\s*=\s*(.+)",  # host=... password=...
    rf"(?:{_WORDS})%3d(.+)",  # ...%3Fpassword%3D...
)
"""What comes before a password, and after it.

A password that should have been quoted may hold anything. It ends at the last @ of its argument, at the next
option, or with the argument; what is in doubt is hidden.
"""
_HINT = re.compile(f"@|%40|{_WORDS}|notify|token", re.IGNORECASE)
_known: dict[str, str] = {}


def hide_passwords() -> None:
    """Overwrite the passwords among this process's own arguments, where the system lets it; remember them.

    ``sys.argv`` keeps them: it is a copy. Between the start of the process and this call they can be seen.
    """
    for setting in _SETTINGS:
        _remember(os.environ.get(setting, ""), f"--{setting.rpartition('_')[2].lower()}")
    for before, argument in pairwise(["", *sys.argv]):
        _remember(argument, before)
    with suppress(OSError, ValueError, IndexError):  # not Linux, or a system that forbids it
        arguments = (_PROCESS / "cmdline").read_bytes().decode("latin-1").split("\0")
        spans, begin = [], 0
        for before, argument in pairwise(["", *arguments]):
            spans += [(begin + first, begin + last) for first, last in _spans(argument, before)]
            begin += len(argument) + 1
        if spans:
            _overwrite(_begin(), spans)


def without_passwords(text: str) -> str:
    """Return a text without the passwords that this process was called with."""
    for secret, shown in _known.items():
        text = text.replace(secret, shown)
    return text


def _spans(argument: str, before: str) -> list[tuple[int, int]]:
    """Return where the passwords of an argument are, apart from each other; ``before`` precedes it."""
    found = []
    if _HINT.search(argument) or _HINT.search(before):
        of_option, patterns = _compiled()
        name, _, value = argument.partition("=")
        value = argument if of_option.fullmatch(before) else value if of_option.fullmatch(name) else ""
        found.append((len(argument) - len(value.partition("://")[2] or value), len(argument)))
        found += [match.span(1) for pattern in patterns for match in pattern.finditer(argument)]
    spans: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(last, spans[-1][1]))
        elif first < last:
            spans.append((first, last))
    return spans


@cache
def _compiled() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    flags = re.IGNORECASE | re.DOTALL
    # The address of a chat's incoming messages is a secret by itself, because it lets its holder write there.
    option = re.compile(rf"--?(?:notify|token|{_WORDS})", flags)
    return option, tuple(re.compile(pattern, flags) for pattern in _PATTERNS)


def _remember(argument: str, before: str) -> None:
    """Note the passwords of an argument in every way in which a message may write them."""
    if not (spans := _spans(argument, before)):
        return
    shown, end = "", 0
    for first, last in spans:
        shown += argument[end:first] + "***"
        end = last
    shown += argument[end:]
    found = {argument: shown}
    if argument.startswith("-"):  # a message repeats what stands behind an option's name
        found[argument.partition("=")[2]] = shown.partition("=")[2]
    for first, last in spans:
        secret = argument[first:last]
        if first > 0 and last < len(argument):
            found[argument[first - 1 : last + 1]] = f"{argument[first - 1]}***{argument[last]}"
        # A host, or the user's name as its password, is shown anyway.
        pieces = (secret,) if "notify" in f"{before}{argument[:first]}" else _pieces(secret)
        found |= {piece: "***" for piece in pieces if piece.lower() not in shown.lower()}
    known = _known | {form: mark for text, mark in found.items() for form in _forms(text)}
    _known.clear()
    _known.update(sorted(known.items(), key=lambda item: -len(item[0])))


def _pieces(secret: str) -> Iterator[str]:
    """Yield a password and its parts that are too long to be met by chance, or are part of every message."""
    for piece in (secret, *re.split(r"[@:/?#&=\s]+", secret)):
        if len(piece) >= _SHORT and piece.lower() not in _COMMON:
            yield piece


def _forms(text: str) -> Iterator[str]:
    """Yield the ways in which a message may write a text; none of an empty one."""
    ways = (text, unquote(text), " ".join(text.split()), str(Path(text.replace("\0", ""))))
    for way in ways if text.strip() else ():
        yield from (way, repr(way)[1:-1], dumps(way)[1:-1], quote(way))


def _begin() -> int:
    # The name of the program, in parentheses, may hold blanks and parentheses itself.
    fields = (_PROCESS / "stat").read_text().rpartition(")")[2].split()
    return int(fields[_ARGUMENTS_BEGIN - 3])


def _overwrite(begin: int, spans: Sequence[tuple[int, int]]) -> None:
    with (_PROCESS / "mem").open("r+b", buffering=0) as memory:
        for first, last in spans:
            memory.seek(begin + first)
            memory.write(b"*" * (last - first))
