"""A study read from its file or from the tables of one, and checked by its objective."""

import dataclasses
import os
from collections.abc import Callable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

from hpsearch.errors import StudyFileError
from hpsearch.objective.objectives import OBJECTIVES
from hpsearch.space.checks import key_path, key_text, show
from hpsearch.study_file import (
    MOST_ITEMS,
    Document,
    StudySpec,
    all_faults,
    expect_new_name,
    parameter_table,
    read_document,
    study_of,
)


def load_study_file(  # noqa: PLR0913 - each has a default
    path: str | os.PathLike[str],
    *,
    settings: Mapping[str, object] | None = None,
    trials: int | None = None,
    target: float | None = None,
    hours: float | None = None,
    plateau: int | None = None,
    engine: str | None = None,
    address: str | None = None,
    workers: int | None = None,
) -> StudySpec:
    """Read and check a study file; what is given here holds instead of what the file says.

    Args:
        path: A TOML file, or the name of a study that ships with hpsearch, such as ``"digits"``.
        settings: Key path -> value that holds in place of the file's, such as ``{"model.epochs": 20}``.
        trials: The number of trials.
        target: The validation accuracy that ends the study.
        hours: The hours after which it ends.
        plateau: The settled trials in a row without a new best that end it.
        engine: What launches its workers.
        address: Where the engine's scheduler listens.
        workers: How many are launched.

    Raises:
        StudyFileError: Names file, line, key path, what was expected and what was found, a line for each
            fault of the file; ``.faults`` has them as records.
    """
    rules = {"target": target, "hours": hours, "plateau": plateau}
    stop = {name: value for name, value in rules.items() if value is not None}

    def complete(spec: StudySpec) -> StudySpec:
        try:
            fleet = spec.fleet.given(engine=engine, address=address, workers=workers)
        except StudyFileError as error:
            raise StudyFileError(f"{path}: fleet.{error}") from None
        stops = dataclasses.replace(spec.stop, **stop)  # type: ignore[arg-type]
        budget = spec.trials if trials is None else trials
        own = trials is not None or "trials" in (settings or {})
        return check_study(
            dataclasses.replace(spec, stop=stops, trials=budget, fleet=fleet, has_own_trials=own)
        )

    return _whole(*read_document(Path(path), settings), complete)


def study_of_tables(tables: Mapping[str, Any]) -> StudySpec:
    """Return the study that a dict describes: the tables and keys of a study file, checked in the same way.

    Relative paths start from the current folder, as if the study file lay there. A tuple stands for a list,
    and a list under ``space`` for its choices; a key whose value is ``None`` is left out.

    Args:
        tables: ``{"name": ..., "trials": ..., "data": {...}, "space": {...}, ...}``.

    Raises:
        StudyFileError: Names the key path, what was expected and what was found, a line for each fault.

    Example:
        >>> space = {"lr": {"low": 0.001, "high": 0.1, "log": True}}
        >>> spec = study_of_tables({"name": "small", "data": {"source": "digits"}, "space": space})
        >>> spec.name, spec.space.names
        ('small', ('lr',))
    """
    document = Document()
    space = tables.get("space")
    if isinstance(space, Mapping):
        tables = {**tables, "space": {key: parameter_table(value) for key, value in space.items()}}
    values = _plain(tables, "", document)
    if "name" not in values:
        raise document.error("name", 'expected a name for the study, such as "digits", found none')
    return _whole(values, document, check_study)


def check_study(spec: StudySpec) -> StudySpec:
    """Return a study with every setting and every default filled in; refuse what cannot be."""
    expect_new_name(spec.name)
    return OBJECTIVES[spec.objective.kind].check(spec)


def _whole(
    values: Mapping[str, Any], document: Document, complete: Callable[[StudySpec], StudySpec]
) -> StudySpec:
    """Return the study of some tables; the error of what is refused has a line for each fault."""
    try:
        return complete(study_of(values, document))
    except StudyFileError as error:
        every = all_faults(error, values, document, complete)
        if every is error:
            raise
        raise every from error


def _plain(value: Any, path: str, document: Document) -> Any:
    """Return tables as TOML has them: tuples as lists, paths as texts; refuse what no file can hold."""
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise document.error(path, f"expected keys that are texts, found {show(key)}")
        kept = {key: inner for key, inner in value.items() if inner is not None}
        return {key: _plain(inner, key_path(path, key_text(key)), document) for key, inner in kept.items()}
    if isinstance(value, list | tuple):
        if len(value) > MOST_ITEMS and not path.startswith("data."):  # the columns of a table may be more
            raise document.error(path, f"expected at most {MOST_ITEMS:,} items, found {len(value):,}")
        return [_plain(inner, path, document) for inner in value]
    if isinstance(value, Integral) and not isinstance(value, bool):
        return int(value)
    if isinstance(value, Real) and not isinstance(value, bool):
        return float(value)
    text = os.fspath(value) if isinstance(value, os.PathLike) else value
    if isinstance(text, str):
        try:
            text.encode()
        except UnicodeEncodeError:
            raise document.error(path, f"expected a text of whole characters, found {show(text)}") from None
    return text
