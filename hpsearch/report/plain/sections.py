"""The sections of a report as tables of words, for text and for Markdown."""

import math

import numpy as np

from hpsearch.number import rounded
from hpsearch.report.cells import good_text, number_text, range_text, value_text
from hpsearch.report.numbers.classes import class_scores, classes_line
from hpsearch.report.numbers.nursings import intervention_words
from hpsearch.report.numbers.study import StudyReport, modelled, near_best_lines
from hpsearch.report.plain.answer import (
    answer_section,
    done_section,
    race_section,
    repeat_section,
    winner_section,
)
from hpsearch.report.plain.origin import environment_section, provenance_section
from hpsearch.report.plain.section import Section
from hpsearch.report.text import STATE_WORDS, show_value
from hpsearch.search import TrialState
from hpsearch.store import Activity
from hpsearch.types import IntArray

BEST_SHOWN = 10
"""Trials that are listed, and from which the good values of a parameter are taken."""
STAGE_STATES = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED)


def sections_of(report: StudyReport) -> tuple[Section, ...]:
    """Return the parts of a report in the order in which they are read; empty ones are left out."""
    parts = (
        answer_section(report),
        done_section(report),
        winner_section(report),
        _classes(report),
        _next(report),
        _failures(report),
        race_section(report),
        _importance(report),
        _best_trials(report),
        _stages(report),
        _ranges(report),
        _boxes(report),
        _epochs(report),
        _rungs(report),
        _nursings(report),
        _phases(report),
        _time(report),
        repeat_section(report),
        provenance_section(report),
        environment_section(report),
    )
    return tuple(part for part in parts if part.rows or part.lines)


def _next(report: StudyReport) -> Section:
    rows = tuple((step.purpose, step.command) for step in report.next_steps)
    return Section(title="What to type next", rows=rows)


def _classes(report: StudyReport) -> Section:
    best = None if report.confirms else report.summary.best
    rows = tuple(
        (one.name, str(one.rows), number_text(one.recall), number_text(one.precision), one.mistaken)
        for one in class_scores(best)
    )
    many = "" if best is None else classes_line(best)
    header = ("class", "test rows", "recall", "precision", "most often taken for")
    return Section(title="Classes", lines=(many,) if many else (), header=header, rows=rows)


def _failures(report: StudyReport) -> Section:
    rows = tuple((str(one.number), one.reason) for one in report.failures)
    lines = tuple(line for one in report.failures[:1] for line in one.error.split("\n"))
    return Section(title="Failed trials", lines=lines, header=("trial", "why"), rows=rows)


def _importance(report: StudyReport) -> Section:
    rows = tuple(
        (
            found.name,
            f"{found.share * 100:.0f} %",
            f"{found.interval[0] * 100:.0f} to {found.interval[1] * 100:.0f} %",
        )
        for found in report.importances
    )
    text = f"the share of the value's variance over the whole space, by a model of {modelled(report)}"
    return Section(
        title="Which parameters mattered",
        lines=(text, *near_best_lines(report.importances)) if rows else (),
        header=("parameter", "share", "95 % interval"),
        rows=rows,
    )


def _ranking(report: StudyReport) -> IntArray:
    """Return the numbers of the complete trials, highest value first, then by number."""
    trials = report.trials
    complete = np.flatnonzero(trials.states == TrialState.COMPLETE)
    return complete[np.argsort(-trials.scores[complete], kind="stable")]


def _best_trials(report: StudyReport) -> Section:
    trials = report.trials
    rows = tuple(
        (
            str(number),
            rounded(trials.values[number]),
            *([trials.stages[number] or "another program"] if report.has_stages else []),
            *(value_text(column, column.values[number]) for column in report.parameters),
        )
        for number in _ranking(report)[:BEST_SHOWN]
    )
    names = (column.name for column in report.parameters)
    return Section(
        title=f"{report.top} values",
        lines=("the best of many noisy values is too good: the winner won on fresh seeds",)
        if report.summary.best and report.summary.best.confirmed is not None
        else (),
        header=("trial", "value", *(["stage"] if report.has_stages else []), *names),
        rows=rows,
    )


def _stages(report: StudyReport) -> Section:
    trials = report.trials
    ends = [stage.first_number for stage in report.stages]
    rows = []
    for stage, end in zip(report.stages, [*ends[1:], len(trials)][: len(ends)], strict=True):
        mine = np.array([name == stage.name for name in trials.stages], np.bool_)
        counts = (int((mine & (trials.states == state)).sum()) for state in STAGE_STATES)
        rows.append(
            (
                stage.name,
                str(stage.first_number),
                str(stage.n_trials),
                *map(str, counts),
                number_text(trials.best[end - 1]),
            )
        )
    words = (STATE_WORDS[state] for state in STAGE_STATES)
    return Section(
        title="Stages",
        header=("stage", "from trial", "trials", *words, "best by its end"),
        rows=tuple(rows),
    )


