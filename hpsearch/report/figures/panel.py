"""A panel: two scales in a rectangle, and the marks that are drawn in it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpsearch.report.figures.hover import hover_points
from hpsearch.report.figures.markup import Markup, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import SIZE
from hpsearch.report.figures.scales import AxisScale
from hpsearch.types import Float64Array

TICK_PITCH = 32.0
"""Pixels between the ticks of an upright axis, about."""
LONGEST_LABEL = 120.0
"""Pixels of a label beside an upright axis, at most."""
MANY = 5000
"""From so many marks on, marks less than two pixels apart are one: a page of 100,000 trials stays small."""
GLYPHS = {
    "dots": "h0",
    "squares": "h0",
    "crosses": "m-2.2-2.2l4.4 4.4m0-4.4l-4.4 4.4",
    "triangles": "m0-2.8l2.8 4.8h-5.6z",
    "strokes": "m0-3v6",
}
"""Shape of a mark -> its path from its middle on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A rectangle with two scales.

    Attributes:
        left: Its place, in pixels.
        top: Its place, in pixels.
        width: In pixels.
        height: In pixels.
        x: The scale from left to right.
        y: The scale from bottom to top.
    """

    left: float
    top: float
    width: float
    height: float
    x: AxisScale
    y: AxisScale

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def across(self, values: Float64Array | Sequence[float]) -> Float64Array:
        """Return the places of x values in pixels, ``(n,)``."""
        return self.left + self.width * self.x.at(np.asarray(values, float))

    def up(self, values: Float64Array | Sequence[float]) -> Float64Array:
        """Return the places of y values in pixels, ``(n,)``."""
        return self.bottom - self.height * self.y.at(np.asarray(values, float))

    def axes(self, *, x_title: str = "", y_title: str = "", lift: float = 0.0) -> Markup:
        """Return grid, ticks and titles; labels that would run into each other are left out.

        Args:
            x_title: What stands below.
            y_title: What stands above.
            lift: How much higher it stands, in pixels, to leave room for something else.
        """
        return joined([self.y_axis(y_title, lift=lift), self.x_axis(x_title)])

    def y_axis(
        self, title: str = "", *, lift: float = 0.0, room: float | None = None, pitch: float = TICK_PITCH
    ) -> Markup:
        """Return horizontal rules with their labels, and the title above.

        Args:
            title: What stands above.
            lift: How much higher it stands, in pixels.
            room: Pixels for the labels on the left; by default all that is there.
            pitch: Pixels between ticks, about.
        """
        parts = []
        for tick in self.y.ticks(max(2, int(self.height / pitch))):
            y = self.bottom - self.height * tick.at
            label = shortened(tick.label, size=SIZE, width=(self.left if room is None else room) - 8)
            parts.append(
                tag("path", d=f"M{tenths(self.left)} {tenths(y)}H{tenths(self.right)}", class_="grid")
            )
            parts.append(tag("text", label, x=self.left - 7, y=y + 4, text_anchor="end"))
        if title:
            text = shortened(title, size=SIZE, width=self.width + self.left - 2)
            parts.append(tag("text", text, x=2.0, y=self.top - 10 - lift))
        return joined(parts)

    def x_axis(self, title: str = "", *, pitch: float = 62.0) -> Markup:
        """Return the base line with the ticks' labels, and the title below.

        Args:
            title: What stands below.
            pitch: Pixels between ticks, about.
        """
        line = f"M{tenths(self.left)} {tenths(self.bottom)}H{tenths(self.right)}"
        parts = [tag("path", d=line, class_="axis"), *self._x_labels(max(2, int(self.width / pitch)))]
        if title:
            text = shortened(title, size=SIZE, width=self.width)
            parts.append(tag("text", text, x=self.right, y=self.bottom + 34, text_anchor="end"))
        return joined(parts)

    def _x_labels(self, most: int) -> list[Markup]:
        """Return the labels below the base line, on two lines where names need them.

        One that would run into another is left out; its tick stays.
        """
        ticks = self.x.ticks(most)
        room = self.width / max(1, len(ticks)) - 6
        n_lines = 1 if all(text_width(tick.label, size=SIZE) <= room for tick in ticks) else 2
        parts, taken = [], [-1e9, -1e9]
        for place, tick in enumerate(ticks):
            at = self.left + self.width * tick.at
            parts.append(tag("path", d=f"M{tenths(at)} {tenths(self.bottom)}v4", class_="axis"))
            label = shortened(tick.label, size=SIZE, width=max(n_lines * room, 30.0))
            half = text_width(label, size=SIZE) / 2
            x = min(max(at, self.left - 6 + half), self.right + 6 - half)
            line = place % n_lines
            if x - half >= taken[line] + 4:
                taken[line] = x + half
                y = self.bottom + 16 + 13 * line
                parts.append(tag("text", label, x=x, y=y, text_anchor="middle"))
        return parts

    def marks(  # noqa: PLR0913 - how a mark looks
        self,
        x: Float64Array,
        y: Float64Array,
        *,
        shape: str,
        colour: str,
        faint: bool = False,
        words: str = "",
    ) -> Markup:
        """Return one path with a mark at each point, ``(n,)``; those on the same spot are drawn once.

        Args:
            x: Values; a point with a NaN is left out.
            y: Values.
            shape: A name in ``GLYPHS``.
            colour: A name in the palette.
            faint: Whether the marks let each other through.
            words: What is shown under the pointer.
        """
        points = np.stack([self.across(x), self.up(y)], axis=1)
        step = 0.5 if len(points) < MANY else 2.0
        points = np.unique(np.round(points[np.isfinite(points).all(axis=1)] / step) * step, axis=0)
        if not len(points):
            return Markup()
        glyph = GLYPHS[shape]
        kind = shape if glyph == "h0" else "glyphs"
        d = "".join(f"M{tenths(a)} {tenths(b)}{glyph}" for a, b in points.tolist())
        class_ = f"{kind} stroke-{colour}" + (" faint" if faint else "")
        return tag("path", tag("title", words) if words else "", d=d, class_=class_)

    def hover(self, x: Float64Array, y: Float64Array, words: Sequence[str]) -> Markup:
        """Return what shows the words of each point, ``(n,)``, under the pointer."""
        return hover_points(self.across(x), self.up(y), words)

    def line(
        self, x: Float64Array, y: Float64Array, *, colour: str, kind: str = "line", steps: bool = False
    ) -> Markup:
        """Return a line through points, broken where one is NaN; ``steps`` goes on level until the next."""
        d = trace(self.across(x), self.up(y), steps=steps)
        return tag("path", d=d, class_=f"{kind} stroke-{colour}") if d else Markup()

    def ring(self, x: float, y: float, label: str = "") -> Markup:
        """Return a ring around a point, with a label beside it that stays inside the panel."""
        (cx,), (cy,) = self.across([x]).tolist(), self.up([y]).tolist()
        ring = tag("circle", cx=cx, cy=cy, r=5.5, class_="ring")
        if not label:
            return ring
        half = text_width(label, size=SIZE) * 1.06 / 2
        at = min(max(cx, self.left + half), max(self.right - half, self.left + half))
        up = cy + (19 if cy - self.top < 18 else -10)
        return joined([ring, tag("text", label, x=at, y=up, text_anchor="middle", class_="strong halo")])


def trace(x: Float64Array, y: Float64Array, *, steps: bool) -> str:
    """Return the path of an SVG line through points in pixels, ``(n,)`` each, broken where one is NaN."""
    parts: list[str] = []
    last: str | None = None
    for a, b in zip(np.round(x, 1).tolist(), np.round(y, 1).tolist(), strict=True):
        if a != a or b != b:  # noqa: PLR0124 - NaN alone differs from itself
            last = None
            continue
        across, up = tenths(a), tenths(b)
        if last is None:
            parts.append(f"M{across} {up}")
        elif steps:
            parts.append(f"H{across}" if up == last else f"H{across}V{up}")
        else:
            parts.append(f"L{across} {up}")
        last = up
    return "".join(parts)


def gutter(scale: AxisScale, *, height: float) -> float:
    """Return the room that the labels of an upright axis need, in pixels."""
    ticks = scale.ticks(max(2, int(height / TICK_PITCH)))
    widest = max((text_width(tick.label, size=SIZE) for tick in ticks), default=0.0)
    return min(LONGEST_LABEL, widest) + 10


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend.

    Attributes:
        label: What it says.
        shape: A name in ``GLYPHS``, or ``line``, ``box`` or ``ring``.
        colour: A name in the palette.
    """

    label: str
    shape: str
    colour: str


