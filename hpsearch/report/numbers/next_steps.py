"""What to type next."""

from dataclasses import dataclass
from shlex import quote

from hpsearch.report.summary import Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """A command to type.

    Attributes:
        command: The whole line.
        purpose: What it does.
    """

    command: str
    purpose: str


def next_steps_of(summary: Summary, *, search: str, flags: str) -> tuple[NextStep, ...]:
    """Return what one may want to type after having read a report.

    Args:
        summary: Where the study stands.
        search: What workers join and a replay computes: the study itself, or the search that it confirms.
        flags: What the commands need to find the database, a blank before it; empty for none.
    """
    where, whole = f" --study {quote(summary.study)}{flags}", f" --study {quote(search)}{flags}"
    steps = []
    if not summary.status.finished:
        steps.append(NextStep(command=f"hpsearch worker{whole}", purpose="go on with the study"))
    number = summary.best.number if summary.best else None
    if number is not None:
        steps.append(
            NextStep(command=f"hpsearch explain {number}{where}", purpose="why the best trial was tried")
        )
    if summary.status.settled:
        steps.append(
            NextStep(command=f"hpsearch export{where} -o trials.csv", purpose="all trials as a table")
        )
        steps.append(NextStep(command=f"hpsearch replay --train{whole}", purpose="compute every trial again"))
    return tuple(steps)
