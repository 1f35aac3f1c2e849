"""What a trial evaluates."""

from hpsearch.objective.defaults import fill_defaults
from hpsearch.objective.mlp import MLPObjective, check_model
from hpsearch.objective.shelf import Shelf
from hpsearch.objective.task import Ending, Outcome, Task

__all__ = ["Ending", "MLPObjective", "Outcome", "Shelf", "Task", "check_model", "fill_defaults"]
