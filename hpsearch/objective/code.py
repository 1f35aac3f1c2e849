"""The code of a study: the files that its function or command is in, and their hashes."""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from hpsearch.errors import ExitCode, HpsearchError
from hpsearch.study_file import ObjectiveSpec

SUFFIX = ".py"
MOST_BYTES = 2**24
"""A larger file among the arguments of a command is data, and no code."""


class CodeError(HpsearchError):
    """The code of a study is not where its file says: correct ``[objective]``, or bring the file there."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code that a study's trials run, on this machine.

    Attributes:
        folder: The folder of the study file: what its names of files are relative to.
        files: Name as in the study file -> path of a file.
        hashes: Name -> SHA-256 of its content.
    """

    folder: Path
    files: Mapping[str, Path]
    hashes: Mapping[str, str]


def find_code(objective: ObjectiveSpec, folder: Path) -> Code:
    """Return the code of a study as it is found from a folder; nothing of it is run.

    Args:
        objective: A function, a command, or an estimator that is part of no known package.
        folder: The folder of the study file.

    Raises:
        CodeError: The file or module of a function is not there, or cannot be read.
    """
    files = dict(_files(objective, folder))
    return Code(folder=folder, files=files, hashes={name: _hash(path) for name, path in files.items()})


def call_parts(call: str) -> tuple[str, str]:
    """Return where a function or an estimator is, a file or a module, and its name.

    Example:
        >>> call_parts("train.py:score"), call_parts("sklearn.svm.SVC")
        (('train.py', 'score'), ('sklearn.svm', 'SVC'))
    """
    where, _, function = call.rpartition(":" if ":" in call else ".")
    return where, function


def _files(objective: ObjectiveSpec, folder: Path) -> Iterator[tuple[str, Path]]:
    named = objective.call or objective.estimator
    if named is not None:
        where, key = call_parts(named)[0], f"objective.{objective.kind}"
        yield where, _file(where, folder, key) if where.endswith(SUFFIX) else _module(where, folder, key)
        return
    for word in objective.command or ():
        path = folder / word
        if word and path.is_file() and path.stat().st_size <= MOST_BYTES and not Path(word).is_absolute():
            yield word, path


def _file(where: str, folder: Path, key: str) -> Path:
    path = folder / where
    if not path.is_file():
        raise CodeError(f"{key}: expected the file {where} in {folder}, found none")
    return path


def _module(name: str, folder: Path, key: str) -> Path:
    """Return the file of a module that Python would import; none of its packages is imported for that."""
    places: Sequence[str] | None = [str(folder), *sys.path]
    parts = name.split(".")
    for place in range(len(parts)):
        found = PathFinder.find_spec(".".join(parts[: place + 1]), places)
        if found is None:
            raise CodeError(
                f"{key}: expected a module {name} in {folder} or on Python's path, found none; "
                f'a file beside the study file is named with its ending: "train{SUFFIX}:score"'
            )
        places = found.submodule_search_locations
        if place == len(parts) - 1:
            if found.origin is None or not Path(found.origin).is_file():
                raise CodeError(f"{key}: expected a module of Python code, found {name}")
            return Path(found.origin)
        if places is None:
            raise CodeError(f"{key}: expected a package {found.name}, found a module")
    raise AssertionError("unreachable: a name has a part")


def _hash(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise CodeError(f"{path}: expected a file of code, found: {error.strerror or error}") from error
