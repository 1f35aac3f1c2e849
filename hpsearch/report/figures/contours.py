"""The region of a grid in which a surface is at least as high as a level, as the path of an SVG area."""

import numpy as np

from hpsearch.report.figures.markup import tenths
from hpsearch.types import BoolArray, Float64Array


def region(x: Float64Array, y: Float64Array, z: Float64Array, level: float) -> str:
    """Return the path of the region where a surface reaches a level, straight between the grid's points.

    Cells that lie in it whole are joined along their row; of a cell that its edge crosses, the part inside is
    a polygon. A cell whose opposite corners are inside and whose others are not has one part: it is joined.

    Args:
        x: Places of the grid's columns in pixels, ``(n,)``.
        y: Places of its rows, ``(m,)``.
        z: The surface, ``(m, n)``.
        level: Its least height in the region.

    Source: W. E. Lorensen and H. E. Cline, "Marching cubes: a high resolution 3D surface construction
    algorithm", 1987 (here in two dimensions).
    """
    inside = z >= level
    whole = inside[:-1, :-1] & inside[1:, :-1] & inside[:-1, 1:] & inside[1:, 1:]
    some = inside[:-1, :-1] | inside[1:, :-1] | inside[:-1, 1:] | inside[1:, 1:]
    parts = [_run(x, y, row, first, last) for row, first, last in _runs(whole)]
    parts += [_polygon(x, y, z, level, (int(i), int(j))) for i, j in np.argwhere(some & ~whole)]
    return "".join(parts)


def _runs(whole: BoolArray) -> list[tuple[int, int, int]]:
    """Return row, first column and the column after the last one of each run of cells."""
    padded = np.pad(whole, ((0, 0), (1, 1)))
    starts = np.argwhere(padded[:, 1:] & ~padded[:, :-1])
    ends = np.argwhere(~padded[:, 1:] & padded[:, :-1])
    return [(int(i), int(a), int(b)) for (i, a), (_, b) in zip(starts, ends, strict=True)]


def _run(x: Float64Array, y: Float64Array, row: int, first: int, last: int) -> str:
    left, right, lower, upper = (tenths(float(at)) for at in (x[first], x[last], y[row], y[row + 1]))
    return f"M{left} {lower}H{right}V{upper}H{left}z"


def _polygon(x: Float64Array, y: Float64Array, z: Float64Array, level: float, cell: tuple[int, int]) -> str:
    """Return the part of a cell that is inside, corner by corner and crossing by crossing."""
    i, j = cell
    corners = [(i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j)]
    points = []
    for here, there in zip(corners, corners[1:] + corners[:1], strict=True):
        a, b = float(z[here]), float(z[there])
        if a >= level:
            points.append((float(x[here[1]]), float(y[here[0]])))
        if (a >= level) != (b >= level):
            share = (level - a) / (b - a)
            points.append(
                (
                    float(x[here[1]] + share * (x[there[1]] - x[here[1]])),
                    float(y[here[0]] + share * (y[there[0]] - y[here[0]])),
                )
            )
    return "M" + "L".join(f"{tenths(px)} {tenths(py)}" for px, py in points) + "z"
