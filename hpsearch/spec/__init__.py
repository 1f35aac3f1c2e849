"""The study file: TOML to frozen records, spaces and seeds."""

from hpsearch.spec.bounds import Value
from hpsearch.spec.build import build_study, default_rounds
from hpsearch.spec.checks import key_path, key_text
from hpsearch.spec.choice import ChoiceParameter
from hpsearch.spec.conditions import Condition
from hpsearch.spec.contract import LIVE, contract_hash, diff, frozen, spec_from_dict, spec_to_dict
from hpsearch.spec.document import Document
from hpsearch.spec.mirrored import MirroredParameter
from hpsearch.spec.point import complete, ends, filled, in_space, parse_point, read_point
from hpsearch.spec.reader import read_study
from hpsearch.spec.records import (
    ENGINES,
    STARTS,
    ConfirmSpec,
    DataSpec,
    FleetSpec,
    SearchSpec,
    Setting,
    StopSpec,
    StudySpec,
)
from hpsearch.spec.seeds import Purpose, child_seed
from hpsearch.spec.space import (
    FloatParameter,
    IntParameter,
    Parameter,
    Space,
)
from hpsearch.spec.toml import comment_text, toml_text

__all__ = [
    "ENGINES",
    "LIVE",
    "STARTS",
    "ChoiceParameter",
    "Condition",
    "ConfirmSpec",
    "DataSpec",
    "Document",
    "FleetSpec",
    "FloatParameter",
    "IntParameter",
    "MirroredParameter",
    "Parameter",
    "Purpose",
    "SearchSpec",
    "Setting",
    "Space",
    "StopSpec",
    "StudySpec",
    "Value",
    "build_study",
    "child_seed",
    "comment_text",
    "complete",
    "contract_hash",
    "default_rounds",
    "diff",
    "ends",
    "filled",
    "frozen",
    "in_space",
    "key_path",
    "key_text",
    "parse_point",
    "read_point",
    "read_study",
    "spec_from_dict",
    "spec_to_dict",
    "toml_text",
]
