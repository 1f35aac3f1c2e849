"""The JSON Schema of the study file, from the records and maps behind it; bounds are found by trying values.

Draft 7 and no newer: editors of TOML know that one. What holds between two keys is left to `hpsearch check`.
"""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

import study_file

from hpsearch.data import SOURCES
from hpsearch.errors import HpsearchError
from hpsearch.estimators.columns import ENCODINGS
from hpsearch.metrics import METRICS
from hpsearch.nn import MLPConfig
from hpsearch.nn.config import names_of
from hpsearch.objective.estimator.named import NAMED_ESTIMATORS
from hpsearch.objective.mlp.layers import MODEL_KEYS, network_config
from hpsearch.space import LONGEST_NAME, FloatParameter, Space
from hpsearch.space.conditions import WHEN
from hpsearch.space.mirrored import MIRRORED
from hpsearch.study_file import (
    BALANCED,
    DECIMALS,
    DIRECTIONS,
    ENGINES,
    MODELS,
    NUMBER_LOSSES,
    STARTS,
    ClassWeight,
    DataSpec,
    StudySpec,
)
from hpsearch.study_file.data import DATES, SCALINGS, TASKS
from hpsearch.study_file.reader import MOST_ITEMS

NAMES: Mapping[str, Any] = {
    "task": TASKS,
    "dates": DATES,
    "decimal": DECIMALS,
    "scaling": SCALINGS,
    "loss": NUMBER_LOSSES,
    "encoding": ENCODINGS,
    "direction": DIRECTIONS,
    "start": STARTS,
    "model": MODELS,
    "baseline": NAMED_ESTIMATORS,
    "engine": ENGINES,
}
"""Key -> the names that it may have."""
SUGGESTED: Mapping[str, Any] = {"source": SOURCES, "metric": METRICS}
"""Key of a text -> names that an editor offers."""
WITH: Mapping[str, Mapping[str, Any]] = {
    "repeats": {"folds": 2},
    "timeout": {"command": ("x",)},
    "memory": {"command": ("x",)},
    "max_failures": {"command": ("x",)},
}
"""Key -> what must stand beside it."""
LARGEST = 2**53
WHOLE, TEXT, FREE = {"type": "integer"}, {"type": "string"}, dict[str, Any]()
TEXTS, TABLE = {"type": "array", "items": TEXT}, {"type": "object"}
WEIGHT = {"type": "number", "minimum": 0}
TYPES: Mapping[Any, Mapping[str, Any]] = {
    str: TEXT,
    int: WHOLE,
    bool: {"type": "boolean"},
    float: {"type": "number"},
    float | int: {
        "anyOf": [{"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, WHOLE | {"minimum": 1}]
    },
    tuple[str, ...]: TEXTS,
    tuple[int, ...]: {"type": "array", "items": WHOLE | {"minimum": 1}},
    tuple[tuple[int, float], ...]: {
        "type": "array",
        "items": {"type": "array", "items": WEIGHT, "minItems": 2, "maxItems": 2},
    },
    Mapping[str, Any]: TABLE,
    ClassWeight: {"anyOf": [{"enum": [BALANCED]}, TABLE | {"additionalProperties": WEIGHT}]},
}
"""Type of a record's field -> the schema of its values."""


def text() -> str:
    """Return the schema as the package holds it."""
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """Return the schema of a study file.

    The keys of a network are offered in every file and asked for where no objective is named.
    """
    has = {
        kind: {"required": ["objective"], "properties": {"objective": {"required": [kind]}}}
        for kind in ("estimator", "call", "command")
    }
    metric = {"objective": {"properties": {"metric": {"enum": list(METRICS)}}}}
    network = {"model": {"$ref": "#/definitions/model"}, "space": {"$ref": "#/definitions/space"}}
    tables = {name: _table(record) for name, (record, _) in study_file.TABLES.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A study of hpsearch",
        "description": "A study. `hpsearch check FILE` says what it means, and checks its data as well.",
        "type": "object",
        "required": ["space"],
        "additionalProperties": False,
        "properties": {
            **_top(),
            **tables,
            "model": TABLE
            | {
                "description": "Fixed settings of the model; each may move to `[space]`.",
                "anyOf": [{"$ref": "#/definitions/model"}, FREE],
            },
            "space": TABLE
            | {
                "description": "The parameters to search, at least one.",
                "minProperties": 1,
                "additionalProperties": {"$ref": "#/definitions/parameter"},
                "anyOf": [{"$ref": "#/definitions/space"}, FREE],
            },
        },
        "if": {"anyOf": [has["call"], has["command"]]},
        "then": {"properties": {"data": False, "model": False}},
        "else": {
            "required": ["data"],
            "properties": metric,
            "if": {"not": has["estimator"]},
            "then": {"properties": network},
        },
        "definitions": {
            "parameter": _parameter("A parameter: a range, or choices."),
            "model": _network(_setting),
            "space": _network(lambda key: _parameter(_told(key))),
        },
    }


def _top() -> dict[str, Any]:
    told, known = study_file.attributes(StudySpec), {field.name: field for field in fields(StudySpec)}
    space = Space((FloatParameter(name="lr", low=0.1, high=0.2),))
    usual = {"name": "x", "seed": 0, "trials": 9, "parallelism": 1, "data": DataSpec(source="x"), "model": {}}

    def study(keys: Mapping[str, Any]) -> StudySpec:
        return StudySpec(**{**usual, "space": space, **keys})

    keys = {
        key: {"description": told[key], **_typed(known[key]), **_bounds(study, key, known[key].type)}
        for key in (*study_file.TOP, "attempts")
    }
    keys["name"] |= {"minLength": 1, "maxLength": LONGEST_NAME}
    return keys


def _table(record: type) -> dict[str, Any]:
    told, known = study_file.attributes(record), fields(record)
    first = {"source": "x"} if record is DataSpec else {}
    keys = {
        field.name: {
            "description": told[field.name],
            **_typed(field),
            **_bounds(lambda given: record(**{**first, **given}), field.name, field.type),
        }
        for field in known
    }
    needed = [field.name for field in known if field.default is MISSING and field.default_factory is MISSING]
    about = study_file.markdown((inspect.getdoc(record) or "").partition("\n\n")[0])
    return {
        "description": about,
        "type": "object",
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
        "properties": keys,
    }


def _typed(field: Field[Any]) -> dict[str, Any]:
    """Return the type, the names and the default of a field."""
    (found,) = (schema for kind, schema in TYPES.items() if field.type in {kind, kind | None})
    found = dict(found)
    if field.name in NAMES and found == TEXT:
        found = {"enum": list(NAMES[field.name])}
    elif field.name in SUGGESTED:
        found = {"anyOf": [{"enum": list(SUGGESTED[field.name])}, found]}
    default = field.default
    if default is not MISSING and default is not None and field.name not in study_file.DERIVED:
        found["default"] = list(default) if isinstance(default, tuple) else default
    return found


def _bounds(make: Callable[[Mapping[str, Any]], object], key: str, kind: object) -> dict[str, Any]:
    """Return the least and the largest number that a record takes at a key, and what is just not taken."""

    def taken(value: float) -> bool:
        try:
            make({**WITH.get(key, {}), key: value})
        except HpsearchError:
            return False
        return True

    if kind in {int, int | None}:
        low, high = next(n for n in (0, 1, 2) if taken(n)), LARGEST
        if taken(high):
            return {"minimum": low}
        inside = low
        while high - inside > 1:
            middle = (inside + high) // 2
            inside, high = (middle, high) if taken(middle) else (inside, middle)
        return {"minimum": low, "maximum": inside}
    if kind not in {float, float | None}:
        return {}
    found: dict[str, Any] = {}
    if not taken(-1.0):
        found["minimum" if taken(0.0) else "exclusiveMinimum"] = 0
    if not taken(2.0):
        found["maximum" if taken(1.0) else "exclusiveMaximum"] = 1
    return found


def _told(key: str) -> str:
    told = study_file.LAYERS.get(key) or study_file.attributes(MLPConfig)[key]
    return study_file.MAP.sub(f"One of {', '.join(names_of(key))}", told)


def _network(of: Callable[[str], Mapping[str, Any]]) -> dict[str, Any]:
    """Return the table of the settings of a network, each with the schema that a function gives it."""
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: of(key) for key in MODEL_KEYS},
    }


