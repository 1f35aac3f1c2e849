"""What confirming runs of a study of Optuna's have found, as a record, as text and as HTML."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hpsearch.metrics import Measure
from hpsearch.number import rounded
from hpsearch.report.figures.markup import Markup, joined, tag
from hpsearch.report.figures.palette import style_sheet
from hpsearch.report.foreign import extreme_word
from hpsearch.report.page.style import CARD_STYLE
from hpsearch.report.text import interval_text, rows_text, show_value

RACE = ("trial", "in the search", "mean", "runs", "")
"""Names of the columns of the race."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmingRun:
    """One run of a finalist.

    Attributes:
        trial: The finalist's number in the study.
        seed: The seed of the run.
        value: What the objective returned; ``None`` where the run failed.
        error: Why it failed, with the traceback; ``None`` where it did not.
    """

    trial: int
    seed: int
    value: float | None
    error: str | None = None

    @property
    def reason(self) -> str:
        """The last line of its error: what was raised; empty where the run did not fail."""
        return (self.error or "").rstrip().rpartition("\n")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class RacedTrial:
    """A finalist and its runs.

    Attributes:
        number: Its number in the study.
        value: Its value in the search.
        params: Its parameters, name -> value.
        runs: The value of each run, in order; ``None`` where one failed.
        mean: Their mean; a run that failed counts as worse than every other one.
        margin: Half of the width of the 95 % interval of that mean; ``None`` while no spread is known.
        out: Whether it was out of the race, clearly behind the leader.
    """

    number: int
    value: float
    params: Mapping[str, Any]
    runs: tuple[float | None, ...]
    mean: float
    margin: float | None
    out: bool

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return sum(value is None for value in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ConfirmedStudy:
    """The winner of a race on fresh seeds, beside the best raw value.

    In a notebook it shows the winner and the race, and printed it is text.

    Attributes:
        study: The study's name.
        measure: What its trials are judged by: name and direction.
        number: The winner: its number in the study.
        mean: The mean of its runs.
        estimate: That mean, shrunken towards the means of the others: the best one wins.
        interval: 95 % interval of its value on new seeds; ``None`` while no spread is known.
        tied: Numbers of the other finalists that noise may have put behind it, at 95 %.
        best: The trial with the best value in the search.
        best_value: That value; the best of many noisy values is too good.
        raced: The finalists, in the order in which they entered.
        runs: All runs, in order.
        budget: Runs that there might have been.
        constant: Whether equal parameters gave equal values on fresh seeds, so that no more runs were made.
        asked: Whether the objective has read ``trial.seed`` or ``trial.number``.
    """

    study: str
    measure: Measure
    number: int
    mean: float
    estimate: float
    interval: tuple[float, float] | None
    tied: tuple[int, ...]
    best: int
    best_value: float
    raced: tuple[RacedTrial, ...]
    runs: tuple[ConfirmingRun, ...]
    budget: int
    constant: bool
    asked: bool

    @property
    def winner(self) -> RacedTrial:
        """The winner, with its runs."""
        return next(one for one in self.raced if one.number == self.number)

    @property
    def params(self) -> dict[str, Any]:
        """The winner's parameters, name -> value."""
        return dict(self.winner.params)

    @property
    def value(self) -> float:
        """The winner's value in the search."""
        return self.winner.value

    def to_json(self) -> dict[str, Any]:
        """Return everything as JSON can hold it, if the parameters can."""
        document = asdict(self)
        document["direction"] = self.measure.direction
        document["measure"] = self.measure.name
        return {"schema_version": 1, **document, "params": self.params, "value": self.value}

    def rows(self) -> list[tuple[str, str]]:
        """Return what was found as names and texts."""
        runs = len(self.winner.runs)
        found = [("winner", f"trial {self.number}")]
        found += [(f"  {name}", show_value(value)) for name, value in self.params.items()]
        seeds = f"{rounded(self.mean)} on {runs} fresh seed{'s' * (runs != 1)}"
        found.append((self.measure.title, f"{seeds}{interval_text(self.interval)}"))
        if not self.constant and len(self.raced) > 1:
            found.append(("estimate", f"{rounded(self.estimate)}, that mean corrected for luck"))
        word = extreme_word(self.measure)
        raw = f"{rounded(self.value)}, the {word}"
        if self.number != self.best:
            raw = f"{rounded(self.value)}; the {word} was {rounded(self.best_value)}, of trial {self.best}"
        found.append(("in the search", raw))
        if self.tied and not self.constant:
            numbers = ", ".join(map(str, self.tied))
            found.append(("tied with", f"trial{'s' * (len(self.tied) > 1)} {numbers} (within the noise)"))
        found.append(("runs", f"{len(self.runs)} of {self.budget}{self._remark()}"))
        return found

    def _remark(self) -> str:
        """Return why there are fewer runs than the budget, and how many failed."""
        if self.constant:
            why = "" if self.asked else "; it read neither trial.seed nor trial.number and may seed itself"
            return f": the objective gives equal values on fresh seeds, so there is nothing to race for{why}"
        failed = sum(run.value is None for run in self.runs)
        return f", {failed} failed: {self._reason()}" if failed else ""

    def _reason(self) -> str:
        return next(run.reason for run in self.runs if run.value is None)

    def race_rows(self) -> list[tuple[str, ...]]:
        """Return the race as cells, the winner first and then by their means; ``RACE`` names the columns."""
        sign = self.measure.sign
        order = sorted(self.raced, key=lambda one: (one.number != self.number, -sign * one.mean))
        return [
            (
                str(one.number),
                rounded(one.value),
                rounded(one.mean)
                + ("" if one.margin is None else f" \N{PLUS-MINUS SIGN} {rounded(one.margin)}"),
                f"{len(one.runs)}" + (f", {one.failed} failed" if one.failed else ""),
                "winner" if one.number == self.number else "out" if one.out else "",
            )
            for one in order
        ]

    def __repr__(self) -> str:
        table = [RACE, *self.race_rows()]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        lines = ["  ".join(f"{c:<{w}}" for c, w in zip(row, widths, strict=True)).rstrip() for row in table]
        n = len(self.raced)
        head = rows_text(f"{self.study}: {n} trial{'s' * (n > 1)} on fresh seeds", self.rows())
        return "\n".join([head, "", *(f"  {line}" for line in lines)])

    def _repr_html_(self) -> str:
        facts = [
            tag("tr", tag("th", name.strip(), scope="row"), tag("td", text)) for name, text in self.rows()
        ]
        head = tag("tr", *(tag("th", name, scope="col") for name in RACE))
        rows = [tag("tr", *(tag("td", cell) for cell in row)) for row in self.race_rows()]
        return tag(
            "div",
            tag("style", Markup(style_sheet() + CARD_STYLE)),
            tag("h3", f"{self.study}: trial {self.number} is the winner on fresh seeds"),
            tag("table", tag("tbody", joined(facts))),
            tag("p", tag("b", "The race")),
            tag("table", tag("thead", head), tag("tbody", joined(rows))),
            class_="hp hp-card",
        )
