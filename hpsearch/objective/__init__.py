"""The objective: what a trial evaluates, its task, its outcome, and the template of a study file."""

from hpsearch.nn.training.stacks import TrainingState
from hpsearch.objective.categories import check_embedding
from hpsearch.objective.defaults import fill_defaults
from hpsearch.objective.folds import training_rows
from hpsearch.objective.memory import check_memory
from hpsearch.objective.mlp import MLPObjective, check_model
from hpsearch.objective.outcome_cache import OutcomeCache
from hpsearch.objective.task import Ending, EpochEnd, Outcome, Task
from hpsearch.objective.template import draft_study, study_name
from hpsearch.objective.versions import data_rules
from hpsearch.objective.warning import warnings_of

__all__ = [
    "Ending",
    "EpochEnd",
    "MLPObjective",
    "Outcome",
    "OutcomeCache",
    "Task",
    "TrainingState",
    "check_embedding",
    "check_memory",
    "check_model",
    "data_rules",
    "draft_study",
    "fill_defaults",
    "study_name",
    "training_rows",
    "warnings_of",
]
