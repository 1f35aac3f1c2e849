"""The engines by name, and which storage they may be given."""

from collections.abc import Callable, Mapping

from hpsearch.engine.base import Engine, EngineError
from hpsearch.engine.dask import DaskEngine
from hpsearch.engine.local import prepare_engine
from hpsearch.engine.ray import RayEngine
from hpsearch.engine.slurm import SlurmEngine
from hpsearch.store import masked
from hpsearch.study_file import FleetSpec

ENGINES: Mapping[str, Callable[[FleetSpec], Engine]] = {
    "local": lambda _fleet: prepare_engine(),
    "dask": DaskEngine,
    "slurm": SlurmEngine,
    "ray": RayEngine,
}
"""Name in ``[fleet]`` -> what makes the engine; none imports its library before it is made."""


def make_engine(fleet: FleetSpec, *, storage: str) -> Engine:
    """Return the engine that a fleet names.

    Raises:
        EngineError: It cannot be used, or its workers could not open the storage.
        StorageError: The storage's address is malformed.
    """
    engine = ENGINES[fleet.engine](fleet)
    if not engine.here and (shown := masked(storage)).startswith("sqlite"):
        engine.shutdown()
        raise EngineError(
            f"engine {fleet.engine}: expected a database that other machines can reach, found {shown}; "
            "give --storage postgresql+psycopg://USER@HOST/NAME"
        )
    return engine
