"""The contract: a study as JSON, its hash, and the differences between two contracts."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from hpsearch.space.checks import key_path, key_text, show
from hpsearch.space.conditions import WHEN
from hpsearch.space.space import Space
from hpsearch.study_file.build import build_study, read_choice
from hpsearch.study_file.data import DataSpec
from hpsearch.study_file.document import Document
from hpsearch.study_file.fields import TomlTable
from hpsearch.study_file.objective import frozen_objective
from hpsearch.study_file.records import MODELS, ConfirmSpec, LearnedStart, SearchSpec, StudySpec

LIVE = ("trials", "attempts", "stop", "confirm")
"""Keys of a study that may change while it runs: no trial that has started depends on them.

The same holds for the defaults of its parameters, which only race at the end, and for the limits of a
function or a command.
"""

_VERSION, _LEARNED = "version", "learned"
_FIRST = 1  # the version of a contract that names none
_ABSENT = "absent"
_LATER = {
    "categorical",
    "ignore",
    "task",
    "weights",
    "keep",
    "header",
    "dates",
    "missing",
    "decimal",
    "folds",
    "repeats",
    "bins",
}
_ORDER = " (order)"  # no key path ends so: a key with a blank is quoted


def spec_to_dict(spec: StudySpec) -> dict[str, Any]:
    """Return a study as data that JSON can hold, every default filled in.

    The space is a list, because the order of the parameters is part of a study's results and JSON objects
    have none. The document is left out: the path of the file is not part of a study.
    """
    objective = {key: _list(v) for key, v in asdict(spec.objective).items() if v is not None}
    later: dict[str, Any] = {"objective": objective} if objective else {}
    if spec.version > _FIRST:
        later[_VERSION] = spec.version
    if spec.learned is not None:
        settings = {str(number): dict(point) for number, point in enumerate(spec.learned.settings)}
        later[_LEARNED] = {"hash": spec.learned.hash, "settings": settings}
    network = {"data": _data(spec.data), "model": _lists(spec.model)} if spec.has_data else {}
    return {
        "name": spec.name,
        "seed": spec.seed,
        "trials": spec.trials,
        "parallelism": spec.parallelism,
        "attempts": spec.attempts,
        **network,
        "space": [p.to_dict() | _default(spec, p.name) | _when(spec.space, p.name) for p in spec.space],
        "search": _search(spec.search),
        "stop": asdict(spec.stop),
        "confirm": _confirm(spec.confirm),
    } | later


def spec_from_dict(contract: Mapping[str, Any], document: Document | None = None) -> StudySpec:
    """Return the study that ``spec_to_dict`` wrote.

    Args:
        contract: The data.
        document: The file that the study came from, where it is known.

    Raises:
        StudyFileError: The data describe no study.
    """
    document = document or Document()
    terms = TomlTable(values=contract, document=document)
    tables = {key: value for key, value in contract.items() if key not in {_VERSION, _LEARNED}}
    spec = build_study({**tables, "space": _by_name(contract.get("space"), document)}, document)
    with terms.located():
        return replace(spec, version=terms.at(_VERSION, _FIRST).whole(), learned=_learned(terms))


def _learned(terms: TomlTable) -> LearnedStart | None:
    """Return the settings of a portfolio that a contract holds, or ``None``."""
    if not terms.has(_LEARNED):
        return None
    table = terms.table(_LEARNED)
    table.only("hash", "settings")
    numbered = table.table("settings")
    numbers = [str(number) for number in range(len(numbered.values))]
    numbered.only(*numbers)
    points = [numbered.table(number) for number in numbers]
    settings = tuple({name: read_choice(point.at(name)) for name in point.values} for point in points)
    return LearnedStart(hash=table.at("hash").text(), settings=settings)


def _data(data: DataSpec) -> dict[str, Any]:
    """Return the source of the examples as JSON; keys of later versions are left out at their defaults.

    A study that an earlier version began has none of these keys, and must keep its hash. The limit of memory
    is no part of a study: each machine has its own.
    """
    record = _lists(asdict(data))
    del record["max_memory"]
    implied = {f.name: _list(f.default) for f in fields(DataSpec) if f.name in _LATER}
    return {key: value for key, value in record.items() if key not in implied or value != implied[key]}


def _search(search: SearchSpec) -> dict[str, Any]:
    """Return the search as JSON; without a portfolio and with TPE it is what earlier versions wrote."""
    record = _lists(asdict(search))
    if record["portfolio"] is None:
        del record["portfolio"]
    if record["model"] == MODELS[0]:
        del record["model"]
    return record


def _confirm(confirm: ConfirmSpec) -> dict[str, Any]:
    """Return the confirmation as JSON; without a baseline it is what earlier versions wrote."""
    record = asdict(confirm)
    if record["baseline"] is None:
        del record["baseline"]
    return record


def _by_name(entries: object, document: Document) -> dict[str, dict[str, Any]]:
    space: dict[str, dict[str, Any]] = {}
    for entry in entries if isinstance(entries, list) else [entries]:
        named = dict(entry) if isinstance(entry, Mapping) else {}
        name = named.pop("name", None)
        if not isinstance(name, str) or name in space:
            raise document.error("space", f"expected a list of parameters by name, found {show(entry)} there")
        space[name] = named
    return space


def contract_hash(contract: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a contract as canonical JSON: sorted keys, no blanks, ASCII."""
    return hashlib.sha256(_canonical(contract).encode()).hexdigest()


