"""The section of the winner: its parameters, how good it is, what to type next."""

from collections.abc import Sequence

from hpsearch.metrics import METRICS
from hpsearch.number import rounded
from hpsearch.report.cells import number_text
from hpsearch.report.figures.markup import Markup, joined, tag
from hpsearch.report.foreign import UNCONFIRMED, extreme_word, is_foreign
from hpsearch.report.numbers.answer import why_test_differs
from hpsearch.report.numbers.classes import class_scores, classes_line
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.text import (
    NOISELESS,
    baseline_text,
    candidate_text,
    interval_text,
    other_metrics,
    outside_sentences,
    show_value,
)
from hpsearch.search import Verdict

ANCHOR = "winner"
"""The name of the section in links."""


def answer(report: StudyReport) -> Markup:
    """Return the section of the winner: its parameters, its numbers, its rivals, what to type next."""
    if report.confirms is not None:  # its best run is one run on one seed: the race is the answer
        return tag("section", tag("h2", "The confirming runs", id=ANCHOR), _next_steps(report))
    summary = report.summary
    best = summary.best
    parts: list[object] = [tag("h2", _headline(report), id=ANCHOR)]
    if best is not None:
        parts += [_parameters(best), _tiles(report, best), *_words(report, best)]
        parts += [tag("p", f"{sentence}.") for sentence in outside_sentences(summary)]
        if is_foreign(summary.status):
            parts.append(tag("p", f"It is not confirmed: {UNCONFIRMED}."))
        parts.append(_classes(best))
    parts.append(_next_steps(report))
    return tag("section", *parts)


def answer_in_short(report: StudyReport) -> Markup:
    """Return the answer in a sentence, the parameters and the numbers."""
    best = report.summary.best
    if best is None or report.confirms is not None:
        return tag("p", report.answer)
    params = ", ".join(f"{name} = {show_value(value)}" for name, value in best.params.items())
    head = tag("p", tag("b", _headline(report)), f": {params}")
    return joined([tag("p", report.answer), head, _tiles(report, best)])


def _headline(report: StudyReport) -> str:
    """Return what the section is about, in a few words."""
    best, status = report.summary.best, report.summary.status
    if best is None:
        return "No trial was completed" if status.finished else "No trial is complete yet"
    if is_foreign(status):
        return f"The settings with the {extreme_word(report.metric)} value"
    if best.default:
        return "The declared default was not beaten"
    return f"The best settings{'' if best.final else ' so far'}"


def _tiles(report: StudyReport, best: Verdict) -> Markup:
    """Return the few numbers that matter, the most telling first."""
    summary, status, ensemble = report.summary, report.summary.status, report.summary.ensemble
    of = f" {report.metric.title}"
    word = f"validation{of}" if report.has_rows else report.metric.title
    found: list[tuple[str, float, str]] = []
    if best.confirmed is not None:
        seeds = f"{best.seeds} fresh seed{'s' if best.seeds != 1 else ''}"
        seeds += ", no noise" if best.noiseless else ""
        name = f"{word}, shrunken mean" if best.shrunken else f"{word}, confirmed"
        found.append((name, best.confirmed, seeds + _ends(best.interval)))
    if best.judged:
        refit = _judged_on(report, best)
        found.append((f"test{of}, the winner", best.test[summary.metric], refit + _ends(best.test_interval)))
    if ensemble is not None:
        found.append(
            (
                f"test{of}, the ensemble",
                ensemble.test[summary.metric],
                f"{ensemble.size} models averaged{_ends(ensemble.interval)}",
            )
        )
    if best.value is not None:
        remark = f"the {extreme_word(report.metric)} of {status.complete:,} complete trials"
        if not is_foreign(status):
            remark = "the best of all trials"
        if status.best_value is not None and status.best_number != best.number:
            remark = f"the best was {rounded(status.best_value)}, of trial {status.best_number}"
        found.append((f"{word} in the search", best.value, remark))
    tiles = [_tile(*tile, first=place == 0) for place, tile in enumerate(found)]
    return tag("dl", *tiles, class_="tiles")


def _judged_on(report: StudyReport, best: Verdict) -> str:
    """Return what the test value is of, as a remark."""
    if not report.has_rows:
        return "as the winner's own runs gave it"
    return "trained on the validation rows as well" if best.refit else "on rows by which no choice was made"


