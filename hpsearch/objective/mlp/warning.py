"""Warnings about a study: settings that nothing reads, batches of one row, rates that are not used."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any

from hpsearch.data import Dataset
from hpsearch.nn import MLPConfig
from hpsearch.nn.functions.normalization import normalizes_batches, one_row_batch
from hpsearch.nn.settings_read import readers, unread
from hpsearch.nn.warning import rate_warning
from hpsearch.objective.mlp.layers import DEPTH, WIDTH, network_config, network_settings
from hpsearch.objective.rows.folds import training_rows
from hpsearch.space import Parameter, Value
from hpsearch.space.checks import key_text, show
from hpsearch.space.conditions import WHEN
from hpsearch.study_file import DataSpec, StudySpec

_LISTED = 4
_BATCH = "batch_size"


def warnings_of(spec: StudySpec, dataset: Dataset) -> list[str]:
    """Return a line for each setting that does not do what it seems to.

    Args:
        spec: The study, with or without its defaults filled in.
        dataset: Its data.
    """
    rows = [training_rows(spec, dataset)]
    if spec.confirm.refit:
        rows.append(len(dataset.y_train) + len(dataset.y_val))
    settings = [
        *unread_settings(spec),
        *_unread_share(spec),
        *_unread_width(spec),
        *_one_row_batches(spec, rows),
        *_high_rates(spec),
    ]
    return [*settings, *_labels_of_two_classes(dataset), *dataset.doubts]


def _labels_of_two_classes(dataset: Dataset) -> Iterator[str]:
    """Yield a line where two classes have one label, because one number has two spellings."""
    classes: dict[Any, Any] = {}
    for name, label in zip(dataset.classes, dataset.labels.tolist(), strict=True):
        if label in classes:
            yield (
                f"data.target: {show(classes[label])} and {show(name)} are the same label and count as two "
                "classes; write it in one way"
            )
        classes[label] = name


def unread_settings(spec: StudySpec) -> Iterator[str]:
    """Yield a line for each setting that was given and that some or all trials do not read."""
    usual = MLPConfig()
    for field in fields(MLPConfig):
        given = f"model.{field.name}" in spec.document.lines or (
            spec.model.get(field.name) not in {None, getattr(usual, field.name)}
        )
        if field.name in spec.space.names:
            yield from _unread(spec, "space", field.name)
        elif given:
            yield from _unread(spec, "model", field.name)


def _unread_share(spec: StudySpec) -> Iterator[str]:
    """Yield a line where a share of validation rows was given beside folds."""
    key = "data.validation"
    given = key in spec.document.lines or spec.data.validation != DataSpec(source=spec.data.source).validation
    if spec.data.folds > 1 and given:
        yield f"{key}: no trial reads it, because data.folds is {spec.data.folds}; leave it out"


def _unread_width(spec: StudySpec) -> Iterator[str]:
    """Yield a line where a width was given for networks without hidden layers."""
    key = f"{'space' if WIDTH in spec.space.names else 'model'}.{WIDTH}"
    if spec.model.get(DEPTH) == 0 and (key in spec.document.lines or WIDTH in spec.space.names):
        yield f"{key}: no trial reads it, because {DEPTH} is 0"


def _unread(spec: StudySpec, table: str, name: str) -> Iterator[str]:
    """Yield a line where a setting is read nowhere, or is searched and read under some choices only."""
    configs = dict(_configs(spec, name))
    reasons = {place: unread(config).get(name) for place, config in configs.items()}
    key = next((reason for reason in reasons.values() if reason), None)
    if key is None:
        return
    path = f"{table}.{key_text(name)}"
    if all(reasons.values()):
        found = _value(configs[None], key)
        others = readers(configs[None], name, key)
        hint = f"; {', '.join(others)} would" if others else ""
        yield f"{path}: no trial reads it, because {key} is {found}{hint}"
        return
    idle = [place[1] for place, reason in reasons.items() if place and place[0] == key and reason]
    if table == "space" and idle:
        values = next(p for p in spec.space if p.name == key).choices
        rest = [value for value in values if value not in idle]
        yield (
            f"{path}: trials whose {key} is {' or '.join(map(show, idle))} do not read it; "
            f"add {WHEN} = {{ {key} = {show(rest)} }}"
        )


def _configs(spec: StudySpec, name: str) -> Iterator[tuple[tuple[str, Value] | None, MLPConfig]]:
    """Yield networks of a study that have a setting: one, and one with each value of each other choice."""
    for place, point in _points(spec, name):
        if name in point or name not in spec.space.names:
            yield place, network_config({**spec.model, **point})


def _points(spec: StudySpec, name: str) -> Iterator[tuple[tuple[str, Value] | None, Mapping[str, Value]]]:
    space, needs = spec.space, spec.space.needs
    mine = needs.get(name, {})
    # The high ends: a range that begins at 0, such as that of dropout, is not off.
    first: dict[str, Any] = {p.name: p.external(p.ends[0 if p.choices else 1]) for p in space}
    first |= {on: among[0] for on, among in mine.items()}
    yield None, space.external(space.internal(first))
    for parameter in space:
        if parameter.name != name:
            above = {on: among[0] for on, among in needs[parameter.name].items() if on not in mine}
            for value in mine.get(parameter.name, parameter.choices):
                point = space.external(space.internal({**first, **above, parameter.name: value}))
                if point.get(parameter.name) == value:
                    yield (parameter.name, value), point


def _value(config: MLPConfig, key: str) -> str:
    return "[]" if key == "hidden" else show(getattr(config, key))


def _one_row_batches(spec: StudySpec, rows: Sequence[int]) -> Iterator[str]:
    """Yield a line where batch normalization meets a batch of one row in an epoch of one of some lengths."""
    parameters = {parameter.name: parameter for parameter in spec.space}
    given = network_settings(spec.model)
    model: dict[str, Any] = {f.name: given.get(f.name, f.default) for f in fields(MLPConfig)}
    kinds = parameters["normalization"].choices if "normalization" in parameters else [model["normalization"]]
    if not model["hidden"] or not any(map(normalizes_batches, map(str, kinds))):
        return

    def bad(size: int) -> list[int]:
        return [n for n in rows if one_row_batch(n, size)]

    searched = _BATCH in parameters
    sizes = _sizes(parameters[_BATCH], max(rows)) if searched else [model[_BATCH]]
    found = list(filter(bad, sizes))
    if found:
        shown = ", ".join(map(str, found[:_LISTED])) + (", ..." if len(found) > _LISTED else "")
        lengths = " or ".join(str(n) for n in rows if any(n in bad(size) for size in found))
        good = next((size for size in range(found[0] + 1, max(rows)) if not bad(size)), max(rows))
        yield (
            f"{'space' if searched else 'model'}.{_BATCH}: with {shown} an epoch of {lengths} rows "
            f"has a batch of one row, of which batch normalization learns nothing; with {good} it has none"
        )


def _high_rates(spec: StudySpec) -> Iterator[str]:
    """Yield a line where a rate of dropout is above the highest that is used."""
    parameters = {parameter.name: parameter for parameter in spec.space}
    for key in ("dropout", "input_dropout"):
        rates: list[Any] = [spec.model.get(key, 0.0)]
        if key in parameters:
            p = parameters[key]
            rates = list(p.choices or map(p.external, p.ends))
        words = rate_warning(max(map(float, rates)))
        if words and (key == "input_dropout" or network_settings(spec.model).get("hidden", True)):
            yield f"{'space' if key in parameters else 'model'}.{key}: {words}"


def _sizes(parameter: Parameter, rows: int) -> list[int]:
    """Return the batch sizes that a parameter may have; of a range, those up to the number of rows."""
    if parameter.choices:
        return [int(size) for size in parameter.choices if isinstance(size, int)]
    low, high = parameter.ends
    return list(range(int(low), int(min(high, rows)) + 1))
