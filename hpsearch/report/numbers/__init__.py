"""The numbers of a report: what a study was, found and cost, before anybody draws or prints it."""

from hpsearch.report.next_steps import NextStep
from hpsearch.report.numbers.boxes import RoundBox, Side
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.provenance import Environment, Provenance
from hpsearch.report.numbers.rungs import Agreement, RungTrack
from hpsearch.report.numbers.study import StudyReport, study_report
from hpsearch.report.numbers.time import WorkerTime
from hpsearch.report.numbers.trials import Stage, Trials

__all__ = [
    "Agreement",
    "Environment",
    "NextStep",
    "ParameterColumn",
    "Provenance",
    "RoundBox",
    "RungTrack",
    "ScaleKind",
    "Side",
    "Stage",
    "StudyReport",
    "Trials",
    "WorkerTime",
    "study_report",
]
