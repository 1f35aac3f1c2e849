"""The grammar of a number that a person types: in an option, a variable, or after ``NAME=``."""

import math
import re

_WHOLE = re.compile(r"[+-]?[0-9]+")
_REAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
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
