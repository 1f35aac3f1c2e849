"""The section of what a study did: its facts, and its study file to read and to download."""

from urllib.parse import quote

from hpsearch.report.figures.markup import Markup, tag
from hpsearch.report.numbers.repeat import StudyFile
from hpsearch.report.numbers.study import StudyReport

TITLE = "What was done"


def done(report: StudyReport) -> Markup:
    """Return the section: data, model, metric, budget, confirmation, study file."""
    if not report.done:
        return Markup()
    rows = [tag("tr", tag("th", fact.name, scope="row"), tag("td", fact.text)) for fact in report.done]
    file = Markup() if report.file is None else _study_file(report.file)
    return tag("section", tag("h2", TITLE, id="done"), tag("table", tag("tbody", *rows)), file, class_="done")


def download(file: StudyFile) -> Markup:
    """Return a link that saves the study file: it is part of the page, so nothing is asked for."""
    address = f"data:application/toml;charset=utf-8,{quote(file.text)}"
    return tag("a", file.name, href=address, download=file.name)


def _study_file(file: StudyFile) -> Markup:
    return tag(
        "details",
        tag("summary", "The study file"),
        tag("p", "Save ", download(file), ", or copy it:", class_="note"),
        tag("pre", file.text),
    )
