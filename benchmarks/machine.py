"""Facts about the machine that a time depends on."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "sqlalchemy", "optuna", "scikit-learn", "torch")


def machine_facts() -> dict[str, Any]:
    """Return cores, processor, load average and the versions of what is compared; null where not known."""
    versions = {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}
    load = [round(number, 2) for number in os.getloadavg()] if hasattr(os, "getloadavg") else None
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": f"{platform.system()} {platform.release()}",
        "load": load,
        "versions": versions,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
