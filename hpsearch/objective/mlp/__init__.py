"""The objective that trains a multi-layer perceptron on rows that hpsearch reads."""

from hpsearch.objective.mlp.categories import check_embedding
from hpsearch.objective.mlp.defaults import fill_defaults
from hpsearch.objective.mlp.evaluator import MLPEvaluator
from hpsearch.objective.mlp.memory import check_memory
from hpsearch.objective.mlp.model import check_model
from hpsearch.objective.mlp.objective import MLPObjective
from hpsearch.objective.mlp.training import MLPOutcome, MLPState, MLPTask
from hpsearch.objective.mlp.versions import data_rules
from hpsearch.objective.mlp.warning import warnings_of

__all__ = [
    "MLPEvaluator",
    "MLPObjective",
    "MLPOutcome",
    "MLPState",
    "MLPTask",
    "check_embedding",
    "check_memory",
    "check_model",
    "data_rules",
    "fill_defaults",
    "warnings_of",
]
