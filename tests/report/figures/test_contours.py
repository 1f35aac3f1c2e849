"""The region where a surface is at least as high as a level."""

import re

import numpy as np
import pytest

from hpsearch.report.figures.contours import region

AXIS = np.linspace(0.0, 100.0, 41)


def corners(d):
    """Return the corners of all polygons of a path, ``(n, 2)``."""
    points, last = [], (0.0, 0.0)
    for letter, numbers in re.findall(r"([MLHV])([-\d. ]+)", d):
        values = [float(number) for number in numbers.split()]
        last = {"H": (values[0], last[1]), "V": (last[0], values[0])}.get(letter) or tuple(values)
        points.append(last)
    return np.array(points)


def test_the_edge_of_a_cone_is_a_circle():
    """No corner lies outside of the circle, and those on cells that the edge crosses reach it."""
    x, y = np.meshgrid(AXIS, AXIS)
    found = corners(region(AXIS, AXIS, -np.hypot(x - 50, y - 50), -30.0))
    radius = np.hypot(*(found - 50).T)
    assert radius.max() <= 30.1
    assert (np.abs(radius - 30) < 0.3).sum() > 60


def test_everything_and_nothing():
    """Below the surface every cell is inside, joined along its row; above it none is."""
    x, y = np.meshgrid(AXIS, AXIS)
    assert region(AXIS, AXIS, x + y, -1.0).count("M") == len(AXIS) - 1
    assert region(AXIS, AXIS, x + y, 201.0) == ""


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_a_slope_is_cut_where_the_level_is(share):
    """Between two points of the grid the edge is straight and at its share of the way."""
    z = np.array([[0.0, 1.0], [0.0, 1.0]])
    found = corners(region(np.array([0.0, 100.0]), np.array([0.0, 10.0]), z, share))
    assert sorted({float(a) for a, _ in found}) == pytest.approx([100 * share, 100.0])
