"""The places of an axis's ticks and their labels: few, round, and no two labels equal."""

import math
from collections.abc import Sequence
from itertools import pairwise

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_MULTIPLES = ((1.0,), (1.0, 3.0), (1.0, 2.0, 5.0))
_MINUS = "\N{MINUS SIGN}"
_PLAIN = (1e-3, 1e4)


def linear_ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """Return round numbers in a range, at most ``most``, evenly apart.

    Args:
        low: Lower end.
        high: Upper end, above ``low``.
        most: How many there is room for, at least 2.
        whole: Whether they must be whole numbers.
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    while True:
        for multiple in _STEPS:
            step = multiple * power
            if whole and (step < 1 or step % 1):
                continue
            first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
            if last - first < most:
                return [n * step for n in range(first, last + 1)]
        power *= 10


def log_ticks(low: float, high: float, most: int) -> list[float]:
    """Return powers of ten in a range, or 1, 3 or 1, 2, 5 times them where they are few, at most ``most``.

    Args:
        low: Lower end, above 0.
        high: Upper end, above ``low``.
        most: How many there is room for, at least 2.
    """
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    best: list[float] = []
    for multiples in _MULTIPLES:
        found = [m * 10.0**n for n in range(first, last + 1) for m in multiples]
        found = [value for value in found if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        if len(found) <= most:
            best = found
    if best:
        return best if len(best) > 1 else linear_ticks(low, high, most)
    powers = [n for n in range(first, last + 1) if low * (1 - 1e-9) <= 10.0**n <= high * (1 + 1e-9)]
    stride = next((s for s in range(1, len(powers) + 1) if -(-len(powers) // s) <= most), 1)
    return [10.0**n for n in powers if (n - powers[-1]) % stride == 0] if powers else [low, high]


def mirrored_ticks(low: float, high: float, most: int) -> list[float]:
    """Return numbers below 1 whose distances from 1 are round, such as 0.9, 0.99, 0.999, at most ``most``."""
    return sorted(1 - distance for distance in log_ticks(1 - high, 1 - low, most))


def linear_labels(ticks: Sequence[float]) -> list[str]:
    """Return the labels of evenly spaced numbers, all with as many decimals as make them differ."""
    if not ticks:
        return []
    largest = max(abs(tick) for tick in ticks)
    step = min((b - a for a, b in pairwise(ticks)), default=largest or 1.0)
    if largest >= 1e6 or (largest and largest < 1e-4):
        return [_number(tick) for tick in ticks]
    decimals = next(
        n for n in range(12) if abs(round(step * 10**n) - step * 10**n) < 1e-6 * step * 10**n or n == 11
    )
    return [f"{tick:.{decimals}f}".replace("-", _MINUS) for tick in ticks]


def log_labels(ticks: Sequence[float]) -> list[str]:
    """Return the labels of numbers on a log axis, all plain or all as powers of ten."""
    plain = all(_PLAIN[0] <= tick <= _PLAIN[1] for tick in ticks)
    for digits in range(4, 17):
        labels = [f"{tick:.{digits}g}" if plain else _power(tick, digits=digits) for tick in ticks]
        if len(set(labels)) == len(ticks):
            break
    return labels


def mirrored_labels(ticks: Sequence[float]) -> list[str]:
    """Return the labels of numbers near 1, each with as many nines as it needs."""
    return [f"{tick:.12f}".rstrip("0").rstrip(".") for tick in ticks]


def _power(tick: float, *, digits: int = 4) -> str:
    exponent = math.floor(math.log10(tick) + 1e-9)
    multiple = f"{tick / 10.0**exponent:.{digits}g}"
    power = "10" + str(exponent).translate(_SUPERSCRIPTS)
    return power if multiple == "1" else f"{multiple}·{power}"


def _number(tick: float) -> str:
    return "0" if tick == 0 else (_MINUS if tick < 0 else "") + _power(abs(tick))