def _setting(key: str) -> dict[str, Any]:
    known = {field.name: field for field in fields(MLPConfig)}
    found = _typed(known[key]) if key in known else dict(WHOLE)
    kind = known[key].type if key in known else int
    if names := names_of(key):
        found = {"enum": names, "default": found["default"]}
    found |= _bounds(lambda given: network_config(dict(given)), key, kind)
    return {"description": _told(key), **found}


def _parameter(description: str) -> dict[str, Any]:
    told, choices = (
        study_file.attributes(FloatParameter),
        {"type": "array", "minItems": 1, "maxItems": MOST_ITEMS},
    )
    widen = _bounds(
        lambda given: FloatParameter(name="x", low=0.1, high=0.2, log=True, **given), "widen", int
    )
    log = f'{told["log"]} `"{MIRRORED}"` suits a number near 1, such as a momentum.'
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "low": {"description": told["low"], "type": "number"},
            "high": {"description": told["high"], "type": "number"},
            "log": {"description": log, "enum": [True, False, MIRRORED]},
            "widen": {"description": told["widen"], **WHOLE, **widen},
            "choices": {"description": "The values, of one type, in place of a range.", **choices},
            "default": {"description": "What you would try without a search; it races at the end."},
            WHEN: {
                "description": "The choices under which the parameter has a value.",
                "type": "object",
                "minProperties": 1,
            },
        },
        "anyOf": [{"required": ["low", "high"]}, {"required": ["choices"]}],
        "not": {"required": ["low", "choices"]},
    }
