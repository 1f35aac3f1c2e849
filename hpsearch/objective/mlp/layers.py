"""The hidden layers of a network in a study: the keys ``depth`` and ``width`` stand for ``hidden``."""

from collections.abc import Collection, Mapping
from dataclasses import fields

from hpsearch.nn import MLPConfig
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.space.checks import key_text, show
from hpsearch.study_file import Setting, StudySpec

HIDDEN, DEPTH, WIDTH = "hidden", "depth", "width"

USUAL_LAYERS: Mapping[str, int] = {DEPTH: len(MLPConfig().hidden), WIDTH: MLPConfig().hidden[0]}
"""Key -> its default where the other one is given: together the usual ``hidden``."""

MODEL_KEYS = [*(field.name for field in fields(MLPConfig)), *USUAL_LAYERS]
"""The keys of ``[model]``: the settings of a network, and the two that stand for ``hidden``."""

DEEPEST = 1000
"""Hidden layers, at most."""

_EXAMPLE = "depth = 2 and width = 64 mean hidden = [64, 64]"


def network_settings(settings: Mapping[str, Setting]) -> dict[str, Setting]:
    """Return settings as the network takes them: with ``hidden`` in place of ``depth`` and ``width``.

    Raises:
        SettingError: A depth or a width is no whole number, or out of range.

    Example:
        >>> network_settings({"depth": 2, "width": 64, "lr": 0.01})
        {'lr': 0.01, 'hidden': (64, 64)}
    """
    if not has_layers(settings):
        return dict(settings)
    sizes = {**USUAL_LAYERS, **{key: settings[key] for key in USUAL_LAYERS if key in settings}}
    depth = whole_number(DEPTH, sizes[DEPTH], least=0)
    if depth > DEEPEST:
        raise SettingError(DEPTH, f"expected at most {DEEPEST} hidden layers, found {depth}")
    others = {key: value for key, value in settings.items() if key not in USUAL_LAYERS}
    return {**others, HIDDEN: (whole_number(WIDTH, sizes[WIDTH]),) * depth}


def network_config(settings: Mapping[str, Setting]) -> MLPConfig:
    """Return the network of settings of a study, its depth and width among them.

    Raises:
        SettingError: A setting is of the wrong type or out of range.
    """
    return MLPConfig(**network_settings(settings))  # type: ignore[arg-type]  # it refuses other types


def has_layers(names: Collection[str]) -> bool:
    """Return whether settings of these names say how deep or how wide a network is."""
    return any(key in names for key in USUAL_LAYERS)


def layers_of(spec: StudySpec) -> dict[str, Setting]:
    """Return depth and width as far as they are fixed in a study that gives one of them, else nothing."""
    names = spec.space.names
    if not has_layers((*spec.model, *names)):
        return {}
    return {key: spec.model.get(key, usual) for key, usual in USUAL_LAYERS.items() if key not in names}


def check_layers(spec: StudySpec) -> None:
    """Refuse ``hidden`` beside ``depth`` or ``width``, and layers that are no list.

    Raises:
        StudyFileError: Names file, line, key, and what was expected and found.
    """
    tables = {**dict.fromkeys(spec.space.names, "space"), **dict.fromkeys(spec.model, "model")}
    if HIDDEN not in tables:
        return
    path = f"{tables[HIDDEN]}.{HIDDEN}"
    beside = [f"{tables[key]}.{key_text(key)}" for key in USUAL_LAYERS if key in tables]
    if beside:
        expected = f"expected {HIDDEN}, or {DEPTH} and {WIDTH}, found it beside {' and '.join(beside)}"
        raise spec.document.error(path, f"{expected}; {_EXAMPLE}")
    if HIDDEN in spec.model:
        _expect_layers(spec, path, spec.model[HIDDEN])
    for parameter in spec.space:
        if parameter.name == HIDDEN and parameter.kind != "choice":
            found = f"found a range of numbers: to search ranges, use {DEPTH} and {WIDTH}"
            raise spec.document.error(path, f"expected {{ choices = [[64], [64, 64]] }}, {found}")
        for place, value in enumerate(parameter.choices if parameter.name == HIDDEN else ()):
            _expect_layers(spec, f"{path}.choices[{place}]", value)


def _expect_layers(spec: StudySpec, path: str, value: Setting) -> None:
    if isinstance(value, tuple):
        return
    one = isinstance(value, int) and not isinstance(value, bool)
    hint = f"; for one hidden layer write [{show(value)}]" if one else ""
    raise spec.document.error(path, f"expected a list of the units of each layer, found {show(value)}{hint}")
