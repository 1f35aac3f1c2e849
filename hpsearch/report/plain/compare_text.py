"""Studies side by side as lines of text."""

from collections.abc import Callable, Mapping, Sequence

from hpsearch.metrics import Measure
from hpsearch.number import rounded
from hpsearch.report.live.progress import duration
from hpsearch.report.numbers.compare import StudyAnswer, StudyComparison, StudyDifference, ValueDifference
from hpsearch.report.text import show_value

_NONE = "-"


def comparison_text(found: StudyComparison) -> str:
    """Return studies as columns, and below them the difference of each to the first."""
    names = list(
        dict.fromkeys(
            name for a in found.answers if a.summary.best is not None for name in a.summary.best.params
        )
    )
    rows = [("", [answer.summary.study for answer in found.answers])]
    rows += [(name, [cell(answer) for answer in found.answers]) for name, cell in _CELLS.items()]
    rows += [(name, [_parameter(answer, name) for answer in found.answers]) for name in names]
    lines = [*_columns(rows)]
    for difference in found.differences:
        lines += ["", *_difference(difference, found.answers[0].summary.measure)]
    return "\n".join(lines)


def _columns(rows: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    table = [(name, *cells) for name, cells in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in table]


def _confirmed(answer: StudyAnswer) -> str:
    best = answer.summary.best
    return _NONE if best is None else _value(best.confirmed, best.interval)


def _test(answer: StudyAnswer) -> str:
    best = answer.summary.best
    return _NONE if best is None else _value(best.test.get(answer.summary.metric), best.test_interval)


def _value(value: float | None, ends: tuple[float, float] | None) -> str:
    if value is None:
        return _NONE
    return rounded(value) + ("" if ends is None else f" ({rounded(ends[0])} to {rounded(ends[1])})")


def _parameter(answer: StudyAnswer, name: str) -> str:
    best = answer.summary.best
    return show_value(best.params[name]) if best is not None and name in best.params else _NONE


_CELLS: Mapping[str, Callable[[StudyAnswer], str]] = {
    "metric": lambda answer: answer.summary.measure.title,
    "confirmed": _confirmed,
    "test": _test,
    "trials": lambda answer: str(answer.summary.status.settled),
    "time": lambda answer: duration(answer.seconds),
}
"""Name of a line -> its cell of a study."""


def _difference(found: StudyDifference, measure: Measure) -> list[str]:
    head = f"{found.study} minus {found.reference}"
    if found.problem:
        return [f"{head}: no difference is computed, because {found.problem}"]
    values = {"confirmed": found.confirmed, "test": found.test}
    lines = [f"{head} (95 % interval)"]
    for name, value in values.items():
        if value is not None:
            lines += [f"  {name:<9}  {_words(value, found, measure)}", f"  {'':<9}  {value.why}"]
    return (
        lines if len(lines) > 1 else [f"{head}: no difference is computed, because no value has an interval"]
    )


def _words(value: ValueDifference, found: StudyDifference, measure: Measure) -> str:
    low, high = value.interval
    better, worse = (low > 0, high < 0) if measure.maximize else (high < 0, low > 0)
    who = (
        f"{found.study} is better"
        if better
        else f"{found.reference} is better"
        if worse
        else "no clear difference"
    )
    return f"{value.difference:+.4f} ({low:+.4f} to {high:+.4f}): {who}"
