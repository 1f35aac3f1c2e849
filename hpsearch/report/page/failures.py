"""The failed trials of a page: why they failed, with the traceback of the first."""

from hpsearch.report.figures.markup import Markup, tag
from hpsearch.report.numbers.study import StudyReport


def failures(report: StudyReport) -> Markup:
    """Return the section of failed trials; nothing without any."""
    if not report.failures:
        return Markup()
    rows = [
        tag("tr", tag("th", str(one.number), scope="row"), tag("td", one.reason)) for one in report.failures
    ]
    head = tag("tr", *(tag("th", name, scope="col") for name in ("trial", "why it failed")))
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    first = report.failures[0].error
    parts = [tag("h2", "Failed trials"), tag("div", table, class_="scroll", tabindex="0")]
    return tag("section", *parts, *([tag("pre", first)] if first else []))
