"""The objectives by name."""

from collections.abc import Mapping

from hpsearch.objective.call.objective import CallObjective
from hpsearch.objective.command.objective import CommandObjective
from hpsearch.objective.mlp import MLPObjective
from hpsearch.objective.protocol import Objective

OBJECTIVES: Mapping[str, Objective] = {
    "mlp": MLPObjective(),
    "call": CallObjective(),
    "command": CommandObjective(),
}
"""Kind, as ``ObjectiveSpec.kind`` gives it -> objective."""
