"""Who launches workers."""

from hpsearch.engine.apart import ONE_THREAD, WorkerDiedError
from hpsearch.engine.base import Engine, EngineError
from hpsearch.engine.local import LocalEngine, prepare_engine

__all__ = ["ONE_THREAD", "Engine", "EngineError", "LocalEngine", "WorkerDiedError", "prepare_engine"]
