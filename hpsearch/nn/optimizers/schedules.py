"""Schedules of the learning rate, by name in ``SCHEDULES``.

The first epoch of a training is epoch 0, so its rate is ``lr`` itself under every schedule, except in a
warm-up and under a manual list that starts at epoch 0. A rate holds for all steps of its epoch.
"""

import math
from collections.abc import Callable
from typing import Protocol, TypeAlias


class ScheduleSettings(Protocol):
    """The fields of ``MLPConfig`` that schedules read; each reads the ones that its formula names."""

    @property
    def lr(self) -> float:
        """The rate it starts from, above 0."""

    @property
    def schedule_decay(self) -> float | None:
        """``decay``, 0 or more; ``None`` for the schedule's own default."""

    @property
    def schedule_every(self) -> int:
        """``every``, the epochs of a stair, 1 or more."""

    @property
    def epochs(self) -> int:
        """Epochs until a cosine reaches 0, 1 or more."""

    @property
    def schedule_rates(self) -> tuple[tuple[int, float], ...]:
        """``(epoch, rate)`` pairs of a manual list, epochs rising."""


Schedule: TypeAlias = Callable[[int, ScheduleSettings], float]
"""A pure function from an epoch (0 is the first) and the settings to the rate of all steps of the epoch."""


def constant(epoch: int, settings: ScheduleSettings) -> float:  # noqa: ARG001 - it is constant
    """Return ``lr``.

    Source: H. Robbins and S. Monro, "A stochastic approximation method", 1951, is why it should not stay so.
    """
    return settings.lr


def time(epoch: int, settings: ScheduleSettings) -> float:
    """Return ``lr / (1 + decay * epoch)``; ``decay`` is 1 when not given.

    Source: L. Bottou, "Stochastic gradient descent tricks", 2012, section 5.2.
    """
    return settings.lr / (1 + (1.0 if settings.schedule_decay is None else settings.schedule_decay) * epoch)


def exponential(epoch: int, settings: ScheduleSettings) -> float:
    """Return ``lr * decay^epoch``; ``decay`` is 0.95 when not given.

    Source: A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay.
    """
    return settings.lr * (0.95 if settings.schedule_decay is None else settings.schedule_decay) ** epoch


def sqrt(epoch: int, settings: ScheduleSettings) -> float:
    """Divide ``lr`` by the root of ``epoch + 1``: the course's schedule, which counts from 1.

    Source: M. Zinkevich, "Online convex programming and generalized infinitesimal gradient ascent", ICML
    2003, theorem 1; A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay.
    """
    return settings.lr / math.sqrt(epoch + 1)


def staircase(epoch: int, settings: ScheduleSettings) -> float:
    """Return ``lr * decay^floor(epoch / every)``; ``decay`` is 0.5 when not given.

    Source: K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", CVPR 2016,
    section 3.4 (steps of 0.1).
    """
    return settings.lr * (0.5 if settings.schedule_decay is None else settings.schedule_decay) ** (
        epoch // settings.schedule_every
    )


def cosine(epoch: int, settings: ScheduleSettings) -> float:
    """Return ``lr * (1 + cos(pi * epoch / epochs)) / 2`` up to epoch ``epochs``, and 0 from there on.

    Source: I. Loshchilov and F. Hutter, "SGDR: stochastic gradient descent with warm restarts", ICLR 2017,
    equation 5, one period, down to 0.
    """
    return settings.lr * (1 + math.cos(math.pi * min(epoch / settings.epochs, 1))) / 2


def manual(epoch: int, settings: ScheduleSettings) -> float:
    """Return the rate of the last pair whose epoch has come, and ``lr`` before the first.

    Source: A. Ng, "Improving deep neural networks", 2017, lecture on learning-rate decay ("manual decay").
    """
    due = [rate for start, rate in settings.schedule_rates if start <= epoch]
    return due[-1] if due else settings.lr


def warmup(epoch: int, warmup_epochs: int) -> float:
    """Return the share of the rate that epoch is given: ``(epoch + 1) / (warmup_epochs + 1)``, at most 1.

    It multiplies every schedule: it rises in equal steps over epochs 0..``warmup_epochs`` - 1, then it is 1.

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
