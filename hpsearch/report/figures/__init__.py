"""Figures as SVG: axis scales, panels with marks, and the object that a notebook or a page shows."""
