"""Seven optimizers on their way down a long valley."""

import numpy as np
from look import BLACK, BLUE, GREEN, ORANGE, PURPLE, Plate, panels
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from hpsearch.nn import OPTIMIZERS, descend
from hpsearch.types import Float64Array

START = (-7.0, 2.0)
STEPS = 30

CURVATURE = np.array([1 / 10, 2.0])
"""Second derivatives of ``x^2/20 + y^2``; the valley is 20 times as steep across as along."""

RATES = {
    "sgd": 0.95,
    "momentum": 0.1,
    "averaged_momentum": 0.95,
    "nesterov": 0.1,
    "adagrad": 1.5,
    "rmsprop": 0.3,
    "adam": 0.3,
}

TITLES = {
    "sgd": ("SGD", PURPLE),
    "momentum": ("Momentum", BLUE),
    "averaged_momentum": ("Averaged momentum", BLUE),
    "nesterov": ("Nesterov", BLUE),
    "adagrad": ("AdaGrad", GREEN),
    "rmsprop": ("RMSProp", GREEN),
    "adam": ("Adam", ORANGE),
}
"""Optimizer -> title and the color of its family: the bare gradient, a velocity, a scale, both."""

COMPARED = {"sgd": ":", "momentum": "-", "adagrad": "--", "adam": "-."}
"""Optimizer -> its line in the last panel; one of each family."""


def height(x: Float64Array) -> float:
    """Return ``x^2/20 + y^2`` for ``(2,)``."""
    return float(x @ (CURVATURE * x) / 2)


def path(name: str) -> Float64Array:
    """Return the points that an optimizer comes through, ``(STEPS + 1, 2)``."""
    return descend(
        OPTIMIZERS[name](),
        height,
        start=START,
        steps=STEPS,
        lr=RATES[name],
        gradient=lambda x: CURVATURE * x,
    )


def draw() -> Figure:
    """Draw one panel for each path, and their heights in the last."""
    figure, axes = panels(4, 2, height=9.2, share=False)
    paths = {name: path(name) for name in RATES}
    for panel, (name, points) in zip(axes, paths.items(), strict=False):
        title, color = TITLES[name]
        _draw_path(panel, points, title=f"{title}, rate {RATES[name]:g}", color=color)
    _draw_heights(axes[-1], paths)
    return figure


def _draw_path(panel: Axes, points: Float64Array, *, title: str, color: str) -> None:
    x, y = np.meshgrid(np.linspace(-8, 8, 161), np.linspace(-3, 3, 121))
    levels = [0.1, 0.4, 1, 2, 3.5, 5.5, 8]
    panel.contour(x, y, x**2 / 20 + y**2, levels=levels, colors="#C9C9C9", linewidths=0.8)
    panel.plot(*points.T, color=color, marker="o", markersize=3.2, linewidth=1.3)
    panel.plot(*START, color=BLACK, marker="s", markersize=6, linestyle="none")
    panel.plot(0, 0, color=BLACK, marker="+", markersize=11, markeredgewidth=1.8)
    panel.set(title=title, xlim=(-8, 8), ylim=(-3, 3), xlabel="$x$", ylabel="$y$")
    panel.grid(visible=False)


def _draw_heights(panel: Axes, paths: dict[str, Float64Array]) -> None:
    for name, line in COMPARED.items():
        title, color = TITLES[name]
        panel.semilogy([height(point) for point in paths[name]], color=color, linestyle=line, label=title)
    panel.set(
        title="Height after each step",
        xlabel="step",
        ylabel="$x^2/20 + y^2$",
        xlim=(0, STEPS),
        ylim=(3e-6, 10),
    )
    panel.legend(loc="lower left", ncols=2, handlelength=2.6)


OPTIMIZER_PLATE = Plate(
    title="Seven optimizers in a long valley",
    setting=(
        "The function is x^2/20 + y^2, the start (-7, 2), the minimum the cross; 30 steps of "
        "`descend`, each optimizer with its own defaults beside the rate. Colors are families: the "
        "bare gradient, a velocity, a rate for each axis, both."
    ),
    see=(
        (
            "SGD leaps from wall to wall of the valley and creeps along it; a larger rate is no help, "
            "because above 1 it would climb out."
        ),
        (
            "Momentum rolls in curves, past the minimum and back; its averaged form goes almost the "
            "same way at ten times the rate, and Nesterov, which looks ahead, swings far less."
        ),
        (
            "AdaGrad and RMSProp turn onto the valley's floor within a few steps and stay there; at "
            "these rates AdaGrad ends lowest, and Adam, with a velocity as well, swings once and is "
            "still on its way."
        ),
    ),
    draw=draw,
)
