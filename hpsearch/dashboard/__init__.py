"""optuna-dashboard on a study's database."""

from hpsearch.dashboard.server import serve

__all__ = ["serve"]
