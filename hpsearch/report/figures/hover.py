"""Words that a browser shows under the pointer: a ``title`` in an unseen mark above what is drawn."""

import re
from collections.abc import Sequence

import numpy as np

from hpsearch.report.figures.markup import Markup, tag, tenths
from hpsearch.types import Float64Array

_HOVER = re.compile(r'<g class="hover[^"]*">.*?</g>', re.DOTALL)
SPOT_MOST = 3
"""Texts of marks on the same spot that are shown; of more, how many there are."""


def hover_points(x: Float64Array, y: Float64Array, words: Sequence[str]) -> Markup:
    """Return an unseen mark at each point, larger than what is drawn there, with the words of it.

    Args:
        x: Places in pixels, ``(n,)``; a point with a NaN has no mark.
        y: Places in pixels, ``(n,)``.
        words: The text of each point; texts on the same spot stand below each other.
    """
    spots: dict[tuple[float, float], list[str]] = {}
    places = (np.round(values * 2) / 2 for values in (x, y))
    for a, b, text in zip(*(column.tolist() for column in places), words, strict=True):
        if np.isfinite(a) and np.isfinite(b):
            spots.setdefault((a, b), []).append(text)
    marks = [tag("path", _title(texts), d=f"M{tenths(a)} {tenths(b)}h0") for (a, b), texts in spots.items()]
    return tag("g", *marks, class_="hover") if marks else Markup()


def hover_lines(traces: Sequence[str], words: Sequence[str]) -> Markup:
    """Return an unseen line along each path, broader than what is drawn there, with the words of it."""
    marks = [tag("path", _title([text]), d=trace) for trace, text in zip(traces, words, strict=True) if trace]
    return tag("g", *marks, class_="hover along") if marks else Markup()


def without_hover(content: Markup) -> Markup:
    """Return a drawing without its unseen marks: a telephone has no pointer, and they are half of a page."""
    return Markup(_HOVER.sub("", content))


def _title(texts: Sequence[str]) -> Markup:
    more = f"\nand {len(texts) - SPOT_MOST} more on this spot" if len(texts) > SPOT_MOST else ""
    return tag("title", "\n".join(texts[:SPOT_MOST]) + more)
