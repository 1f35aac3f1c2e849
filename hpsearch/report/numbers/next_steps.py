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


def next_steps_of(summary: Summary, *, storage: str) -> tuple[NextStep, ...]:
    """Return what one may want to type after having read a report.

    Args:
        summary: Where the study stands.
        storage: The database's address as it may be shown; empty where commands find it without.
    """
    where = f" --study {quote(summary.study)}" + (f" --storage {quote(storage)}" if storage else "")
    steps = []
    if not summary.status.finished:
        steps.append(NextStep(command=f"hpsearch worker{where}", purpose="go on with the study"))
    number = summary.best.number if summary.best else None
    if number is not None:
        steps.append(
            NextStep(command=f"hpsearch explain {number}{where}", purpose="why the best trial was tried")
        )
    if summary.status.settled:
        steps.append(
            NextStep(command=f"hpsearch export{where} -o trials.csv", purpose="all trials as a table")
        )
        steps.append(NextStep(command=f"hpsearch replay --train{where}", purpose="compute every trial again"))
    return tuple(steps)
