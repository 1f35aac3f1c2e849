"""Who launches workers."""

from hpsearch.engine.local import ONE_THREAD, LocalEngine, WorkerDiedError, prepare_engine

__all__ = ["ONE_THREAD", "LocalEngine", "WorkerDiedError", "prepare_engine"]
