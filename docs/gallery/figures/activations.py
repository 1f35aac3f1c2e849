"""What five layers make of their inputs, before any training."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from look import BLUE, GREEN, ORANGE, Plate, panels
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from probe import hidden_outputs, images

from hpsearch.nn import MLPConfig
from hpsearch.types import Float64Array, FloatArray

LAYERS = 5
UNITS = 100

STARTS = {
    "deviation 1": ("normal", 1.0),
    "deviation 0.01": ("normal", 0.01),
    "Xavier": ("xavier", 1.0),
    "He": ("he", 1.0),
}
"""Title -> initializer and scale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How the outputs of an activation are drawn.

    Attributes:
        title: Its name on the figure.
        color: Its color.
        edges: Edges of the bins; exponents of ten where logarithmic.
        ticks: Place on the axis -> label.
        logarithmic: Whether outputs above zero are drawn by their logarithm, and the others left out.
    """

    title: str
    color: str
    edges: Float64Array
    ticks: Mapping[float, str]
    logarithmic: bool = False


KINDS = {
    "sigmoid": Kind(
        title="sigmoid", color=BLUE, edges=np.linspace(0, 1, 61), ticks={0: "0", 0.5: "0.5", 1: "1"}
    ),
    "tanh": Kind(
        title="tanh", color=ORANGE, edges=np.linspace(-1, 1, 61), ticks={-1: "$-1$", 0: "0", 1: "1"}
    ),
    "relu": Kind(
        title="ReLU",
        color=GREEN,
        edges=np.linspace(-9, 7, 65),
        ticks={-6: "$10^{-6}$", -3: "$10^{-3}$", 0: "1", 3: "$10^3$", 6: "$10^6$"},
        logarithmic=True,
    ),
}


def outputs(activation: str, start: str) -> list[FloatArray]:
    """Return the output of each layer, ``(n, UNITS)``, for the training rows of digits."""
    init, scale = STARTS[start]
    config = MLPConfig(hidden=(UNITS,) * LAYERS, activation=activation, init=init, init_scale=scale)
    return hidden_outputs(config, images("digits", scaling="standard").X_train, seed=0)


def draw() -> Figure:
    """Draw a row of panels for each activation; in a panel the first layer is on top."""
    figure, axes = panels(len(KINDS), len(STARTS), height=8.4, share=False, gap=0.09)
    for place, panel in enumerate(axes):
        activation = list(KINDS)[place // len(STARTS)]
        start = list(STARTS)[place % len(STARTS)]
        _draw_panel(panel, KINDS[activation], outputs(activation, start))
        panel.set_title(f"{KINDS[activation].title}, {start}")
        if place % len(STARTS) == 0:
            panel.set_ylabel("layer")
    return figure


def _draw_panel(panel: Axes, kind: Kind, layers: list[FloatArray]) -> None:
    edges, color = kind.edges, kind.color
    for place, H in enumerate(layers):
        values = np.log10(H[H > 0]) if kind.logarithmic else H.ravel()
        counts, _ = np.histogram(np.clip(values, edges[0], edges[-1]), edges)
        base = LAYERS - 1 - place
        panel.stairs(base + 0.85 * counts / counts.max(), edges, baseline=base, fill=True, color=color)
        panel.axhline(base, color=color, linewidth=0.8)
    panel.set(ylim=(-0.1, LAYERS), xlim=(edges[0], edges[-1]))
    panel.set_yticks(
        [LAYERS - 1 - place + 0.3 for place in range(LAYERS)], [str(k + 1) for k in range(LAYERS)]
    )
    panel.tick_params(axis="y", length=0)
    panel.grid(visible=False)
    panel.spines["left"].set_visible(False)
    panel.set_xticks(list(kind.ticks), list(kind.ticks.values()))


ACTIVATION_PLATE = Plate(
    title="Activations through five layers",
    setting=(
        "1,079 images of digits, standardised, through five layers of 100 units that have not been "
        "trained. Layer 1 is on top; each histogram is scaled to its own peak. ReLU: the outputs "
        "above zero (about half of them), on a logarithmic axis."
    ),
    see=(
        (
            "Deviation 1: sigmoid and tanh are pressed against their limits, where their slope is next to"
            " nothing; ReLU grows about sevenfold with every layer."
        ),
        (
            "Deviation 0.01: every sigmoid says about 0.5, tanh shrinks tenfold with every layer and ReLU"
            " fourteenfold, until hardly anything of the image is left."
        ),
        (
            "Xavier keeps tanh spread out, and He keeps ReLU where it was, which falls to a quarter under"
            " Xavier; sigmoid turns ragged, because in deep layers a unit says nearly the same of every "
            "image."
        ),
    ),
    draw=draw,
)
