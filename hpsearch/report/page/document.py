"""The HTML page of a report: the answer, what was done, the winner, figures, origin."""

from hpsearch.report.figures.figure import NARROW, WIDE, Figure
from hpsearch.report.figures.markup import Markup, tag
from hpsearch.report.figures.palette import style_sheet
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.page.answer import ANCHOR, answer, answer_in_short, lead
from hpsearch.report.page.done import TITLE, done
from hpsearch.report.page.failures import failures
from hpsearch.report.page.origin import origin, title_of_origin
from hpsearch.report.page.style import CARD_STYLE, PAGE_STYLE
from hpsearch.report.plots import PLOTS

_HEAD = Markup(
    '<meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark">'
    '<meta name="referrer" content="no-referrer">'
    '<meta http-equiv="Content-Security-Policy" '
    """content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">"""
    '<link rel="icon" href="data:,">'
)


def report_page(report: StudyReport, *, refresh_s: int | None = None) -> str:
    """Return a report as one HTML document: no network, no script, for screen, telephone and paper.

    Args:
        report: The study.
        refresh_s: Seconds after which a browser asks for the page again; ``None`` for a page that stays.
    """
    name = report.summary.study
    figures = {key: figure for key, plot in PLOTS.items() if (figure := plot(report)).table.rows}
    links = [("done", TITLE)] if report.done else []
    links += [(ANCHOR, "The winner"), *((key, figure.title) for key, figure in figures.items())]
    body = [
        tag(
            "header",
            tag("h1", name),
            tag("p", report.answer, class_="answer"),
            *(tag("p", line, class_="lead") for line in lead(report)),
        ),
        tag(
            "nav",
            *(tag("a", text, href=f"#{key}") for key, text in [*links, ("origin", title_of_origin(report))]),
            aria_label="Contents",
        ),
        tag(
            "main",
            done(report),
            answer(report),
            failures(report),
            *(_section(key, figure) for key, figure in figures.items()),
            origin(report),
        ),
    ]
    style = tag("style", Markup(style_sheet() + PAGE_STYLE))
    refresh = Markup("" if refresh_s is None else f'<meta http-equiv="refresh" content="{refresh_s}">')
    head = tag("head", _HEAD, refresh, tag("title", f"{name}: report"), style)
    return f"<!doctype html>\n{tag('html', head, tag('body', *body), lang='en', class_='hp')}\n"


def study_card(report: StudyReport) -> str:
    """Return a study as HTML for a notebook: where it stands, the answer, the history."""
    parts = [
        tag("style", Markup(style_sheet() + CARD_STYLE)),
        tag("h3", report.summary.study),
        *(tag("p", line) for line in lead(report)),
        answer_in_short(report),
        PLOTS["history"](report).drawing(WIDE),
    ]
    return tag("div", *parts, class_="hp hp-card")


def _section(key: str, figure: Figure) -> Markup:
    """Return a figure for wide and for narrow screens, of which one is shown, and its table."""
    return tag(
        "section",
        tag("h2", figure.title, id=key),
        tag("p", figure.text, class_="note"),
        tag(
            "figure",
            figure.drawing(WIDE, class_="wide"),
            figure.drawing(NARROW, class_="narrow"),
            tag("details", tag("summary", "The numbers behind it"), figure.table.markup()),
        ),
        class_="figure",
    )
