"""Tables to records: what a study file may say, and what it means where it says nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import fields

from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import WHEN, Condition
from hpsearch.space.mirrored import MIRRORED, MirroredParameter
from hpsearch.space.numbers import FloatParameter, IntParameter
from hpsearch.space.parameter import Value
from hpsearch.space.space import Parameter, Space
from hpsearch.study_file.document import Document
from hpsearch.study_file.fields import Cell, Table
from hpsearch.study_file.records import (
    ATTEMPTS,
    ConfirmSpec,
    DataSpec,
    FleetSpec,
    SearchSpec,
    Setting,
    StopSpec,
    StudySpec,
)

_WHEN = 'conditions such as { optimizer = "momentum" }'
_TRIALS = 100
FIRST_ROUND = 8
"""Results that the second round may see, by default: as many as a box needs."""
SECOND_ROUND = 4
"""Its default trials: few, because TPE learns more from its own (docs/decisions/0010)."""
_MOST_PARALLEL = 16
_TABLES = ("data", "model", "space", "search", "stop", "confirm", "fleet")
_RANGE = "a range such as { low = 1e-5, high = 1e-1, log = true }, or { choices = [...] }"


def build_study(values: Mapping[str, object], document: Document) -> StudySpec:
    """Return the study that the tables of a file describe.

    Raises:
        StudyFileError: A key is unknown or missing, or a value is of the wrong type or out of range.
    """
    top = Table(values=values, document=document)
    top.only("name", "seed", "trials", "parallelism", "attempts", *_TABLES)
    trials = top.at("trials", _TRIALS).whole()
    parallelism = top.at("parallelism", min(_MOST_PARALLEL, max(1, trials // 6))).whole()
    search = _search(top.table("search"), trials, parallelism)
    with top.located():
        return StudySpec(
            name=top.at("name", document.path.stem).text(),
            seed=top.at("seed", 0).whole(),
            trials=trials,
            parallelism=parallelism,
            data=_data(top.table("data")),
            model=_model(top.table("model")),
            space=_space(top.table("space"), search.widen),
            search=search,
            stop=_stop(top.table("stop")),
            confirm=_confirm(top.table("confirm")),
            fleet=_fleet(top.table("fleet")),
            attempts=top.at("attempts", ATTEMPTS).whole(),
            defaults=_defaults(top.table("space")),
            document=document,
        )


def _data(table: Table) -> DataSpec:
    table.only(*(field.name for field in fields(DataSpec)))
    default = DataSpec(source="digits")
    with table.located():
        return DataSpec(
            source=table.at("source").text(),
            target=table.at("target").text() if table.has("target") else None,
            categorical=tuple(cell.text() for cell in table.at("categorical", ()).items()),
            ignore=tuple(cell.text() for cell in table.at("ignore", ()).items()),
            train=table.at("train").whole() if table.has("train") else None,
            validation=table.at("validation", default.validation).number(),
            test=table.at("test", default.test).number(),
            scaling=table.at("scaling", default.scaling).text(),
        )


def _model(table: Table) -> dict[str, Setting]:
    return {key: _setting(table.at(key)) for key in table.values}


def _setting(cell: Cell) -> Setting:
    if not isinstance(cell.value, list | tuple):
        return cell.scalar()
    if cell.value and all(_is_row(item) for item in cell.value):
        return tuple(tuple(number.number() for number in row.items()) for row in cell.items())
    return cell.wholes()


def _is_row(item: object) -> bool:
    return isinstance(item, list | tuple) and not any(isinstance(part, list | tuple) for part in item)


def _space(table: Table, widen: int) -> Space:
    tables = {name: table.table(name, expected=_RANGE) for name in table.values}
    parameters = tuple(_parameter(tables[name], name, widen) for name in tables)
    conditions = tuple(condition for name in tables for condition in _conditions(tables[name], name))
    with table.located():
        return Space(parameters, conditions)


def _conditions(table: Table, name: str) -> Iterator[Condition]:
    """Yield the conditions of a parameter; a value alone is a list of one."""
    when = table.table(WHEN, expected=_WHEN)
    if table.has(WHEN) and not when.values:
        raise table.at(WHEN).error(_WHEN)
    for on in when.values:
        cell = when.at(on)
        values = cell.items() if isinstance(cell.value, list | tuple) else (cell,)
        yield Condition(name=name, on=on, among=tuple(value.scalar() for value in values))


def _defaults(table: Table) -> dict[str, Value]:
    cells = {name: table.table(name).at("default") for name in table.values}
    return {name: cell.scalar() for name, cell in cells.items() if cell.value is not None}


def _parameter(table: Table, name: str, widen: int) -> Parameter:
    if table.has("choices"):
        table.only("choices", "default", WHEN)
        with table.located():
            return ChoiceParameter(
                name=name, choices=tuple(item.scalar() for item in table.at("choices").items())
            )
    return _range(table, name, widen)


def _range(table: Table, name: str, widen: int) -> FloatParameter | IntParameter | MirroredParameter:
    table.only("low", "high", "log", "widen", "choices", "default", WHEN)
    if table.at("log").value == MIRRORED:
        return _mirrored(table, name)
    low, high = table.at("low").number(), table.at("high").number()
    log = table.at("log", default=False).flag()
    with table.located():
        if isinstance(low, int) and isinstance(high, int):
            table.only("low", "high", "log", "default", WHEN)
            return IntParameter(name=name, low=low, high=high, log=log)
        widen = table.at("widen", widen if log else 0).whole()
        return FloatParameter(name=name, low=float(low), high=float(high), log=log, widen=widen)


def _mirrored(table: Table, name: str) -> MirroredParameter:
    table.only("low", "high", "log", "default", WHEN)
    low, high = table.at("low").number(), table.at("high").number()
    with table.located():
        return MirroredParameter(name=name, low=float(low), high=float(high))


def _search(table: Table, trials: int, parallelism: int) -> SearchSpec:
    table.only(*(field.name for field in fields(SearchSpec)))
    default = SearchSpec()
    with table.located():
        return SearchSpec(
            rounds=table.at("rounds", default_rounds(trials, parallelism)).wholes(),
            widen=table.at("widen", default.widen).whole(),
            rungs=table.at("rungs", default.rungs).wholes(),
            keep=float(table.at("keep", default.keep).number()),
            start=table.at("start", default.start).text(),
        )


def default_rounds(trials: int, parallelism: int) -> tuple[int, ...]:
    """Return the default rounds: one that the next can see enough of, and a short one in the box it leaves.

    The first trial of a round sees the results up to ``parallelism`` before it.
    """
    first = max(1, min(parallelism + FIRST_ROUND, trials))
    return (first, SECOND_ROUND) if first + SECOND_ROUND <= trials else (first,)


def _stop(table: Table) -> StopSpec:
    table.only(*(field.name for field in fields(StopSpec)))
    with table.located():
        return StopSpec(
            target=float(table.at("target").number()) if table.has("target") else None,
            hours=float(table.at("hours").number()) if table.has("hours") else None,
            plateau=table.at("plateau").whole() if table.has("plateau") else None,
        )


def _confirm(table: Table) -> ConfirmSpec:
    table.only(*(field.name for field in fields(ConfirmSpec)))
    default = ConfirmSpec()
    with table.located():
        return ConfirmSpec(
            top=table.at("top", default.top).whole(),
            seeds=table.at("seeds", default.seeds).whole(),
            epochs=table.at("epochs").whole() if table.has("epochs") else None,
            ensemble=table.at("ensemble", default.ensemble).whole(),
            refit=table.at("refit", default.refit).flag(),
        )


def _fleet(table: Table) -> FleetSpec:
    table.only(*(field.name for field in fields(FleetSpec)))
    default = FleetSpec()
    options = table.table("options")
    with table.located():
        return FleetSpec(
            engine=table.at("engine", default.engine).text(),
            address=table.at("address").text() if table.has("address") else None,
            workers=table.at("workers").whole() if table.has("workers") else None,
            options={key: _option(options.at(key)) for key in options.values},
            artifacts=table.at("artifacts").text() if table.has("artifacts") else None,
            strict=table.at("strict", default.strict).flag(),
        )


def _option(cell: Cell) -> Value | list[Value] | dict[str, Value]:
    """Return what is handed to an engine: a scalar, a list of them, or a table of them."""
    if isinstance(cell.value, list):
        return [item.scalar() for item in cell.items()]
    if isinstance(cell.value, Mapping):
        inner = Table(values=cell.value, document=cell.document, path=cell.path)
        return {key: inner.at(key).scalar() for key in inner.values}
    return cell.scalar()
