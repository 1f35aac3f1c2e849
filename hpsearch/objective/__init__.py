"""The objective: what a trial evaluates, its task, its outcome, and the template of a study file."""

from hpsearch.objective.code import Code, CodeError, find_code
from hpsearch.objective.mlp import (
    MLPEvaluator,
    check_embedding,
    check_memory,
    check_model,
    data_rules,
    fill_defaults,
    warnings_of,
)
from hpsearch.objective.objectives import OBJECTIVES
from hpsearch.objective.protocol import (
    Evaluator,
    Inputs,
    Judge,
    Judged,
    JudgedRows,
    Objective,
    ResumeError,
    RowEvaluator,
)
from hpsearch.objective.rows.folds import training_rows
from hpsearch.objective.rows.outcome_cache import OutcomeCache
from hpsearch.objective.task import Ending, OnReport, Outcome, Task, TaskReport, TaskState
from hpsearch.objective.template import draft_study, study_name

__all__ = [
    "OBJECTIVES",
    "Code",
    "CodeError",
    "Ending",
    "Evaluator",
    "Inputs",
    "Judge",
    "Judged",
    "JudgedRows",
    "MLPEvaluator",
    "Objective",
    "OnReport",
    "Outcome",
    "OutcomeCache",
    "ResumeError",
    "RowEvaluator",
    "Task",
    "TaskReport",
    "TaskState",
    "check_embedding",
    "check_memory",
    "check_model",
    "data_rules",
    "draft_study",
    "fill_defaults",
    "find_code",
    "study_name",
    "training_rows",
    "warnings_of",
]
