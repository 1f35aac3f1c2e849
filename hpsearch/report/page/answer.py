"""The first section of a page: what was found, how sure that is, what to type next."""

from collections.abc import Sequence

from hpsearch.report.figures.markup import Markup, joined, tag
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.text import candidate_text, counts_line, show_value
from hpsearch.search import Verdict


def answer(report: StudyReport) -> Markup:
    """Return the first section: the winner, its accuracy and interval, its parameters, what to type next."""
    summary = report.summary
    best = summary.best
    parts: list[object] = [tag("h2", _headline(report), id="answer")]
    if best is not None:
        parts += [_tiles(report, best), *_words(best), _parameters(best)]
    parts.append(_next_steps(report))
    return tag("section", *parts)


def answer_in_short(report: StudyReport) -> Markup:
    """Return the winner, its numbers and its parameters, in a few lines."""
    best = report.summary.best
    if best is None:
        return tag("p", _headline(report))
    params = ", ".join(f"{name} = {show_value(value)}" for name, value in best.params.items())
    return joined([tag("p", tag("b", _headline(report)), f": {params}"), _tiles(report, best)])


def _headline(report: StudyReport) -> str:
    """Return the result as one sentence."""
    best, status = report.summary.best, report.summary.status
    if best is None:
        return "No trial was completed" if status.finished else "No trial is complete yet"
    if best.default:
        return "The declared default was not beaten"
    return f"{'Best so far' if best.test_accuracy is None else 'The winner'} is trial {best.number}"


def _tiles(report: StudyReport, best: Verdict) -> Markup:
    """Return the few numbers that matter, the most telling first."""
    status, ensemble = report.summary.status, report.summary.ensemble
    found: list[tuple[str, float, str]] = []
    if best.test_accuracy is not None:
        refit = (
            "trained on the validation rows as well" if best.refit else "on rows that nothing was chosen by"
        )
        found.append(("test, the winner", best.test_accuracy, refit))
    if ensemble is not None:
        found.append(("test, the ensemble", ensemble.test_accuracy, f"{ensemble.size} networks averaged"))
    if best.confirmed is not None:
        seeds = f"{best.seeds} fresh seed{'s' if best.seeds != 1 else ''}"
        ends = (
            ""
            if best.interval is None
            else f", 95\N{NO-BREAK SPACE}% interval {best.interval[0]:.4f} to {best.interval[1]:.4f}"
        )
        name = "validation, shrunken mean" if best.shrunken else "validation, confirmed"
        found.append((name, best.confirmed, seeds + ends))
    if best.value is not None:
        other = status.best_value is not None and status.best_number != best.number
        highest = f"the highest was {status.best_value:.4f}, of trial {status.best_number}" if other else ""
        found.append(("validation in the search", best.value, highest or "the highest of all trials"))
    tiles = [_tile(*tile, first=place == 0) for place, tile in enumerate(found)]
    return tag("dl", *tiles, class_="tiles")


def _tile(name: str, value: float, remark: str, *, first: bool) -> Markup:
    return tag(
        "div",
        tag("dt", name),
        tag("dd", f"{value:.4f}", tag("small", remark)),
        class_="first" if first else None,
    )


def _words(best: Verdict) -> list[Markup]:
    """Return how the winner compares with the others that raced."""
    sentences = []
    if best.estimate is not None:
        sentences.append(
            f"Its estimate is {best.estimate:.4f}: its mean, shrunken towards the means of the others. "
            "The highest estimate wins."
        )
    if best.tied:
        names = [candidate_text(name) for name in best.tied]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        sentences.append(f"It cannot be told from {listed}: seeds explain the difference.")
    if best.default_mean is not None and not best.default:
        named = " (a shrunken mean)" if best.shrunken else ""
        sentences.append(f"The declared default reached {best.default_mean:.4f} on fresh seeds{named}.")
    return [tag("p", " ".join(sentences))] if sentences else []


def _parameters(best: Verdict) -> Markup:
    rows = [
        tag("tr", tag("th", name, scope="row"), tag("td", tag("code", show_value(value))))
        for name, value in best.params.items()
    ]
    return joined([tag("h3", "Its parameters"), tag("table", tag("tbody", *rows))])


def _next_steps(report: StudyReport) -> Markup:
    if not report.next_steps:
        return Markup()
    steps = [
        tag("li", tag("span", f"{step.purpose[:1].upper()}{step.purpose[1:]}"), tag("pre", step.command))
        for step in report.next_steps
    ]
    return joined([tag("h3", "What to type next"), tag("ul", *steps, class_="steps")])


def lead(report: StudyReport) -> Sequence[str]:
    """Return where a study stands: the lines below its name."""
    status = report.summary.status
    lines = [f"{counts_line(status)}."]
    if report.confirms is not None:
        lines.append(f"It confirms the winner of {report.confirms}.")
    if status.stopped is not None:
        reason = str(status.stopped)
        lines.append(f"{reason[:1].upper()}{reason[1:]}.")
    if not status.finished:
        lines.append("The study is not finished: what follows is what is known so far.")
    return lines
