"""What is printed of nursings: a list of them, and how one ended."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from hpsearch.cli.options import print_json, print_text
from hpsearch.errors import to_type
from hpsearch.number import rounded

if TYPE_CHECKING:
    from hpsearch.nursing import Nursing
    from hpsearch.store import Intervention, Reader, Study


def print_list(ledger: "Reader", study: "Study", *, as_json: bool) -> None:
    """Print the nursings of a study, one a line."""
    from hpsearch.report.numbers.nursings import nursings_of

    found = nursings_of(ledger, study)
    if as_json:
        lines = [
            {
                "nursing": one.number,
                "trial": one.trial,
                "parent": one.parent,
                "state": str(one.state),
                "epoch": one.epoch,
                "epochs": one.epochs,
                "value": one.value,
                "best": one.best and {"epoch": one.best.epoch, "value": one.best.value},
                "interventions": len(one.interventions),
                "fingerprint": one.fingerprint,
            }
            for one in found
        ]
        print_json({"schema_version": 1, "study": study.name, "nursings": lines})
        return
    if not found:
        print_text(f"study {study.name!r} has no nursing yet: {to_type('nurse', study.name)} begins one")
    for one in found:
        best = ""
        if one.best is not None and one.best.value is not None:
            best = f", best {rounded(one.best.value)} after epoch {one.best.epoch}"
        print_text(
            f"{one.number}  {one.origin}  {one.state}  epoch {one.epoch} of {one.epochs}{best}  "
            f"{len(one.interventions)} interventions"
        )


def intervention_text(one: "Intervention") -> str:
    """Return an intervention as a person would type it, with its reason."""
    from hpsearch.report.numbers.nursings import intervention_words

    return intervention_words(one) + (f"  # {one.reason}" if one.reason else "")


def end_lines(nursing: "Nursing") -> Iterator[str]:
    """Yield the lines that say how a nursing ended."""
    best, last = nursing.best, nursing.curve[-1:]
    value = "".join(f", validation {rounded(point.value)}" for point in last if point.value is not None)
    top = f", best {rounded(best.value)} after epoch {best.epoch}" if best and best.value is not None else ""
    name = f"nursing {nursing.number} of {nursing.study}"
    yield f"{name}: {nursing.state} after epoch {nursing.epoch}{value}{top}"
    for one in nursing.interventions:
        yield f"  after epoch {one.epoch}: {intervention_text(one)}"
    yield f"  fingerprint {nursing.fingerprint}"


def end_json(nursing: "Nursing") -> dict[str, Any]:
    """Return how a nursing ended, for ``--json``."""
    best, last = nursing.best, nursing.curve[-1:]
    return {
        "schema_version": 1,
        "study": nursing.study,
        "nursing": nursing.number,
        "trial": nursing.row.plan.trial,
        "parent": nursing.row.parent,
        "state": str(nursing.state),
        "epoch": nursing.epoch,
        "epochs": nursing.epochs,
        "value": last[0].value if last else None,
        "best": best and {"epoch": best.epoch, "value": best.value},
        "interventions": [
            {
                "epoch": one.epoch,
                "part": one.part,
                "kind": str(one.kind),
                "settings": dict(one.settings),
                "reason": one.reason,
            }
            for one in nursing.interventions
        ],
        "fingerprint": nursing.fingerprint,
    }
