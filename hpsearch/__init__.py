"""Hyperparameter search as a pure function over a ledger; trials as lanes of one network.

>>> import hpsearch
>>> spec = hpsearch.load_study_file("studies/digits.toml")
>>> spec.trials
100
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if sys.platform == "win32":
    raise ImportError("hpsearch runs on Linux and macOS; on Windows it runs in WSL 2, or in a container")

if TYPE_CHECKING:
    from hpsearch.api import load_study_file as load_study_file
    from hpsearch.api import open_study as open_study
    from hpsearch.api import start as start
    from hpsearch.confirmation import confirm as confirm
    from hpsearch.errors import HpsearchError as HpsearchError
    from hpsearch.nn import load_model as load_model
    from hpsearch.nursing import nurse as nurse
    from hpsearch.report.view import StudyView as StudyView
    from hpsearch.search.sampling.staged_sampler import StagedSampler as StagedSampler
    from hpsearch.search_cv import StagedSearchCV as StagedSearchCV
    from hpsearch.study_file import StudySpec as StudySpec
    from hpsearch.tuning import load_winner as load_winner
    from hpsearch.tuning import optimize as optimize
    from hpsearch.tuning import tune as tune

_HOMES = {
    "HpsearchError": "hpsearch.errors",
    "StagedSampler": "hpsearch.search.sampling.staged_sampler",
    "StagedSearchCV": "hpsearch.search_cv",
    "StudySpec": "hpsearch.study_file",
    "StudyView": "hpsearch.report.view",
    "confirm": "hpsearch.confirmation",
    "load_model": "hpsearch.nn",
    "load_study_file": "hpsearch.api",
    "load_winner": "hpsearch.tuning",
    "nurse": "hpsearch.nursing",
    "open_study": "hpsearch.api",
    "optimize": "hpsearch.tuning",
    "start": "hpsearch.api",
    "tune": "hpsearch.tuning",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: ``import hpsearch`` alone takes no time."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hpsearch' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """Return every public name, so that completion shows it before it is imported."""
    return sorted({*globals(), *__all__})
