"""Who launches workers."""

from hpsearch.engine.local import LocalEngine, WorkerDiedError

__all__ = ["LocalEngine", "WorkerDiedError"]
