"""The versions of the programs that save a model."""

import platform
from importlib.metadata import PackageNotFoundError, version

import numpy as np


def program_versions() -> dict[str, str]:
    """Return program -> version, of hpsearch, NumPy and Python."""
    try:
        own = version("hpsearch")
    except PackageNotFoundError:
        own = "unknown"
    return {"hpsearch": own, "numpy": np.__version__, "python": platform.python_version()}
