"""The search space: parameters, conditions and points."""

from hpsearch.space.bounds import Value
from hpsearch.space.checks import key_path, key_text
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import Condition
from hpsearch.space.mirrored import MirroredParameter
from hpsearch.space.point import complete, ends, filled, in_space, parse_point, read_point
from hpsearch.space.space import FloatParameter, IntParameter, Parameter, Space

__all__ = [
    "ChoiceParameter",
    "Condition",
    "FloatParameter",
    "IntParameter",
    "MirroredParameter",
    "Parameter",
    "Space",
    "Value",
    "complete",
    "ends",
    "filled",
    "in_space",
    "key_path",
    "key_text",
    "parse_point",
    "read_point",
]
