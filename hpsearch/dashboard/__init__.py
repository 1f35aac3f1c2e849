"""optuna-dashboard on a study's database, behind a guard, with a first page, metrics and the report."""

from hpsearch.dashboard.reports import study_page
from hpsearch.dashboard.server import Dashboard, serve
from hpsearch.dashboard.site import Rules

__all__ = ["Dashboard", "Rules", "serve", "study_page"]
