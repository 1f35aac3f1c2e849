"""A cell of an exported table never runs in a spreadsheet."""

import pytest

from hpsearch.report.exports.export import _neutral


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1+1", "'+1+1"),
        ("-2+3", "'-2+3"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("\0=1", "'\0=1"),
        ("\uff1d1", "'\uff1d1"),
        ("-1.5", "-1.5"),
        ("+1e3", "+1e3"),
        ("-1\n", "'-1\n"),
        (-1.5, -1.5),
        (-0.0, -0.0),
        ("relu", "relu"),
        ("a=b", "a=b"),
        (True, "true"),
        (None, None),
    ],
)
def test_a_cell(cell, shown):
    """What begins like a formula is quoted, what is a number stays one."""
    assert _neutral(cell) == shown
