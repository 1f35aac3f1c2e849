"""What a worker runs on: noted with it, so that a result can be traced to its machine and versions."""

import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

PACKAGES = ("hpsearch", "numpy", "optuna", "sqlalchemy")
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
"""Variables that say how many threads BLAS may use; the first that is set counts."""


@cache
def environment() -> dict[str, Any]:
    """Return versions and machine, name -> text or number; nothing is imported to find them out."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    threads = next((os.environ[name] for name in THREADS if os.environ.get(name)), None)
    return {
        **{package: _version(package) for package in PACKAGES},
        "python": platform.python_version(),
        "blas": f"{blas['name']} {blas['version']}",
        "blas_threads": threads,
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def _version(package: str) -> str | None:
    """Return a package's version; hpsearch itself may run from its sources without being installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
