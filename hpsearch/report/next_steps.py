"""The commands to type next."""

from dataclasses import dataclass
from shlex import quote

from hpsearch.files import file_name
from hpsearch.metrics import Metric
from hpsearch.report.foreign import CONFIRM, is_foreign
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
    """Return the commands to type after reading what a study found.

    Args:
        summary: Where the study stands.
        search: What workers join and a replay computes: the study itself, or the search that it confirms.
        flags: What the commands need to find the database, a blank before it; empty for none.
    """
    where, whole = f" --study {quote(summary.study)}{flags}", f" --study {quote(search)}{flags}"
    best, settled = summary.best, summary.status.settled > 0
    number = best.number if best else None
    leave = "" if isinstance(summary.measure, Metric) else " --allow"  # for code that the database names
    judged = best is not None and best.judged and not best.by_values
    # Files of their own: the steps of two studies may be typed in one folder.
    model, table = (
        quote(file_name(search, ".safetensors")),
        quote(file_name(f"{summary.study}-trials", ".csv")),
    )
    if is_foreign(summary.status):
        return _foreign_steps(where, table, number=number, settled=settled)
    steps = (
        (not summary.status.finished, f"worker{leave}{whole}", "go on with the study"),
        (number is not None, f"explain {number}{where}", "why the best trial was tried"),
        (
            judged and summary.can_export,
            f"export winner{whole} -o {model}",
            "the winner's model, for predictions",
        ),
        (settled, f"export{where} -o {table}", "all trials as a table"),
        (settled, f"replay --train{leave}{whole}", "compute every trial again"),
    )
    return tuple(NextStep(command=f"hpsearch {command}", purpose=why) for now, command, why in steps if now)


def _foreign_steps(where: str, table: str, *, number: int | None, settled: bool) -> tuple[NextStep, ...]:
    """Return what to type next after reading a study that Optuna alone has made."""
    steps = (
        (number is not None, CONFIRM, "in Python: whether the best trials hold on fresh seeds"),
        (number is not None, f"hpsearch show {number}{where}", "the best trial"),
        (settled, f"hpsearch export{where} -o {table}", "all trials as a table"),
    )
    return tuple(NextStep(command=command, purpose=why) for now, command, why in steps if now)
