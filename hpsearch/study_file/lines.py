"""The line and the column of each key of a TOML text, which ``tomllib`` does not return."""

import re
import tomllib
from collections.abc import Iterator
from itertools import count

from hpsearch.space.checks import key_path, key_text

_GAP = re.compile(r"(?:[ \t\r\n]|\#[^\n]*)*")
_BLANK = re.compile(r"[ \t]*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+ | "(?:[^"\\]|\\.)*" | '[^']*'""", re.VERBOSE)
_STRING = re.compile(
    r'''
    """(?:[^\\]|\\.)*?"{3,5} | \'\'\'.*?\'{3,5}     # up to two more quotes belong to the text
    | "(?:[^"\\]|\\.)*" | '[^']*'
    ''',
    re.VERBOSE | re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}\#\n]*")

_LONGEST = 2000  # no path that a study may have is longer; what lies deeper shares its line


def key_lines(text: str) -> dict[str, int]:
    r"""Return key path -> line, from 1, for a text that ``tomllib`` has accepted.

    A table has the line of its header, an item of a list ``[i]`` behind its path and the line it begins on.

    Example:
        >>> key_lines('[space]\nlr = { low = 1, high = 2 }')
        {'space': 1, 'space.lr': 2, 'space.lr.low': 2, 'space.lr.high': 2}
    """
    return key_places(text)[0]


def key_places(text: str) -> tuple[dict[str, int], dict[str, int]]:
    r"""Return key path -> line and key path -> column, both from 1; ``key_lines`` says what a path is.

    Example:
        >>> key_places('[space]\nlr = { low = 1 }')[1]
        {'space': 2, 'space.lr': 1, 'space.lr.low': 8}
    """
    return _Scan(text).run()


class _Scan:
    """One walk over the text; the position only moves forward, so lines are counted as it goes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self.line_start = 0
        self.lines: dict[str, int] = {}
        self.columns: dict[str, int] = {}
        self.repeated: dict[str, int] = {}

    def run(self) -> tuple[dict[str, int], dict[str, int]]:
        table = ""
        for _ in self.until(None):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
        return self.lines, self.columns

    def note(self, path: str, start: int) -> None:
        """Note where a path begins, unless it is known."""
        self.lines.setdefault(path, self.line)
        self.columns.setdefault(path, start - self.line_start + 1)

    def skip(self, pattern: re.Pattern[str]) -> int:
        match = pattern.match(self.text, self.at)
        if match:
            breaks = self.text.count("\n", self.at, match.end())
            if breaks:
                self.line += breaks
                self.line_start = self.text.rfind("\n", self.at, match.end()) + 1
            self.at = match.end()
        return self.at

    def take(self, token: str) -> bool:
        self.skip(_GAP)
        found = self.text.startswith(token, self.at)
        self.at += len(token) if found else 0
        return found

    def until(self, token: str | None) -> Iterator[int]:
        """Count items up to a token, or to the end of the text.

        It also ends where an item takes up no text: a syntax newer than this scan costs line numbers alone.
        """
        for index in count():
            start = self.skip(_GAP)
            if start == len(self.text) or (token and self.take(token)):
                return
            yield index
            if self.at == start:
                return

    def header(self) -> str:
        repeated = self.take("[[")
        if not repeated:
            self.take("[")
        path = self.key("", last_is_new=repeated)
        self.take("]]" if repeated else "]")
        return path

    def key(self, table: str, *, last_is_new: bool = False) -> str:
        """Walk over a dotted key and note the line of each of its parts."""
        path, more = table, True
        while more:
            start = self.skip(_BLANK)
            part = self.part()
            path = key_path(path, part) if len(path) < _LONGEST else path
            more = self.dot()
            self.note(path, start)
            if last_is_new and not more:
                self.repeated[path] = self.repeated.get(path, -1) + 1
            if path in self.repeated:
                path = f"{path}[{self.repeated[path]}]"
                self.note(path, start)
        return path

    def part(self) -> str:
        start = self.at
        word = self.text[start : self.skip(_KEY)]
        return key_text(str(tomllib.loads(f"key = {word}")["key"]) if word[:1] in {'"', "'"} else word)

    def dot(self) -> bool:
        self.skip(_BLANK)
        return self.take(".") if self.text.startswith(".", self.at) else False

    def pair(self, table: str) -> None:
        path = self.key(table)
        self.take("=")
        self.value(path)

    def value(self, path: str) -> None:
        if self.take("["):
            self.items(path)
        elif self.take("{"):
            self.inline(path)
        elif self.text.startswith(('"', "'"), self.at):
            self.skip(_STRING)
        else:
            self.skip(_SCALAR)

    def items(self, path: str) -> None:
        for index in self.until("]"):
            self.note(f"{path}[{index}]", self.at)
            self.value(f"{path}[{index}]")
            self.take(",")

    def inline(self, path: str) -> None:
        for _ in self.until("}"):
            self.pair(path)
            self.take(",")
