"""The declared default of a study: the configuration to use without a search."""

from dataclasses import fields

from hpsearch.nn import MLPConfig
from hpsearch.objective.mlp.layers import USUAL_LAYERS
from hpsearch.space import Parameter, Value
from hpsearch.study_file import Setting, StudySpec


def fill_defaults(spec: StudySpec, config: MLPConfig) -> dict[str, Value]:
    """Return the default of every parameter, by name: the study's where it declares one, else the network's.

    The network's own default is moved to the nearest end of the outer range where it lies outside. Where the
    network has none, the middle of the range is the default; where it is none of the choices, the first is.

    Args:
        spec: The study.
        config: The network of the study's fixed settings and the network's own defaults.
    """
    usual = {**{field.name: getattr(config, field.name) for field in fields(config)}, **USUAL_LAYERS}
    declared = {p.name: p.internal(spec.defaults[p.name]) for p in spec.space if p.name in spec.defaults}
    return {
        p.name: p.external(declared[p.name]) if p.name in declared else _network_default(p, usual[p.name])
        for p in spec.space
    }


def _network_default(parameter: Parameter, value: Setting | None) -> Value:
    if parameter.kind == "choice":
        return next((c for c in parameter.choices if c == value), parameter.choices[0])
    if not isinstance(value, int | float):
        return parameter.external(parameter.from_unit(0.5))
    low, high = parameter.ends
    return parameter.external(min(max(value, low), high))
