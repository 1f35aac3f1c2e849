"""All that is wrong with a study file, found by mending what was found before and reading it again."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from hpsearch.errors import Fault, StudyFileError
from hpsearch.space.checks import FieldError, key_path, key_text, show
from hpsearch.study_file.document import Document
from hpsearch.study_file.reader import study_of
from hpsearch.study_file.records import StudySpec

MOST_READINGS = 100
"""A file with more faults shows the others when these are mended."""
MOST_PROCESSES = 5
"""The check of an estimator is a process of a second or two, so that no more of them are begun."""
_MEANT = re.compile(r'; did you mean "(.+)"\?$')
_UNKNOWN = "found another key"
_SOURCE = "digits"
_RANGE = {"low": 0.25, "high": 0.5}

_Place: TypeAlias = tuple[Any, Any]
"""A table or a list, and a key or an index in it."""


def all_faults(
    first: StudyFileError,
    values: Mapping[str, Any],
    document: Document,
    check: Callable[[StudySpec], object],
) -> StudyFileError:
    """Return the error of everything that is wrong with a study file, line by line.

    A fault is mended as its message suggests, or its key is left out, and the file is read again. What is
    refused only because of a key that was left out is not listed: it shows when that key is right.

    Args:
        first: The error that the file was refused with.
        values: Its tables.
        document: Where its keys are.
        check: Refuses what the record of a study can hold and its objective does not take.
    """
    found = sorted(_FaultCheck(values, document).faults(check), key=lambda fault: fault.line or 0)
    return StudyFileError.of(*found) if len(found) > 1 else first


def faults_of_doubts(spec: StudySpec, doubts: Sequence[str]) -> list[Fault]:
    """Return what is allowed and probably not meant, at the keys that the lines of it begin with."""
    found = []
    for line in doubts:
        key, _, message = line.partition(": ")
        key, message = ("", line) if " " in key or not message else (key, message)
        found.append(spec.document.fault(key, message, severity="warning"))
    return found


class _FaultCheck:
    """A study file that is read again and again, with one fault less each time."""

    def __init__(self, values: Mapping[str, Any], document: Document) -> None:
        self._values, self._document = copy.deepcopy(dict(values)), document
        self._left_out: list[str] = []
        self._guessed: set[str] = set()
        self._has_filled = False

    def faults(self, check: Callable[[StudySpec], object]) -> Iterator[Fault]:
        checks = 0
        for _ in range(MOST_READINGS):
            try:
                spec = study_of(self._values, self._document)
                checks += spec.objective.kind == "estimator"
                check(spec)
            except StudyFileError as error:
                fault = self._fault(error)
            else:
                return
            if not self._follows(fault):
                yield fault
            if checks == MOST_PROCESSES or not self._mended(fault):
                return

    def _fault(self, error: StudyFileError) -> Fault:
        if isinstance(error, FieldError):
            return self._document.fault(error.key, error.message)
        return error.faults[0] if error.faults else Fault(file=str(self._document.path), message=str(error))

    def _follows(self, fault: Fault) -> bool:
        """Return whether a fault is there because a key was left out: it is near that key, or names it."""
        if _UNKNOWN in fault.message:
            return False
        if fault.key in self._guessed and fault.message.startswith("expected a table"):
            return True
        listed = fault.message.startswith("expected one of ")  # of names that may be keys as well
        words = [] if listed else re.findall(r"[\w-]+", fault.message)
        names = {_parts(path)[-1] for path in self._left_out}
        near = any(_within(path, fault.key) or _within(fault.key, path) for path in self._left_out)
        return near or bool(names & {*_parts(fault.key)[1:], *words})

    def _mended(self, fault: Fault) -> bool:
        """Mend a fault; return whether that has changed anything."""
        places = dict(_places(self._values))
        meant = _MEANT.search(fault.message)
        if meant and fault.key in places and self._replaced(fault, meant[1], places[fault.key]):
            return True
        if fault.key == "data.source":
            data = self._values.setdefault("data", {})
            was, data["source"] = data.get("source"), _SOURCE
            self._left_out.append(fault.key)
            return bool(was != _SOURCE)
        return self._without(fault, places)

    def _replaced(self, fault: Fault, meant: str, place: _Place) -> bool:
        """Put the key or the text that was meant in the place of the one that is there."""
        table, key = place
        if f"found {show(table[key])};" in fault.message:
            table[key] = meant
            return True
        if meant in table or not (_UNKNOWN in fault.message or f"found {show(key)};" in fault.message):
            return False
        table[meant] = table.pop(key)
        path = key_path(".".join(_parts(fault.key)[:-1]), key_text(meant))
        self._guessed.add(path)
        lines, columns = self._document.lines, self._document.columns
        lines, columns = _renamed(lines, fault.key, path), _renamed(columns, fault.key, path)
        self._document = replace(self._document, lines=lines, columns=columns)
        return True

    def _without(self, fault: Fault, places: Mapping[str, _Place]) -> bool:
        """Leave out the key of a fault: a whole list, or what is nearest; a parameter gets another range."""
        path = fault.key
        if path.startswith("space.") and _UNKNOWN not in fault.message:
            path = ".".join(_parts(path)[:2])
        while path and (path not in places or path.endswith("]")):
            path = path.rpartition("[" if path.endswith("]") else ".")[0]
        if path:
            table, key = places[path]
            parameter = _parts(path)[0] == "space" and len(_parts(path)) == 2
            if not parameter or table[key] == _RANGE or _UNKNOWN in fault.message:
                del table[key]
            else:
                table[key] = dict(_RANGE)
        self._left_out += [fault.key, path] if path else [fault.key]
        of_space = _parts(fault.key)[0] == "space"
        filled = of_space and not self._values.get("space") and not self._has_filled
        if filled:  # a study without a parameter would be refused for that alone
            self._values["space"], self._has_filled = {"lr": dict(_RANGE)}, True
            self._left_out.append("space.lr")
        return bool(path) or filled


def _places(value: Any, path: str = "") -> Iterator[tuple[str, _Place]]:
    """Yield the path of each key and of each item of a list, with where it stands."""
    items: Sequence[tuple[str, Any]] = ()
    if isinstance(value, dict):
        items = [(key_path(path, key_text(key)), key) for key in value]
    elif isinstance(value, list):
        items = [(f"{path}[{index}]", index) for index in range(len(value))]
    for inner, key in items:
        yield inner, (value, key)
        yield from _places(value[key], inner)


def _parts(path: str) -> list[str]:
    """Return the keys of a path as it writes them, without places in lists."""
    return [part.partition("[")[0] for part in re.findall(r'"(?:[^"\\]|\\.)*"|[^.]+', path)] or [""]


def _within(path: str, other: str) -> bool:
    """Return whether a path is another one or lies below it; nothing lies below the file as a whole."""
    return bool(other) and (path == other or path.startswith((f"{other}.", f"{other}[")))


def _renamed(places: Mapping[str, int], old: str, new: str) -> dict[str, int]:
    """Return places in which a path, and what lies below it, has another name as well."""
    return {**places, **{new + path[len(old) :]: at for path, at in places.items() if _within(path, old)}}
