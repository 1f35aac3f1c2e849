"""The environment of a trial's processes, and a seed that every library takes."""

import os
from collections.abc import Mapping

SECRET = ("HPSEARCH_STORAGE", "HPSEARCH_DASHBOARD_TOKEN")
"""Variables that a trial has no use for, and whose values must not end in its log."""


def trial_variables(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables of a trial's processes: the worker's own without its secrets, and more.

    Output of Python comes at once, not in blocks: a trial that is killed has its last words in its log.
    """
    own = {name: value for name, value in os.environ.items() if name not in SECRET}
    return {**own, "PYTHONUNBUFFERED": "1", **(more or {})}


def short_seed(seed: int) -> int:
    """Return a seed of 31 bits from one of 64: some libraries take no more.

    Example:
        >>> short_seed(2**64 - 1) == 2**31 - 1
        True
    """
    return (seed % 2**64) >> 33
