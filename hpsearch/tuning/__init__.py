"""Searches from Python without a study file: over rows in memory, and over a function."""

from hpsearch.tuning.optimization import optimize
from hpsearch.tuning.rows import load_winner, tune

__all__ = ["load_winner", "optimize", "tune"]