def _ends(ends: tuple[float, float] | None) -> str:
    return interval_text(ends).replace("95 %", "95\N{NO-BREAK SPACE}%")


def _tile(name: str, value: float, remark: str, *, first: bool) -> Markup:
    return tag(
        "div",
        tag("dt", name),
        tag("dd", f"{rounded(value)}", tag("small", remark)),
        class_="first" if first else None,
    )


def _words(report: StudyReport, best: Verdict) -> list[Markup]:
    """Return where the winner comes from, and how it compares with the others that raced."""
    metric = report.summary.metric
    sentences = []
    if best.number is not None:
        sentences.append(f"These are the settings of trial {best.number}.")
    if best.noiseless:
        sentences.append(f"{NOISELESS[:1].upper()}{NOISELESS[1:]}.")
    if best.estimate is not None:
        wins = "" if best.default else ", the best of all"
        sentences.append(
            "The race ranks its candidates by an estimate, their mean shrunk towards the other means. "
            f"It is {rounded(best.estimate)} here{wins}."
        )
    if best.tied:
        names = [candidate_text(name) for name in best.tied]
        listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
        why = "The value is the same for" if best.noiseless else "The difference is within the noise for"
        sentences.append(f"{why} {listed}.")
    if best.default_mean is not None and not best.default:
        named = " (a shrunken mean)" if best.shrunken else ""
        sentences.append(f"The declared default reached {rounded(best.default_mean)} on fresh seeds{named}.")
    if best.better and best.gain is not None:
        sentences.append(f"The winner is better: expect a lead of {rounded(abs(best.gain))} on new rows.")
    elif best.better is False:
        sentences.append("The winner is not clearly better.")
    if best.baseline is not None:
        sentences.append(f"Beside it, {baseline_text(best.baseline, METRICS[metric])}.")
    paragraphs = [" ".join(sentences), why_test_differs(report.summary)]
    if others := other_metrics(best, metric):
        paragraphs.append(f"Other metrics of the winner on the test rows: {others}.")
    return [tag("p", text) for text in paragraphs if text]


def _parameters(best: Verdict) -> Markup:
    rows = [
        tag("tr", tag("th", name, scope="row"), tag("td", tag("code", show_value(value))))
        for name, value in best.params.items()
    ]
    return tag("table", tag("tbody", *rows), class_="parameters")


def _classes(best: Verdict) -> Markup:
    """Return recall and precision of each class, or why there is no table."""
    scores = class_scores(best)
    if not scores:
        many = classes_line(best)
        return tag("p", f"{many}.", class_="note") if many else Markup()
    head = tag(
        "tr", *(tag("th", name, scope="col") for name in ("class", "test rows", "recall", "precision"))
    )
    rows = [
        tag(
            "tr",
            tag("th", one.name, scope="row"),
            *(
                tag("td", cell)
                for cell in (f"{one.rows:,}", number_text(one.recall), number_text(one.precision))
            ),
        )
        for one in scores
    ]
    table = tag("table", tag("thead", head), tag("tbody", *rows))
    return joined([tag("h3", "Its classes"), tag("div", table, class_="scroll", tabindex="0")])


def _next_steps(report: StudyReport) -> Markup:
    if not report.next_steps:
        return Markup()
    steps = [
        tag("li", tag("span", f"{step.purpose[:1].upper()}{step.purpose[1:]}"), tag("pre", step.command))
        for step in report.next_steps
    ]
    return joined([tag("h3", "What to type next"), tag("ul", *steps, class_="steps")])


def lead(report: StudyReport) -> Sequence[str]:
    """Return what is special about a study: the lines below its answer."""
    status = report.summary.status
    lines = []
    if status.stopped is not None:
        reason = str(status.stopped)
        lines.append(f"{reason[:1].upper()}{reason[1:]}.")
    if is_foreign(status):
        return lines
    if report.summary.waiting is not None:
        reason = str(report.summary.waiting)
        lines.append(f"{reason[:1].upper()}{reason[1:]}.")
    if not status.finished:
        lines.append("The study is not finished: the page shows what is known so far.")
    return lines