def frozen(contract: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of a contract that never changes: its study without ``LIVE`` keys and defaults."""
    study = contract.get("study")
    if study is None:
        return dict(contract)
    kept = {key: value for key, value in study.items() if key not in LIVE}
    if "objective" in kept:
        kept["objective"] = frozen_objective(kept["objective"])
    if "space" in kept:
        kept["space"] = [{k: v for k, v in entry.items() if k != "default"} for entry in kept["space"]]
    return {**contract, "study": kept}


def code_changes(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return which files of a study's code are not what they were, and what to do.

    Args:
        old: Name -> SHA-256 of each file when the study was created.
        new: Name -> SHA-256 of each file now.
    """
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    changes = [f"{name} ({_short(old.get(name))}, found {_short(new.get(name))})" for name in names]
    return (
        f"its code has changed since it was created: {', '.join(changes)}\n"
        "restore it to go on, or give the study another name: trials of two versions cannot be compared"
    )


def _short(digest: str | None) -> str:
    return "no such file" if digest is None else f"hash {digest[:12]}"


def diff(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return one line for each leaf that differs, empty exactly when the hashes are equal.

    Example:
        >>> diff({"space": [{"name": "lr", "high": 0.1}]}, {"space": [{"name": "lr", "high": 0.2}]})
        ['space.lr.high: 0.1 -> 0.2']
    """
    before, after = dict(_leaves(old)), dict(_leaves(new))
    paths = [*before, *(path for path in after if path not in before)]
    pairs = [(path, before.get(path, _ABSENT), after.get(path, _ABSENT)) for path in paths]
    return [
        f"{path}: {was} -> {now}" for path, was, now in pairs if was != now and not _implied(path, was, now)
    ]


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield key path and JSON of each leaf; a list is a leaf, except a list of entries with names."""
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(item, key_path(path, key_text(key)))
    elif isinstance(value, list) and value and all(isinstance(v, Mapping) and "name" in v for v in value):
        yield f"{path}{_ORDER}", json.dumps([entry["name"] for entry in value])
        for entry in value:
            yield from _leaves({entry["name"]: {k: v for k, v in entry.items() if k != "name"}}, path)
    else:
        yield path, json.dumps(value, sort_keys=True)


def _implied(path: str, was: str, now: str) -> bool:
    """Return whether an order differs only because entries came or went, which has lines of its own."""
    if not path.endswith(_ORDER) or _ABSENT in {was, now}:
        return path.endswith(_ORDER)
    return sorted(json.loads(was)) != sorted(json.loads(now))


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def _when(space: Space, name: str) -> dict[str, Any]:
    when = {condition.on: _list(condition.among) for condition in space.conditions if condition.name == name}
    return {WHEN: when} if when else {}


def _default(spec: StudySpec, name: str) -> dict[str, Any]:
    return {"default": _list(spec.defaults[name])} if name in spec.defaults else {}


def _lists(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _list(value) for key, value in record.items()}


def _list(value: Any) -> Any:
    return [_list(item) for item in value] if isinstance(value, tuple) else value
