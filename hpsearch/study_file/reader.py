"""Read a study file from disk into its record."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from shlex import quote
from typing import Any

from hpsearch.defaults import BUILT_IN, SHIPPED
from hpsearch.errors import Fault, StudyFileError
from hpsearch.files import expect_text, home_hint, read_file
from hpsearch.space.checks import expect, key_path, key_text, show
from hpsearch.study_file.build import build_study
from hpsearch.study_file.document import Document
from hpsearch.study_file.fields import TomlTable
from hpsearch.study_file.lines import key_places
from hpsearch.study_file.names import expect_new_name
from hpsearch.study_file.records import StudySpec
from hpsearch.study_file.toml import key_parts, typed_error

_LARGEST = 2**20
_TABLES = (".csv", ".tsv", ".arff", ".parquet", ".npz", ".xlsx", ".gz", ".zip", ".xz")
_NEAR = 0.65
"""Two names that are less alike, such as flowers and digits, are not taken for each other."""
MOST_ITEMS = 10_000
"""Items of a list, such as the choices of a parameter: every choice is tried when a study is checked."""
_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


def read_study(path: Path, settings: Mapping[str, object] | None = None) -> StudySpec:
    """Return the study that a file describes, or the one of that name that ships with hpsearch.

    Args:
        path: The file.
        settings: Key path -> value that holds in place of the file's.

    Raises:
        StudyFileError: The file cannot be read, is not TOML, or has a value that is refused; the message is
            one line that names file, line, key path, what was expected and what was found.
    """
    return study_of(*read_document(path, settings))


def read_document(
    path: Path, settings: Mapping[str, object] | None = None
) -> tuple[dict[str, Any], Document]:
    """Return the tables of a file, whatever they say, and where its keys are.

    Args:
        path: The file.
        settings: Key path -> value that holds in place of the file's.

    Raises:
        StudyFileError: The file cannot be read, or is not TOML; or a setting has no place in it.
    """
    if path.suffix.lower() in _TABLES and path.is_file():
        found = f"found a table; hpsearch init {quote(str(path))} writes a study file for it"
        raise _refused(path, f"expected a study file, {found}")
    text = _text(path, _shipped(path) or path)
    try:
        expect_text(path.parent)
    except ValueError as error:
        raise _refused(path, f"expected a folder to store, found {error}") from None
    values, lines, columns = _parse(text, path)
    for key, value in (settings or {}).items():
        _set(values, lines, key, value)
    return values, Document(path=path, lines=lines, columns=columns)


def _set(values: dict[str, Any], lines: dict[str, int], key: str, value: object) -> None:
    """Put a value at a key path of the tables of a file; the path has no line any more.

    Raises:
        StudyFileError: A part of the path is no table.
    """
    *tables, last = key_parts(key)
    path, table = "", values
    for part in tables:
        path = key_path(path, key_text(part))
        inner = table.setdefault(part, {})
        if not isinstance(inner, dict):
            raise typed_error(key, f"expected a table at {path}, found {show(inner)}")
        lines.setdefault(path, 0)
        table = inner
    path = key_path(path, key_text(last))
    table[last] = value
    for old in [old for old in lines if old.startswith((f"{path}.", f"{path}["))]:
        del lines[old]
    lines |= dict.fromkeys(_paths(path, value), 0)


def _paths(path: str, value: object) -> Iterator[str]:
    """Yield the path of a value and of each key in it."""
    yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(key_path(path, key_text(key)), inner)


def study_of(values: Mapping[str, object], document: Document) -> StudySpec:
    """Return the study that the tables of a new file describe.

    Raises:
        StudyFileError: A key or a value is refused.
    """
    spec = build_study(values, document)
    with TomlTable(values=values, document=document).located():
        _expect_plan(spec)
    return spec


def _expect_plan(spec: StudySpec) -> None:
    """Refuse a study that a record may hold and a file may not ask for: its name, its rounds."""
    expect_new_name(spec.name)
    rounds = sum(spec.search.rounds)
    expect(
        rounds <= spec.trials, "search.rounds", f"a sum of at most trials ({spec.trials})", spec.search.rounds
    )


def _shipped(path: Path) -> Path | None:
    """Return the file of a study that ships with hpsearch, where a path is its name and no file's.

    Raises:
        StudyFileError: A file beside it has the name with an ending, so either may be meant.
    """
    if str(path) not in SHIPPED or os.path.lexists(path):
        return None
    file = path.with_suffix(".toml")
    if os.path.lexists(file):
        found = f"found {file} here and a study that ships with hpsearch"
        raise _refused(path, f"expected one study, {found}; for the file type {file}")
    package = Path(__file__).parent
    # In an installed package the files are inside it, in a checkout at the top level.
    places = (package / "studies" / file, package.parents[1] / "studies" / file)
    return next((place for place in places if place.is_file()), None)


def _text(path: Path, file: Path) -> str:
    """Return what is in a file that a path leads to."""
    try:
        data = read_file(file, most=_LARGEST + 1)
    except FileNotFoundError:
        hint = home_hint(path) or _near(path)
        raise _refused(path, f"expected a study file, found none there{hint}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        hint = "; to start the study that ships with hpsearch, change to another folder"
        hint = hint if str(path) in SHIPPED else ""
        raise _refused(path, f"expected a readable study file, found: {why.lower()}{hint}") from None
    if len(data) > _LARGEST:
        raise _refused(path, "expected a study file of at most 1 MiB, found a larger file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        raise _refused(path, f"expected UTF-8 text, found {found}; save as UTF-8", line=line) from None


def _near(path: Path) -> str:
    """Return what may have been meant, to end a message: files beside a path, and the studies that ship."""
    is_name = str(path) == path.stem
    names = [p.name for p in path.parent.glob("*.toml")] + list(SHIPPED if is_name else ())
    near = get_close_matches(path.name, names, n=1, cutoff=_NEAR)
    if str(path) in BUILT_IN:
        return f"; hpsearch init {path} writes one for these data"
    known = f"; {', '.join(SHIPPED[:-1])} and {SHIPPED[-1]} ship with hpsearch" if is_name else ""
    return f"{known}; did you mean {show(str(path.with_name(near[0])))}?" if near else known


def _refused(
    path: Path, message: str, *, line: int | None = None, column: int | None = None
) -> StudyFileError:
    """Return the refusal of a file in which no key can be named."""
    return StudyFileError.of(Fault(file=str(path), message=message, line=line, column=column))


def _parse(text: str, path: Path) -> tuple[dict[str, Any], dict[str, int], dict[str, int]]:
    try:
        values = tomllib.loads(text)
        _expect_short_lists(values, path)
        return values, *key_places(text)
    except StudyFileError:
        raise
    except RecursionError:
        raise _refused(path, "expected a study file, found lists nested too deeply") from None
    except ValueError as error:
        raise _not_toml(str(error), text, path) from None


def _expect_short_lists(values: Mapping[str, object], path: Path) -> None:
    """Refuse a list that is longer than a search can use; the columns of a table may be more."""
    waiting = [(key_text(key), value) for key, value in values.items() if key != "data"]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, list) and len(value) > MOST_ITEMS:
            found = f"expected a list of at most {MOST_ITEMS:,} items, found {len(value):,}"
            raise Document(path=path).error(key, found)
        if isinstance(value, dict):
            waiting += [(key_path(key, key_text(name)), inner) for name, inner in value.items()]


def _not_toml(why: str, text: str, path: Path) -> StudyFileError:
    place = _PLACE.search(why)
    if place is None:  # a whole number of more digits than Python converts
        return _refused(path, f"expected valid TOML, found: {why[:100]}")
    column = int(place["column"]) if place["column"] else None
    line = int(place["line"]) if place["line"] else text.rstrip().count("\n") + 1
    where = f"column {column}" if column else "at the end of the file"
    hint = "; is a key given twice?" if "overwrite" in why or "twice" in why else ""
    found = f"expected valid TOML, found: {why[: place.start()][:100]} ({where}){hint}"
    return _refused(path, found, line=line, column=column)
