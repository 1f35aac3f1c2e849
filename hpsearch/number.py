"""The grammar of a number that a person types: in an option, a variable, or after ``NAME=``."""

import math
import re
from functools import cache

_WHOLE = re.compile(r"[+-]?[0-9]+")
_REAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SIGNS = "$€£¥₹"
_GROUPS = {".": ",", ",": "."}
"""Decimal mark -> the other mark, which then groups thousands; blanks and apostrophes group in both."""
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_LONGEST = 400
"""Characters of a number, at most: more digits than a float64 has decades."""


def read_number(text: str) -> int | float | None:
    """Return the number that a text stands for, or ``None`` where it is no number.

    A number is digits with at most one point and one exponent. ``1_0``, ``0x10``, ``1,5`` and digits of
    other scripts are none, although Python reads some of them. A whole number has neither point nor
    exponent. What float64 cannot hold is infinite.

    Example:
        >>> read_number("16"), read_number("1e-3"), read_number("1_0")
        (16, 0.001, None)
    """
    if len(text) > _LONGEST:
        return None
    if _WHOLE.fullmatch(text):
        return int(text)
    if _REAL.fullmatch(text) or _NOT_FINITE.fullmatch(text):
        return float(text)
    return None


def read_quantity(text: str, *, decimal: str = ".") -> tuple[float, str] | None:
    """Return the number that a text of a table stands for, and its unit; ``None`` where it is no number.

    Thousands may be grouped, by the other mark, blanks or apostrophes, and the number may have a sign of a
    currency or of percent, which changes nothing about it.

    Args:
        text: The text.
        decimal: The mark before the fraction, ``"."`` or ``","``.

    Example:
        >>> read_quantity("$1,100.5"), read_quantity("-39,1", decimal=","), read_quantity("7%")
        ((1100.5, '$'), (-39.1, ''), (7.0, '%'))
    """
    found = _quantity(decimal).fullmatch(text) if len(text) <= _LONGEST else None
    if found is None or not (found["whole"] or found["fraction"]):
        return None
    whole = (found["whole"] or "0").replace(found["group"] or "_", "")
    number = f"{found['sign']}{whole}.{found['fraction'] or '0'}{found['exponent'] or ''}"
    value = float(number)
    return (-value if found["minus"] else value), found["before"] + found["after"]


@cache
def _quantity(mark: str) -> re.Pattern[str]:
    """Return the grammar of a quantity with a decimal mark; most processes read none."""
    gap = rf"[{_GROUPS[mark]}'\u2019 \u00a0\u202f]"
    return re.compile(
        rf"(?P<sign>[+-]?)(?P<before>[{_SIGNS}]?) ?(?P<minus>-?)"
        rf"(?P<whole>[0-9]+|[0-9]{{1,3}}(?P<group>{gap})[0-9]{{3}}(?:(?P=group)[0-9]{{3}})*)?"
        rf"(?:{re.escape(mark)}(?P<fraction>[0-9]*))?(?P<exponent>[eE][+-]?[0-9]+)? ?(?P<after>%|[{_SIGNS}]?)"
    )


def expect_number(
    text: str, *, whole: bool, least: float | None = None, most: float | None = None
) -> int | float:
    """Return the number that a text stands for.

    Args:
        text: What was typed.
        whole: Whether only a whole number is one, such as ``16``.
        least: The smallest number that is taken.
        most: The largest number that is taken.

    Raises:
        ValueError: The text is no such number, or it is not finite; the message says what was expected.
    """
    number = read_number(text.strip())
    kind = int if whole else (int, float)
    fits = (
        isinstance(number, kind) and (least is None or number >= least) and (most is None or number <= most)
    )
    if fits and math.isfinite(number if isinstance(number, float) else 0):
        assert number is not None
        return number if whole else float(number)
    reach = f" from {least:g} to {most:g}" if least is not None and most is not None else ""
    reach = reach or (f", {least:g} or more" if least is not None else "")
    raise ValueError(f"expected {'a whole number' if whole else 'a number'}{reach}, found {text!r}")


def rounded(value: float) -> str:
    """Return a value of a metric as people read it: four decimals, or five digits where it is large or small.

    Example:
        >>> [rounded(value) for value in (0.97634, 0.0, 53210.7, 0.000012)]
        ['0.9763', '0.0000', '53211', '1.2e-05']
    """
    usual = value == 0 or 0.001 <= abs(value) < 10
    return f"{value:.4f}" if usual else f"{value:.5g}"
