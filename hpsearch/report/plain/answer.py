"""The first sections of a report as text: the answer, what was done, the winner, the race."""

from hpsearch.number import rounded
from hpsearch.report.numbers.answer import why_test_differs
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.plain.section import Section
from hpsearch.report.text import candidate_text, summary_rows

_OF_A_PARAMETER = "  "
"""What the names of parameters begin with, as ``summary_rows`` gives them."""


def answer_section(report: StudyReport) -> Section:
    """Return the answer as one sentence, and what is special about the study."""
    status = report.summary.status
    lines = [report.answer]
    lines += [str(status.stopped)] if status.stopped else []
    lines += [str(report.summary.waiting)] if report.summary.waiting else []
    return Section(title="Answer", lines=tuple(lines))


def done_section(report: StudyReport) -> Section:
    """Return what the study did."""
    return Section(title="What was done", rows=tuple((fact.name, fact.text) for fact in report.done))


def winner_section(report: StudyReport) -> Section:
    """Return the parameters of the winner, then where it comes from and how good it is."""
    if report.confirms:  # its best run is one run on one seed: the race is the answer
        return Section(title="The best settings")
    who, *rows = summary_rows(report.summary) or [("", "")]
    n = next((n for n, (name, _) in enumerate(rows) if not name.startswith(_OF_A_PARAMETER)), len(rows))
    ordered = [*rows[:n], who, *rows[n:]] if rows else []
    sentence = why_test_differs(report.summary)
    return Section(
        title="The best settings",
        lines=(sentence,) if sentence else (),
        rows=tuple((name.strip(), text) for name, text in ordered),
    )


def race_section(report: StudyReport) -> Section:
    """Return how the candidates of the confirmation stand."""
    rows = tuple(
        (
            candidate_text(runner.candidate),
            "" if runner.mean is None else rounded(runner.mean),
            "" if runner.interval is None else " to ".join(map(rounded, runner.interval)),
            str(runner.settled),
            str(runner.given),
            "out" if runner.out else "",
        )
        for runner in report.race
    )
    header = ("candidate", "mean", "95 % interval over seeds", "settled runs", "given", "")
    return Section(title="The race on fresh seeds", header=header, rows=rows)


def repeat_section(report: StudyReport) -> Section:
    """Return the commands that run the study again from its file, and the file."""
    file = report.file
    if file is None:
        return Section(title="To repeat it")
    beside = f"; put {' and '.join(file.needs)} beside it" if file.needs else ""
    limits = (f"the results may differ from these: {' '.join(file.limits)}",) if file.limits else ()
    return Section(
        title="To repeat it",
        lines=(f"save the study file below as {file.name} in a folder of its own{beside}", *limits),
        rows=tuple((step.purpose, step.command) for step in file.steps),
        code=file.text,
    )
