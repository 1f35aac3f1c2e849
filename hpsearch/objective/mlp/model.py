"""The settings of a network in a study: those that no network has are refused."""

from collections.abc import Mapping
from dataclasses import fields
from typing import get_args

from hpsearch.nn import OPTIMIZERS, MLPConfig, SettingError
from hpsearch.objective.mlp.layers import MODEL_KEYS, check_layers, network_config
from hpsearch.objective.points import point_with
from hpsearch.objective.rows.metric import row_metric
from hpsearch.space import Value
from hpsearch.space.checks import key_text, show
from hpsearch.space.conditions import WHEN
from hpsearch.study_file import Setting, StudySpec, unknown_key

_NEEDED = ("schedule_rates", "warmup_epochs")
"""Settings that a schedule needs: it may be fixed while they are searched."""


def check_model(spec: StudySpec) -> MLPConfig:
    """Refuse settings and parameters that no network has; return the network of the fixed settings.

    Every choice and both ends of every range are tried, each in a whole point of the space in which the
    parameter is active.

    Raises:
        StudyFileError: Names file, line, key, and what was expected and found.
    """
    known = MODEL_KEYS
    fractions = {field.name for field in fields(MLPConfig) if float in (field.type, *get_args(field.type))}
    for table, names in (("model", spec.model), ("space", spec.space.names)):
        for name in names:
            if name not in known:
                raise spec.document.error(f"{table}.{key_text(name)}", unknown_key(name, known))
    check_layers(spec)
    config = _checked(spec, "model", {**_needed(spec), **spec.model})
    for parameter in spec.space:
        if parameter.kind == "int" and parameter.name in fractions:
            low, high = f"{parameter.low}.0", f"{parameter.high}.0"
            raise spec.document.error(
                f"space.{parameter.name}.low", f"expected fractions: write low = {low}, high = {high}"
            )
        for value in parameter.choices or parameter.ends:
            _checked(spec, "space", {**spec.model, **point_with(spec.space, parameter, value)})
    _check_constants_are_read(spec)
    return config


def _needed(spec: StudySpec) -> dict[str, Value]:
    """Return a value of each searched setting without which a fixed one would be refused."""
    sought = (parameter for parameter in spec.space if parameter.name in _NEEDED)
    return {parameter.name: parameter.external(parameter.ends[0]) for parameter in sought}


def _checked(spec: StudySpec, table: str, settings: Mapping[str, Setting]) -> MLPConfig:
    try:
        config = network_config(settings)
    except SettingError as error:
        raise spec.document.error(f"{table}.{error.key}", error.problem) from error
    if config.label_smoothing and not row_metric(spec).for_classes:
        found = f"expected 0 for a regression, which has no labels, found {show(config.label_smoothing)}"
        raise spec.document.error(f"{table}.label_smoothing", found)
    return config


def _check_constants_are_read(spec: StudySpec) -> None:
    """Refuse a constant that is searched for an optimizer which does not read it."""
    read = {name: [field.name for field in fields(kind)] for name, kind in OPTIMIZERS.items()}  # type: ignore[arg-type]  # all are dataclasses
    for condition in spec.space.conditions:
        readers = [name for name, constants in read.items() if condition.name in constants]
        idle = [name for name in condition.among if name not in readers]
        if condition.on == "optimizer" and readers and idle:
            key = f"space.{condition.name}.{WHEN}.optimizer"
            expected = f"optimizers that read {condition.name} ({', '.join(readers)})"
            raise spec.document.error(key, f"expected {expected}, found {show(idle)}")
