"""Defaults and names that commands, the Python surface and workers share."""

import os
from dataclasses import dataclass

STORAGE = "sqlite:///hpsearch.db"
"""The database."""
STORAGE_VARIABLE = "HPSEARCH_STORAGE"
"""The environment variable that names another one."""
LEASE_S = 60.0
"""A claim lives so long after its last sign of life, on the database's clock, in seconds."""
PATIENCE_S = 120.0
"""A worker waits so long for a database that is locked or away, in seconds."""
NOTICE_S = 30.0
"""Workers may go on for so long when asked to end, in seconds.

Kubernetes, Slurm and most spot machines give so much between SIGTERM and SIGKILL, or less.
"""
MAX_MEMORY_GIB = 2.0
"""A data set, a model file or a network may take so much memory, in GiB."""
BUILT_IN = ("digits", "wine", "breast_cancer", "iris", "diabetes", "mnist5k")
"""The names of ``hpsearch.data.SOURCES``, which takes NumPy to import; a test compares them."""
SHIPPED = ("digits", "optimizers", "textbook", "wine")
"""The studies that ship with hpsearch: the files of ``studies/`` whose data are no file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLimits:
    """How long the workers of a study wait, hold and go on.

    Attributes:
        lease_s: A trial outlives the last sign of life of its worker for so long, in seconds.
        patience_s: A worker waits so long for a database that is locked or away, in seconds.
        notice_s: A worker may go on for so long when asked to end, in seconds.
    """

    lease_s: float = LEASE_S
    patience_s: float = PATIENCE_S
    notice_s: float = NOTICE_S


def named_storage(storage: str | None = None) -> str:
    """Return the address of a database: the given one, else that of the environment, else the default."""
    return (os.environ.get(STORAGE_VARIABLE) or STORAGE) if storage is None else storage
