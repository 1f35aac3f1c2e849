"""The environment of a worker: its machine and versions, so that a result can be traced to them."""

import hashlib
import os
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

PACKAGES = ("hpsearch", "numpy", "scipy", "optuna", "sqlalchemy")
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "OMP_NUM_THREADS")
"""Variables that say how many threads BLAS may use; the first that is set counts."""


@cache
def environment() -> dict[str, Any]:
    """Return versions and machine, name -> text or number; ``hpsearch.store.BITS`` says what matters.

    ``code`` tells apart two checkouts of one version; ``blas_core`` and ``simd`` are what BLAS
    and NumPy have chosen for this processor, which round in their own ways.
    """
    config = np.show_config(mode="dicts")
    blas = config["Build Dependencies"]["blas"]
    threads = next((os.environ[name] for name in THREADS if os.environ.get(name)), None)
    return {
        **{package: package_version(package) for package in PACKAGES},
        "code": code_hash(),
        "python": platform.python_version(),
        "blas": f"{blas['name']} {blas['version']}",
        "blas_core": _blas_core(),
        "simd": " ".join(config.get("SIMD Extensions", {}).get("found", [])),
        "blas_threads": threads,
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip(),
        "platform": f"{platform.system()} {platform.release()} {platform.machine()}",
        "cores": os.cpu_count(),
    }


def code_hash(root: Path = Path(__file__).parent.parent) -> str:
    """Return the first half of a SHA-256 over the Python files of a package (6 ms for this one).

    Migrations are left out, which lie elsewhere in a checkout than in an installation; line ends are as in
    no system.
    """
    paths = {path.relative_to(root).as_posix(): path for path in root.rglob("*.py")}
    digest = hashlib.sha256()
    for name in sorted(name for name in paths if not name.startswith("store/alembic/")):
        text = paths[name].read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name} {len(text)}\n".encode() + text)
    return digest.hexdigest()[:32]


def _blas_core() -> str | None:
    """Return the processor that BLAS has chosen its kernels for, where it tells."""
    from threadpoolctl import threadpool_info  # noqa: PLC0415 - 5 ms, and once a process

    found = [info.get("architecture") for info in threadpool_info() if info["user_api"] == "blas"]
    return found[0] if found else None


def package_version(package: str) -> str | None:
    """Return a package's version; hpsearch itself may run from its sources without being installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None
