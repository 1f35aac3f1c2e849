"""How the learning rate goes with the epoch.

The first epoch of a training is epoch 0, so its rate is ``lr`` itself under every schedule (but for the
warm-up and a manual list that starts at epoch 0). A rate holds for all steps of its epoch.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTerms:
    """The constants of a schedule; each schedule reads those that its formula names.

    Attributes:
        lr: The rate it starts from, above 0.
        decay: ``schedule_decay``, 0 or more; ``None`` for the schedule's own default.
        every: Epochs of a stair, 1 or more.
        epochs: Epochs until a cosine reaches 0, 1 or more.
        rates: ``(epoch, rate)`` pairs of a manual list, epochs rising.
    """

    lr: float
    decay: float | None = None
    every: int = 10
    epochs: int = 10
    rates: tuple[tuple[int, float], ...] = ()


Schedule: TypeAlias = Callable[[int, ScheduleTerms], float]
"""From an epoch (0 is the first) and the constants to the rate of all its steps; a pure function."""


def constant(epoch: int, terms: ScheduleTerms) -> float:  # noqa: ARG001 - that is the point
    """Return ``lr``.

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951, is why it should not stay so.
    """
    return terms.lr


def time(epoch: int, terms: ScheduleTerms) -> float:
    """Return ``lr / (1 + decay * epoch)``; ``decay`` is 1 when not given.

    Source: L. Bottou, "Stochastic gradient descent tricks", 2012, section 5.2.
    """
    return terms.lr / (1 + (1.0 if terms.decay is None else terms.decay) * epoch)


def exponential(epoch: int, terms: ScheduleTerms) -> float:
    """Return ``lr * decay^epoch``; ``decay`` is 0.95 when not given.

    Source: A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay.
    """
    return terms.lr * (0.95 if terms.decay is None else terms.decay) ** epoch


def sqrt(epoch: int, terms: ScheduleTerms) -> float:
    """Divide ``lr`` by the root of ``epoch + 1``: the course's schedule, which counts from 1.

    Source: M. Zinkevich, "Online convex programming and generalized infinitesimal gradient ascent", ICML
    2003, theorem 1; A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay.
    """
    return terms.lr / math.sqrt(epoch + 1)


def staircase(epoch: int, terms: ScheduleTerms) -> float:
    """Return ``lr * decay^floor(epoch / every)``; ``decay`` is 0.5 when not given.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", CVPR 2016,
    section 3.4 (steps of 0.1).
    """
    return terms.lr * (0.5 if terms.decay is None else terms.decay) ** (epoch // terms.every)


def cosine(epoch: int, terms: ScheduleTerms) -> float:
    """Return ``lr * (1 + cos(pi * epoch / epochs)) / 2`` up to epoch ``epochs``, and 0 from there on.

    Source: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
    equation 5, one period, down to 0.
    """
    return terms.lr * (1 + math.cos(math.pi * min(epoch / terms.epochs, 1))) / 2


def manual(epoch: int, terms: ScheduleTerms) -> float:
    """Return the rate of the last pair whose epoch has come, and ``lr`` before the first.

    Source: A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay ("manual decay").
    """
    due = [rate for start, rate in terms.rates if start <= epoch]
    return due[-1] if due else terms.lr


def warmup(epoch: int, warmup_epochs: int) -> float:
    """Return the share of the rate that epoch is given: ``(epoch + 1) / (warmup_epochs + 1)``, at most 1.

    It multiplies every schedule: epochs 0..``warmup_epochs`` - 1 climb in equal steps, the next has all.

    Source: P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2.

    Example:
        >>> [warmup(epoch, 3) for epoch in range(5)]
        [0.25, 0.5, 0.75, 1.0, 1.0]
    """
    return min(1.0, (epoch + 1) / (warmup_epochs + 1))


SCHEDULES: dict[str, Schedule] = {
    "constant": constant,
    "time": time,
    "exponential": exponential,
    "sqrt": sqrt,
    "staircase": staircase,
    "cosine": cosine,
    "warmup": constant,  # constant once warm: the climb multiplies every schedule
    "manual": manual,
}
