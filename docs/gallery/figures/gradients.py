"""How much gradient is left, layer by layer."""

import numpy as np
from look import BLUE, GREEN, ORANGE, Plate, legend_below, panels
from matplotlib.figure import Figure
from probe import gradient_norms, images

from hpsearch.nn import MLPConfig
from hpsearch.types import Float64Array

LAYERS = 12
SEEDS = range(10)
ROWS = 256

KINDS = {"sigmoid": ("sigmoid", BLUE, "s"), "tanh": ("tanh", ORANGE, "^"), "relu": ("ReLU", GREEN, "o")}
"""Activation -> label, color and marker."""

STARTS = {"xavier": "Xavier", "he": "He"}


def norms(activation: str, init: str) -> Float64Array:
    """Return the norm of ``dL/dW``, ``(seeds, LAYERS)``, for the hidden layers of new networks."""
    data = images("digits", train=ROWS, scaling="standard")
    config = MLPConfig(hidden=(100,) * LAYERS, activation=activation, init=init)
    return gradient_norms(config, data.X_train, data.y_train, seeds=SEEDS)[:, :-1]


def draw() -> Figure:
    """Draw the geometric mean and the range over seeds; one panel for each initializer."""
    figure, axes = panels(1, len(STARTS), height=4.4)
    layer = np.arange(1, LAYERS + 1)
    for panel, (init, title) in zip(axes, STARTS.items(), strict=True):
        for activation, (label, color, marker) in KINDS.items():
            found = norms(activation, init)
            mean = np.exp(np.log(found).mean(axis=0))
            panel.semilogy(layer, mean, color=color, marker=marker, markersize=5, label=label)
            panel.fill_between(layer, found.min(axis=0), found.max(axis=0), color=color, alpha=0.18, lw=0)
        panel.set(title=f"{title} initial weights", xlabel="hidden layer (1 is next to the input)")
        panel.set_xticks(layer)
    axes[0].set_ylabel("norm of the gradient of its weights")
    legend_below(figure, axes[0], columns=len(KINDS))
    return figure


GRADIENT_PLATE = Plate(
    title="Vanishing gradients",
    setting=(
        "One batch of 256 images of digits, standardised; twelve hidden layers of 100 units before "
        "their first step. The norm of dL/dW of each layer: geometric mean of ten seeds, and their "
        "range."
    ),
    see=(
        (
            "Sigmoid, whose slope is 1/4 at most: in the backward pass every layer leaves a quarter of the "
            "gradient under Xavier and a third under He, so that the first layer gets less than a "
            "hundred-thousandth of what the last one gets."
        ),
        (
            "Tanh and ReLU carry the gradient through all twelve layers at much the same size, whichever "
            "of the two initial weights they have."
        ),
        (
            "The initial weights set what that size is: from Xavier to He it grows almost threefold for "
            "tanh, and 80 to 250 times for ReLU."
        ),
    ),
    draw=draw,
)
