"""The objectives by name."""

from collections.abc import Mapping

from hpsearch.objective.call.evaluator import CallEvaluator
from hpsearch.objective.command.evaluator import CommandEvaluator
from hpsearch.objective.estimator.objective import EstimatorObjective
from hpsearch.objective.mlp import MLPObjective
from hpsearch.objective.process.objective import ProcessObjective
from hpsearch.objective.protocol import Objective

OBJECTIVES: Mapping[str, Objective] = {
    "mlp": MLPObjective(),
    "estimator": EstimatorObjective(),
    "call": ProcessObjective(CallEvaluator),
    "command": ProcessObjective(CommandEvaluator),
}
"""Kind, as ``ObjectiveSpec.kind`` gives it -> objective."""
