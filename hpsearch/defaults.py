"""Defaults that commands, the Python surface and workers share."""

STORAGE = "sqlite:///hpsearch.db"
"""The database."""
LEASE_S = 60.0
"""A claim lives so long after its last sign of life, on the database's clock, in seconds."""
PATIENCE_S = 120.0
"""A worker waits so long for a database that is locked or away, in seconds."""
NOTICE_S = 30.0
"""Workers may go on for so long when asked to end, in seconds.

Kubernetes, Slurm and most spot machines give so much between SIGTERM and SIGKILL, or less.
"""
