"""Engines, which launch workers."""

from hpsearch.engine.base import Engine, EngineError
from hpsearch.engine.local import LocalEngine, prepare_engine
from hpsearch.engine.subprocess_call import WorkerDiedError
from hpsearch.engine.subprocess_environment import ONE_THREAD

__all__ = ["ONE_THREAD", "Engine", "EngineError", "LocalEngine", "WorkerDiedError", "prepare_engine"]
