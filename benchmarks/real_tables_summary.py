"""The scores of all tables as text: a row a table, and how often hpsearch keeps up."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

OWN = ("winner", "ensemble")
NEAR = {False: 0.01, True: 0.02}
"""What counts as near: points of accuracy of the best rival, or of R2 of boosting."""


def summary(lines: Sequence[dict[str, Any]], rivals: Sequence[str]) -> str:
    """Return a table of scores, means over seeds, and the shares and mean differences behind."""
    return "\n".join(_summary(lines, rivals))


def _summary(lines: Sequence[dict[str, Any]], rivals: Sequence[str]) -> Iterator[str]:
    names = (*OWN, *rivals)
    for numbers in (False, True):
        of_kind = [line for line in lines if line["numbers"] is numbers]
        means = {}
        for table in dict.fromkeys(line["table"] for line in of_kind):
            scored = [line["scores"] for line in of_kind if line["table"] == table and line["scores"]]
            if scored:
                means[table] = {name: float(np.mean([one[name] for one in scored])) for name in names}
        refused = {line["table"]: line["refused"] for line in of_kind if line["refused"]}
        if means:
            yield from _kind(means, rivals, numbers=numbers)
        for table, why in refused.items():
            yield f"skipped: {table}: {why}"


def _kind(means: dict[str, dict[str, float]], rivals: Sequence[str], *, numbers: bool) -> Iterator[str]:
    names = (*OWN, *rivals)
    yield f"\n{'R2' if numbers else 'accuracy':28}" + "".join(f"{name:>10}" for name in names)
    for table, scores in means.items():
        yield f"{table:28}" + "".join(f"{scores[name]:10.4f}" for name in names)
    yield f"{'mean':28}" + "".join(f"{np.mean([m[name] for m in means.values()]):10.4f}" for name in names)
    near, against = NEAR[numbers], "boosting" if numbers else "the best of the four"
    rows = list(means.values())
    bar = np.array([row["boosting"] if numbers else max(row[name] for name in rivals) for row in rows])
    own = {name: np.array([row[name] for row in rows]) for name in OWN}
    own["better of both"] = np.maximum(*own.values())
    for name, found in own.items():
        share = np.mean(found >= bar - near - 1e-12)
        yield f"{name}: within {near} of {against}, or better, on {share:.0%} of {len(rows)} tables"
    for name in ("winner", "ensemble"):
        for rival, other in {against: bar, **{r: np.array([row[r] for row in rows]) for r in rivals}}.items():
            gain = own[name] - other
            half = 1.96 * gain.std(ddof=1) / np.sqrt(len(gain)) if len(gain) > 1 else np.nan
            yield f"{name} less {rival}: {gain.mean():+.4f} +- {half:.4f}"
