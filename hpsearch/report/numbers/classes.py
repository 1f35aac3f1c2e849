"""What the test rows say of each class: recall, precision, and which class is taken for which."""

import math
from dataclasses import dataclass

import numpy as np

from hpsearch.search import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassScore:
    """One class on the test rows, by all networks of the winner together.

    Attributes:
        name: Its label.
        rows: Its test rows.
        recall: Share of these rows that are predicted as this class; NaN without rows.
        precision: Share of the rows predicted as this class that have it; NaN without such rows.
        mistaken: The other class that its rows are predicted as most often; empty where all are right.
    """

    name: str
    rows: int
    recall: float
    precision: float
    mistaken: str


def class_scores(best: Verdict | None) -> tuple[ClassScore, ...]:
    """Return the classes of a verdict in order; none of a regression, and with too many classes."""
    if best is None or not best.confusion:
        return ()
    counts = np.array(best.confusion)
    networks = networks_judged(best)
    hits, rows, predicted = counts.diagonal(), counts.sum(axis=1), counts.sum(axis=0)
    wrong = counts - np.diag(hits)
    return tuple(
        ClassScore(
            name=name,
            rows=int(rows[k]) // networks,
            recall=float(hits[k] / rows[k]) if rows[k] else math.nan,
            precision=float(hits[k] / predicted[k]) if predicted[k] else math.nan,
            mistaken=best.classes[int(wrong[k].argmax())] if wrong[k].any() else "",
        )
        for k, name in enumerate(best.classes)
    )


def networks_judged(best: Verdict) -> int:
    """Return over how many networks the counts of the confusion are summed; 1 where that is not known."""
    predictions = sum(map(sum, best.confusion))
    return max(1, predictions // best.rows["test"]) if best.rows.get("test") else 1


def classes_line(best: Verdict) -> str:
    """Return a sentence on classes that no table holds: there are too many; else an empty text."""
    if not best.classes or best.confusion or not best.judged:
        return ""
    return f"{len(best.classes):,} classes: too many for a table of recall and precision"
