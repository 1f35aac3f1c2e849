"""The search space.

Four kinds of parameters (``FloatParameter``, ``IntParameter``, ``MirroredParameter``, ``ChoiceParameter``),
the conditions under which a parameter has a value, the ``Space`` of all of them, and points that people or
other programs give, checked against the space.
"""

from hpsearch.space.checks import key_path, key_text
from hpsearch.space.choice import ChoiceParameter
from hpsearch.space.conditions import Condition
from hpsearch.space.lists import choice_text, frozen_list, is_json_value, json_value, plain_value
from hpsearch.space.mirrored import MirroredParameter
from hpsearch.space.numbers import FloatParameter, IntParameter
from hpsearch.space.parameter import LONGEST_NAME, Value
from hpsearch.space.point import complete, filled, in_space, parse_point, read_point
from hpsearch.space.recorded import RecordedParameter, recorded_parameters
from hpsearch.space.recorded_space import observed_space, steady
from hpsearch.space.space import Parameter, Space

__all__ = [
    "LONGEST_NAME",
    "ChoiceParameter",
    "Condition",
    "FloatParameter",
    "IntParameter",
    "MirroredParameter",
    "Parameter",
    "RecordedParameter",
    "Space",
    "Value",
    "choice_text",
    "complete",
    "filled",
    "frozen_list",
    "in_space",
    "is_json_value",
    "json_value",
    "key_path",
    "key_text",
    "observed_space",
    "parse_point",
    "plain_value",
    "read_point",
    "recorded_parameters",
    "steady",
]
