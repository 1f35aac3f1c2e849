"""Figures as SVG: scales, panels with marks, and the object that a notebook or a page shows."""

from hpsearch.report.figures.figure import NARROW, WIDE, Canvas, DataTable, Figure, FigureError
from hpsearch.report.figures.markup import Markup, escaped, joined, shortened, tag, tenths, text_width
from hpsearch.report.figures.palette import DARK, LIGHT, SHADES, SIZE, style_sheet
from hpsearch.report.figures.panel import GLYPHS, Key, Panel, gutter, legend, note, trace
from hpsearch.report.figures.scales import (
    Categories,
    Linear,
    Log,
    Mirrored,
    Scale,
    Tick,
    accuracy_scale,
)

__all__ = [
    "DARK",
    "GLYPHS",
    "LIGHT",
    "NARROW",
    "SHADES",
    "SIZE",
    "WIDE",
    "Canvas",
    "Categories",
    "DataTable",
    "Figure",
    "FigureError",
    "Key",
    "Linear",
    "Log",
    "Markup",
    "Mirrored",
    "Panel",
    "Scale",
    "Tick",
    "accuracy_scale",
    "escaped",
    "gutter",
    "joined",
    "legend",
    "note",
    "shortened",
    "style_sheet",
    "tag",
    "tenths",
    "text_width",
    "trace",
]
