"""One look for every figure, and what a figure of the gallery is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")  # before pyplot: no window, on any machine

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

WIDTH = 9.0
"""Inches of every figure."""

BLUE, ORANGE, GREEN, PURPLE, BLACK, GREY = "#0072B2", "#D55E00", "#009E73", "#AA4499", "#222222", "#8A8A8A"
"""Colors that stay apart for color-blind readers.

Source: M. Okabe and K. Ito, "Color universal design", 2008 (blue, vermilion, green).
"""

RULES: dict[Any, Any] = {
    "axes.edgecolor": "#555555",
    "axes.grid": True,
    "axes.labelsize": 10,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10.5,
    "figure.dpi": 150,
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.7,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "mathtext.fontset": "dejavusans",
    "xtick.labelsize": 9,
    "ytick.labelsize": 9,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A figure of the gallery.

    Attributes:
        title: What it shows, in a few words.
        setting: What was computed, on which data.
        see: Three lines that say what to see.
        draw: Computes and draws it.
    """

    title: str
    setting: str
    see: tuple[str, str, str]
    draw: Callable[[], Figure]


def panels(
    rows: int, columns: int, *, height: float, share: bool = True, gap: float = 0.04
) -> tuple[Figure, list[Axes]]:
    """Return a figure ``height`` inches high and its panels, row by row; all on the same axes if shared.

    Args:
        rows: Rows of panels.
        columns: Columns of panels.
        height: Inches.
        share: Whether all panels have the same axes.
        gap: Inches above and below each panel.
    """
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(WIDTH, height),
        sharex=share,
        sharey=share,
        squeeze=False,
        layout=ConstrainedLayoutEngine(h_pad=gap),
    )
    return figure, [panel for row in axes for panel in row]


def legend_below(figure: Figure, panel: Axes, *, columns: int) -> None:
    """Put the legend of one panel below them all."""
    handles, labels = panel.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns)


def render(name: str, plate: Plate, *, folder: Path) -> None:
    """Write ``folder/NAME.png``; the same bytes each time on one machine."""
    with mpl.rc_context(RULES):
        figure = plate.draw()
        figure.savefig(folder / f"{name}.png", metadata={"Software": None})
        plt.close(figure)
