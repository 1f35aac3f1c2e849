"""What a trial evaluates."""

from hpsearch.objective.categories import check_embedding
from hpsearch.objective.defaults import fill_defaults
from hpsearch.objective.mlp import MLPObjective, check_model
from hpsearch.objective.outcome_cache import Shelf
from hpsearch.objective.task import Ending, EpochEnd, Midway, Outcome, Task
from hpsearch.objective.template import Draft, draft_study, study_name

__all__ = [
    "Draft",
    "Ending",
    "EpochEnd",
    "MLPObjective",
    "Midway",
    "Outcome",
    "Shelf",
    "Task",
    "check_embedding",
    "check_model",
    "draft_study",
    "fill_defaults",
    "study_name",
]
