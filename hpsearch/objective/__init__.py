"""What a trial evaluates."""

from hpsearch.objective.mlp import Ending, MLPObjective, Outcome, Task, check_model

__all__ = ["Ending", "MLPObjective", "Outcome", "Task", "check_model"]