def legend(keys: Sequence[Key], *, width: float) -> tuple[Markup, float]:
    """Return a legend in lines that are no longer than ``width``, and where it ends."""
    x, y = 0.0, 12.0
    parts: list[Markup] = []
    if not keys:
        return joined(parts), 0.0
    for key in keys:
        needed = 18 + text_width(key.label, size=SIZE) + 14
        if x and x + needed > width:
            x, y = 0.0, y + 18
        parts.append(_swatch(key, x + 7, y - 4))
        parts.append(tag("text", shortened(key.label, size=SIZE, width=width - 20), x=x + 18, y=y))
        x += needed
    return joined(parts), y + 10


def _swatch(key: Key, x: float, y: float) -> Markup:
    if key.shape == "box":
        return tag("rect", x=x - 6, y=y - 5, width=12, height=10, rx=2, class_=f"fill-{key.colour}")
    if key.shape == "line":
        return tag("path", d=f"M{tenths(x - 7)} {tenths(y)}h14", class_=f"line stroke-{key.colour}")
    if key.shape == "ring":
        return tag("circle", cx=x, cy=y, r=5.0, class_="ring")
    kind = key.shape if GLYPHS[key.shape] == "h0" else "glyphs"
    return tag("path", d=f"M{tenths(x)} {tenths(y)}{GLYPHS[key.shape]}", class_=f"{kind} stroke-{key.colour}")
