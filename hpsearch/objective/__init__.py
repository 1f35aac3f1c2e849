"""The objective: what a trial evaluates, its task, its outcome, and the template of a study file."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.objective.code import Code as Code
    from hpsearch.objective.code import CodeError as CodeError
    from hpsearch.objective.code import find_code as find_code
    from hpsearch.objective.mlp import MLPEvaluator as MLPEvaluator
    from hpsearch.objective.mlp import check_embedding as check_embedding
    from hpsearch.objective.mlp import check_memory as check_memory
    from hpsearch.objective.mlp import check_model as check_model
    from hpsearch.objective.mlp import data_rules as data_rules
    from hpsearch.objective.mlp import fill_defaults as fill_defaults
    from hpsearch.objective.mlp import warnings_of as warnings_of
    from hpsearch.objective.objectives import OBJECTIVES as OBJECTIVES
    from hpsearch.objective.protocol import Evaluator as Evaluator
    from hpsearch.objective.protocol import Inputs as Inputs
    from hpsearch.objective.protocol import Judge as Judge
    from hpsearch.objective.protocol import Judged as Judged
    from hpsearch.objective.protocol import JudgedRows as JudgedRows
    from hpsearch.objective.protocol import Objective as Objective
    from hpsearch.objective.protocol import ResumeError as ResumeError
    from hpsearch.objective.protocol import RowEvaluator as RowEvaluator
    from hpsearch.objective.reading import check_study as check_study
    from hpsearch.objective.reading import load_study_file as load_study_file
    from hpsearch.objective.reading import study_of_tables as study_of_tables
    from hpsearch.objective.rows.folds import training_rows as training_rows
    from hpsearch.objective.rows.outcome_cache import OutcomeCache as OutcomeCache
    from hpsearch.objective.task import Ending as Ending
    from hpsearch.objective.task import OnReport as OnReport
    from hpsearch.objective.task import Outcome as Outcome
    from hpsearch.objective.task import Task as Task
    from hpsearch.objective.task import TaskReport as TaskReport
    from hpsearch.objective.task import TaskState as TaskState
    from hpsearch.objective.template import draft_study as draft_study
    from hpsearch.objective.template import study_name as study_name

_HOMES = {
    "Code": "hpsearch.objective.code",
    "CodeError": "hpsearch.objective.code",
    "Ending": "hpsearch.objective.task",
    "Evaluator": "hpsearch.objective.protocol",
    "Inputs": "hpsearch.objective.protocol",
    "Judge": "hpsearch.objective.protocol",
    "Judged": "hpsearch.objective.protocol",
    "JudgedRows": "hpsearch.objective.protocol",
    "MLPEvaluator": "hpsearch.objective.mlp",
    "OBJECTIVES": "hpsearch.objective.objectives",
    "Objective": "hpsearch.objective.protocol",
    "OnReport": "hpsearch.objective.task",
    "Outcome": "hpsearch.objective.task",
    "OutcomeCache": "hpsearch.objective.rows.outcome_cache",
    "ResumeError": "hpsearch.objective.protocol",
    "RowEvaluator": "hpsearch.objective.protocol",
    "Task": "hpsearch.objective.task",
    "TaskReport": "hpsearch.objective.task",
    "TaskState": "hpsearch.objective.task",
    "check_embedding": "hpsearch.objective.mlp",
    "check_memory": "hpsearch.objective.mlp",
    "check_model": "hpsearch.objective.mlp",
    "check_study": "hpsearch.objective.reading",
    "data_rules": "hpsearch.objective.mlp",
    "draft_study": "hpsearch.objective.template",
    "fill_defaults": "hpsearch.objective.mlp",
    "find_code": "hpsearch.objective.code",
    "load_study_file": "hpsearch.objective.reading",
    "study_name": "hpsearch.objective.template",
    "study_of_tables": "hpsearch.objective.reading",
    "training_rows": "hpsearch.objective.rows.folds",
    "warnings_of": "hpsearch.objective.mlp",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