def _ranges(report: StudyReport) -> Section:
    best = _ranking(report)[:BEST_SHOWN]
    rows = tuple(
        (
            column.name,
            range_text(column, *column.declared),
            range_text(column, *column.outer) if column.outer != column.declared else "",
            good_text(column, best),
            "; ".join(column.when),
        )
        for column in report.parameters
    )
    header = (
        "parameter",
        "declared",
        "may widen to",
        f"the {len(best)} {report.top.lower()}",
        "only where",
    )
    kept = [j for j in range(len(header)) if any(row[j] for row in rows)]
    return Section(
        title="Parameters",
        header=tuple(header[j] for j in kept),
        rows=tuple(tuple(row[j] for j in kept) for row in rows),
    )


def _boxes(report: StudyReport) -> Section:
    columns = {column.name: column for column in report.parameters}
    sides = [(box, side) for box in report.boxes for side in box.sides]
    names = tuple(dict.fromkeys(name for _, side in sides for name in side.evidence))
    rows = tuple(
        (
            box.stage,
            str(box.first_number),
            side.name,
            range_text(columns[side.name], side.low, side.high),
            *(show_value(side.evidence[name]) if name in side.evidence else "" for name in names),
        )
        for box, side in sides
    )
    lines = tuple(f"{box.stage}, from trial {box.first_number}: {box.reason}" for box in report.boxes)
    return Section(
        title="Boxes", lines=lines, header=("stage", "from trial", "parameter", "box", *names), rows=rows
    )


def _epochs(report: StudyReport) -> Section:
    per_epoch = zip(report.agreement.correlations, report.agreement.n_trials, strict=True)
    steps = report.trials.steps.tolist()
    rows = tuple(
        (str(step), f"{c:.2f}", str(n))
        for step, (c, n) in zip(steps, per_epoch, strict=False)
        if not math.isnan(c)
    )
    what = "accuracy after an epoch" if report.has_rows else f"{report.metric.title} at a report"
    text = f"rank correlation of the {what} with the final value"
    return Section(
        title=f"What {'an epoch' if report.has_stages else 'a step'} tells",
        lines=(text,) if rows else (),
        header=(report.step_word, "correlation", "trials"),
        rows=rows,
    )


def _rungs(report: StudyReport) -> Section:
    rows = []
    for rung in report.rungs:
        asked = rung.least[~np.isnan(rung.least)]
        threshold = f"{number_text(asked[0])} to {number_text(asked[-1])}" if len(asked) else "none"
        rows.append((str(rung.epoch), str(rung.n_stopped), threshold))
    header = ("epoch", "trials pruned", "threshold, first to last")
    return Section(title="Rungs", header=header, rows=tuple(rows))


def _nursings(report: StudyReport) -> Section:
    rows = tuple(
        (
            str(one.number),
            one.origin,
            str(one.state),
            f"{one.epoch} of {one.epochs}",
            number_text(math.nan if one.value is None else one.value),
            "" if one.best is None or one.best.value is None else rounded(one.best.value),
            "" if one.best is None else str(one.best.epoch),
        )
        for one in report.nursings
    )
    lines = tuple(
        f"nursing {one.number}, after epoch {made.epoch}: {intervention_words(made)}"
        + (f" ({made.reason})" if made.reason else "")
        for one in report.nursings
        for made in one.interventions
    )
    header = ("nursing", "goes on with", "state", "epoch", "value", "best", "after epoch")
    return Section(title="Nursed trainings", lines=lines, header=header, rows=rows)


def _phases(report: StudyReport) -> Section:
    rows = tuple(
        (
            phase.name,
            f"{phase.seconds:.2f}",
            f"{phase.workers}",
            "" if phase.training is None else f"{phase.training:.0%}",
            "" if phase.idle is None else f"{phase.idle:.0%}",
            "" if phase.together is None else f"{phase.together:.1f}",
        )
        for phase in report.phases
    )
    header = ("phase", "seconds", "workers", "training", "idle", "trials a claim")
    return Section(title="How long it took", header=header, rows=rows)


def _time(report: StudyReport) -> Section:
    rows = tuple(
        (
            worker.name,
            f"{worker.wall_s:.1f}",
            *("" if worker.spent is None else f"{worker.spent[activity]:.1f}" for activity in Activity),
            "" if worker.other_s is None else f"{worker.other_s:.1f}",
        )
        for worker in report.workers
    )
    header = ("worker", "seconds", *map(str, Activity), "other")
    return Section(title="Where the time went", header=header, rows=rows)
