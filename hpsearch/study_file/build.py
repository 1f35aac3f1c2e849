"""Tables of a study file to records: the known keys, and the defaults of keys that are left out."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from numbers import Real
from typing import Any, TypeVar

from hpsearch.errors import StudyFileError
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import WHEN, Condition
from hpsearch.space.lists import frozen_list
from hpsearch.space.mirrored import MIRRORED, MirroredParameter
from hpsearch.space.numbers import FloatParameter, IntParameter
from hpsearch.space.parameter import Value
from hpsearch.space.space import Parameter, Space
from hpsearch.study_file.data import NO_DATA, DataSpec
from hpsearch.study_file.document import Document
from hpsearch.study_file.fields import Cell, TomlTable
from hpsearch.study_file.fleet import FleetSpec
from hpsearch.study_file.objective import ClassWeight, ObjectiveSpec
from hpsearch.study_file.records import (
    ATTEMPTS,
    ConfirmSpec,
    SearchSpec,
    Setting,
    StopSpec,
    StudySpec,
)

Record = TypeVar("Record", DataSpec, ObjectiveSpec, SearchSpec, StopSpec, ConfirmSpec, FleetSpec)

_WHEN = 'conditions such as { optimizer = "momentum" }'
_TRIALS = 100
BOX_RESULTS = 8
"""With fewer results than this no range opens."""
GP_ROUND = 8
"""Trials of the random round before a Gaussian process, at least; it begins with half as many results."""
_MOST_PARALLEL = 16
_ENDS = 2
_TABLES = ("data", "objective", "model", "space", "search", "stop", "confirm", "fleet")
_NETWORK_TABLES = {
    "data": "what it evaluates reads its own data",
    "model": "a setting that is not searched stands in the function or the command itself",
}
"""Table of a study of networks -> why a study of a function or a command has none."""
_RANGE = "a range such as { low = 1e-5, high = 1e-1, log = true }, or { choices = [...] }"


def build_study(values: Mapping[str, object], document: Document) -> StudySpec:
    """Return the study that the tables of a file describe.

    Raises:
        StudyFileError: A key is unknown or missing, or a value is of the wrong type or out of range.
    """
    top = TomlTable(values=values, document=document)
    top.only("name", "seed", "trials", "parallelism", "attempts", *_TABLES)
    trials = top.at("trials", _TRIALS).whole()
    parallelism = top.at("parallelism", default_parallelism(trials)).whole()
    table = top.table("search")
    rounds = default_rounds(trials, parallelism, gp=table.at("model").value == "gp")
    search = _record(table, SearchSpec, rounds=rounds)
    objective = _record(top.table("objective"), ObjectiveSpec)
    data = _data(top, objective)
    with top.located():
        return StudySpec(
            name=top.at("name", document.path.stem).text(),
            seed=top.at("seed", 0).whole(),
            trials=trials,
            parallelism=parallelism,
            data=data,
            objective=objective,
            model=_model(top.table("model")),
            space=_space(top.table("space"), search.widen),
            search=search,
            stop=_record(top.table("stop"), StopSpec),
            confirm=_record(top.table("confirm"), ConfirmSpec),
            fleet=_record(top.table("fleet"), FleetSpec),
            attempts=top.at("attempts", ATTEMPTS).whole(),
            defaults=_defaults(top.table("space")),
            document=document,
            derived=frozenset(
                key for key, where in (("parallelism", top), ("rounds", table)) if not where.has(key)
            ),
        )


def _data(top: TomlTable, objective: ObjectiveSpec) -> DataSpec:
    """Return the examples of a study; refuse its tables where hpsearch reads no rows."""
    if objective.has_data:
        data = _record(top.table("data"), DataSpec)
        return data if data.task else replace(data, task=objective.task)
    for key, why in _NETWORK_TABLES.items():
        if top.has(key):
            raise top.document.error(key, f"expected no [{key}] beside objective.{objective.kind}: {why}")
    return NO_DATA


def _model(table: TomlTable) -> dict[str, Setting]:
    return {key: _setting(table.at(key)) for key in table.values}


def _setting(cell: Cell) -> Setting:
    if not isinstance(cell.value, list | tuple):
        return cell.scalar()
    if cell.value and all(_is_row(item) for item in cell.value):
        return tuple(tuple(number.number() for number in row.items()) for row in cell.items())
    return cell.wholes()


def _is_row(item: object) -> bool:
    return isinstance(item, list | tuple) and not any(isinstance(part, list | tuple) for part in item)


def _space(table: TomlTable, widen: int) -> Space:
    tables = {name: table.table(name, expected=_RANGE) for name in table.values}
    parameters = tuple(build_parameter(tables[name], name, widen=widen) for name in tables)
    lists = {p.name: p.choices for p in parameters if p.kind == "choice" and p.has_lists}
    conditions = tuple(condition for name in tables for condition in _conditions(tables[name], name, lists))
    with table.located():
        return Space(parameters, conditions)


def _conditions(table: TomlTable, name: str, lists: Mapping[str, tuple[Value, ...]]) -> Iterator[Condition]:
    """Yield the conditions of a parameter; a value alone is a list of one.

    Args:
        table: The table of the parameter.
        name: Its name.
        lists: Parameter -> its choices, of those whose choices are lists.
    """
    when = table.table(WHEN, expected=_WHEN)
    if table.has(WHEN) and not when.values:
        raise table.at(WHEN).error(_WHEN)
    for on in when.values:
        cell = when.at(on)
        several = isinstance(cell.value, list | tuple) and not _is_alone(cell.value, lists.get(on))
        values = cell.items() if several else (cell,)
        yield Condition(name=name, on=on, among=tuple(map(read_choice, values)))


def _is_alone(value: Sequence[object], choices: Sequence[Value] | None) -> bool:
    """Return whether a list is one value of a parameter whose choices are lists, and not several of them."""
    return choices is not None and (frozen_list(value) in choices or _is_row(value))


def _defaults(table: TomlTable) -> dict[str, Value]:
    cells = {name: table.table(name).at("default") for name in table.values}
    return {name: read_choice(cell) for name, cell in cells.items() if cell.value is not None}


def build_parameter(table: TomlTable, name: str, *, widen: int) -> Parameter:
    """Return the parameter that a table describes: a range, or choices.

    Args:
        table: The table; its conditions are not read here.
        name: The parameter's name.
        widen: Decades that a logarithmic range may grow on each side, where the table does not say.

    Raises:
        StudyFileError: A key is unknown or missing, or a value is of the wrong type or out of range.
    """
    with table.located():
        if table.has("choices"):
            table.only("choices", "default", WHEN)
            choices = tuple(map(read_choice, table.at("choices").items()))
            return ChoiceParameter(name=name, choices=choices)
        table.only("low", "high", "log", "widen", "choices", "default", WHEN)
        mirrored = table.at("log").value == MIRRORED
        if mirrored:
            _expect_no_widening(table)
        low, high = table.at("low").number(), table.at("high").number()
        if mirrored:
            return MirroredParameter(name=name, low=float(low), high=float(high))
        log = table.at("log", default=False).flag()
        if isinstance(low, int) and isinstance(high, int):
            _expect_no_widening(table)
            return IntParameter(name=name, low=low, high=high, log=log)
        widen = table.at("widen", widen if log else 0).whole()
        return FloatParameter(name=name, low=float(low), high=float(high), log=log, widen=widen)


def _expect_no_widening(table: TomlTable) -> None:
    if table.has("widen"):
        raise table.at("widen").error("none: only a logarithmic range of fractions widens")


def read_choice(cell: Cell) -> Value:
    """Return one of the values that a parameter may have: a scalar, a list, or a list of rows.

    Raises:
        StudyFileError: It is something else.
    """
    if not isinstance(cell.value, list | tuple):
        return cell.scalar()
    if cell.value and not _is_row(cell.value):
        return tuple(tuple(item.scalar() for item in row.items()) for row in cell.items())
    return tuple(item.scalar() for item in cell.items())


def parameter_table(value: object) -> object:
    """Return a parameter as a study file has it; a list stands for its choices.

    Raises:
        StudyFileError: It is a tuple of two numbers, which other libraries take for the ends of a range.
    """
    if (
        isinstance(value, tuple)
        and len(value) == _ENDS
        and all(isinstance(end, Real) and not isinstance(end, bool) for end in value)
    ):
        low, high = value
        ends = f'{{"low": {low}, "high": {high}}} for a range, or [{low}, {high}] for two choices'
        raise StudyFileError(f"space: expected {ends}, found the tuple {value}")
    return {"choices": list(value)} if isinstance(value, list | tuple) else value


def default_parallelism(trials: int) -> int:
    """Return the trials in flight by default: a sixth of the budget, between 1 and 16."""
    return min(_MOST_PARALLEL, max(1, trials // 6))


def default_rounds(trials: int, parallelism: int, *, gp: bool = False) -> tuple[int, ...]:
    """Return the sizes of the random rounds by default: one, as long as ranges need to open after it.

    The first trial after it sees the results up to ``parallelism`` before it, and ranges open by
    ``BOX_RESULTS`` of them; so the round is as long as both together. More rounds in narrower boxes cost
    results early and gain nothing later (docs/decisions/0026): TPE has narrowing boxes, too.

    A Gaussian process learns from fewer results than TPE, and a short round is all that comes before it.

    Args:
        trials: Number of trials.
        parallelism: Trials in flight.
        gp: Whether a Gaussian process follows.
    """
    size = max(GP_ROUND, parallelism + GP_ROUND // 2) if gp else parallelism + BOX_RESULTS
    return (max(1, min(size, trials)),)


def _record(table: TomlTable, kind: type[Record], **defaults: Any) -> Record:
    """Return the record that a table describes, each key read as the type of the record's field.

    Args:
        table: The table.
        kind: The record.
        defaults: Key -> default, where it is another than the record's own.
    """
    table.only(*(field.name for field in fields(kind)))
    values: dict[str, Any] = dict(defaults)
    for field in fields(kind):
        required = field.default is MISSING and field.default_factory is MISSING
        if required or table.has(field.name):
            values[field.name] = _READERS[field.type](table.at(field.name))
    with table.located():
        return kind(**values)


def _options(cell: Cell) -> dict[str, Any]:
    table = cell.table()
    return {key: _option(table.at(key)) for key in table.values}


def _option(cell: Cell) -> Value | list[Value] | dict[str, Value]:
    """Return an option of an engine: a scalar, a list of scalars, or a table of scalars."""
    if isinstance(cell.value, list):
        return [item.scalar() for item in cell.items()]
    if isinstance(cell.value, Mapping):
        inner = cell.table()
        return {key: inner.at(key).scalar() for key in inner.values}
    return cell.scalar()


def _class_weight(cell: Cell) -> ClassWeight:
    if isinstance(cell.value, str):
        return cell.value
    table = cell.table('"balanced" or a table of classes such as { yes = 5 }')
    return {label: table.at(label).real() for label in table.values}


_READERS: Mapping[Any, Callable[[Cell], Any]] = {
    str: Cell.text,
    str | None: Cell.text,
    int: Cell.whole,
    int | None: Cell.whole,
    bool: Cell.flag,
    float: Cell.real,
    float | None: Cell.real,
    float | int: Cell.number,
    tuple[str, ...]: Cell.texts,
    tuple[str, ...] | None: Cell.texts,
    tuple[int, ...]: Cell.wholes,
    Mapping[str, Any]: _options,
    ClassWeight | None: _class_weight,
}
"""The type of a record's field -> what reads it."""
