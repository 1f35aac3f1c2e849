"""Twelve classic test functions to be minimized; no box has its optimum in the middle."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
"""Points, ``(n, d)``, or their values, ``(n,)``."""

DRAWS = 20_000
"""Uniform points from which the spread of a function over its box is measured."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """A function and the box that is searched.

    Attributes:
        name: What the printed table calls it.
        of: Points, ``(n, d)``, to values, ``(n,)``; less is better.
        low: Lower ends of the box, ``(d,)``.
        high: Upper ends, ``(d,)``.
        least: The least value of the function in the box.
    """

    name: str
    of: Callable[[Floats], Floats]
    low: tuple[float, ...]
    high: tuple[float, ...]
    least: float = 0.0

    @cached_property
    def spread(self) -> float:
        """The standard deviation of the values of uniform points of the box."""
        rng = np.random.default_rng(0)
        low, high = np.array(self.low), np.array(self.high)
        return float(self.of(low + rng.random((DRAWS, len(low))) * (high - low)).std())

    def value(self, point: tuple[float, ...]) -> float:
        """Return the value at one point, without noise."""
        return float(self.of(np.array([point]))[0])


def branin(X: Floats) -> Floats:
    """Return Branin's function of two numbers; it has three equal minima."""
    x, y = X.T
    bowl = (y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6) ** 2
    return np.asarray(bowl + 10 * (1 - 1 / (8 * math.pi)) * np.cos(x) + 10)


def camel(X: Floats) -> Floats:
    """Return the six-hump camel function of two numbers; it has two equal minima."""
    x, y = X.T
    return np.asarray((4 - 2.1 * x**2 + x**4 / 3) * x**2 + x * y + 4 * (y**2 - 1) * y**2)


def goldstein_price(X: Floats) -> Floats:
    """Return the function of Goldstein and Price of two numbers; its values span six decades."""
    x, y = X.T
    first = 1 + (x + y + 1) ** 2 * (19 - 14 * x + 3 * x**2 - 14 * y + 6 * x * y + 3 * y**2)
    second = 30 + (2 * x - 3 * y) ** 2 * (18 - 32 * x + 12 * x**2 + 48 * y - 36 * x * y + 27 * y**2)
    return np.asarray(first * second)


_WEIGHTS = np.array([1.0, 1.2, 3.0, 3.2])
_SHARP_3 = np.array([[3.0, 10, 30], [0.1, 10, 35], [3.0, 10, 30], [0.1, 10, 35]])
_PEAKS_3 = 1e-4 * np.array([[3689, 1170, 2673], [4699, 4387, 7470], [1091, 8732, 5547], [381, 5743, 8828]])
_SHARP_6 = np.array(
    [
        [10, 3, 17, 3.5, 1.7, 8],
        [0.05, 10, 17, 0.1, 8, 14],
        [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ]
)
_PEAKS_6 = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def hartmann(X: Floats) -> Floats:
    """Return Hartmann's function of three or six numbers: four peaks of different heights."""
    sharp, peaks = (_SHARP_3, _PEAKS_3) if X.shape[1] == 3 else (_SHARP_6, _PEAKS_6)
    squares = (sharp * (X[:, None] - peaks) ** 2).sum(axis=2)
    return np.asarray(-np.exp(-squares) @ _WEIGHTS)


def sphere(X: Floats) -> Floats:
    """Return the sum of squares."""
    return np.asarray((X**2).sum(axis=1))


def rosenbrock(X: Floats) -> Floats:
    """Return Rosenbrock's function: a curved valley."""
    x, y = X[:, :-1], X[:, 1:]
    return np.asarray((100 * (y - x**2) ** 2 + (1 - x) ** 2).sum(axis=1))


def levy(X: Floats) -> Floats:
    """Return Levy's function: a bowl with waves."""
    w = 1 + (X - 1) / 4
    last = (w[:, -1] - 1) ** 2 * (1 + np.sin(2 * math.pi * w[:, -1]) ** 2)
    waves = ((w[:, :-1] - 1) ** 2 * (1 + 10 * np.sin(math.pi * w[:, :-1] + 1) ** 2)).sum(axis=1)
    return np.asarray(np.sin(math.pi * w[:, 0]) ** 2 + waves + last)


def ackley(X: Floats) -> Floats:
    """Return Ackley's function: almost flat, with waves, and a hole."""
    hole = -20 * np.exp(-0.2 * np.sqrt((X**2).mean(axis=1)))
    return np.asarray(hole - np.exp(np.cos(2 * math.pi * X).mean(axis=1)) + 20 + math.e)


def rastrigin(X: Floats) -> Floats:
    """Return Rastrigin's function: a bowl with a minimum in every unit cube."""
    return np.asarray(10 * X.shape[1] + (X**2 - 10 * np.cos(2 * math.pi * X)).sum(axis=1))


def griewank(X: Floats) -> Floats:
    """Return Griewank's function: a wide bowl with fine waves."""
    waves = np.cos(X / np.sqrt(np.arange(1, X.shape[1] + 1))).prod(axis=1)
    return np.asarray(1 + (X**2).sum(axis=1) / 4000 - waves)


def styblinski_tang(X: Floats) -> Floats:
    """Return the function of Styblinski and Tang: two minima along each number, one of them lower."""
    return np.asarray((X**4 - 16 * X**2 + 5 * X).sum(axis=1) / 2)


def _cube(low: float, high: float, d: int) -> dict[str, tuple[float, ...]]:
    return {"low": (low,) * d, "high": (high,) * d}


CASES: Mapping[str, Case] = {
    case.name: case
    for case in (
        Case(name="branin", of=branin, low=(-5.0, 0.0), high=(10.0, 15.0), least=0.39788735772973816),
        Case(name="camel", of=camel, low=(-3.0, -2.0), high=(3.0, 2.0), least=-1.0316284534898774),
        Case(name="goldstein-price", of=goldstein_price, **_cube(-2.0, 2.0, 2), least=3.0),
        Case(name="hartmann-3", of=hartmann, **_cube(0.0, 1.0, 3), least=-3.862779786949335),
        Case(name="ackley-3", of=ackley, **_cube(-20.0, 40.0, 3)),
        Case(name="rastrigin-3", of=rastrigin, **_cube(-4.0, 6.0, 3)),
        Case(name="sphere-4", of=sphere, **_cube(-4.0, 6.0, 4)),
        Case(name="rosenbrock-4", of=rosenbrock, **_cube(-5.0, 10.0, 4)),
        Case(name="levy-4", of=levy, **_cube(-10.0, 10.0, 4)),
        Case(name="griewank-5", of=griewank, **_cube(-200.0, 400.0, 5)),
        Case(name="styblinski-tang-5", of=styblinski_tang, **_cube(-5.0, 5.0, 5), least=-195.83082850854),
        Case(name="hartmann-6", of=hartmann, **_cube(0.0, 1.0, 6), least=-3.322368011391339),
    )
}
"""The functions by name, in the order of the printed table."""
