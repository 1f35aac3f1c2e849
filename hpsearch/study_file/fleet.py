"""The fleet that a study file asks for: what launches workers, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from numbers import Integral
from typing import Any

from hpsearch.space.checks import expect, expect_text
from hpsearch.study_file.data import LONGEST_TEXT

ENGINES = ("local", "dask", "slurm", "ray")
"""Names of the engines, which launch workers."""

ADDRESSED = ("dask", "ray")
"""Engines whose scheduler may run elsewhere."""

MOST_WORKERS = 10_000
"""Workers that may be launched at once, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSpec:
    """The fleet: what launches workers, and where. It does not change the results.

    Attributes:
        engine: The engine that launches workers, a name of ``ENGINES``.
        address: Address of the engine's scheduler; ``None`` for a scheduler of its own on this machine.
        workers: How many are launched, at least 1; ``None`` for as many as the engine has cores.
        options: Further options of the engine, under its own names.
        artifacts: Artifact store that every machine reaches: a folder that all of them see, or an address;
            ``None`` for no store.
        strict: Whether a worker is refused when the software or the processor that computes its results
            differs from the first worker's.
    """

    engine: str = "local"
    address: str | None = None
    workers: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    artifacts: str | None = None
    strict: bool = False

    def __post_init__(self) -> None:
        expect(self.engine in ENGINES, "engine", f"one of {', '.join(ENGINES)}", self.engine)
        if self.address is not None:
            expect(self.engine in ADDRESSED, "address", f"none with engine {self.engine}", self.address)
            expect_text("address", self.address, longest=LONGEST_TEXT)
        if self.artifacts is not None:
            expect_text("artifacts", self.artifacts, longest=LONGEST_TEXT)
        limits = f"1 to {MOST_WORKERS} workers"
        whole = isinstance(self.workers, Integral) and not isinstance(self.workers, bool)
        known = self.workers is None or (whole and 1 <= self.workers <= MOST_WORKERS)
        expect(known, "workers", limits, self.workers)

    def given(
        self, *, engine: str | None = None, address: str | None = None, workers: int | None = None
    ) -> "FleetSpec":
        """Return the fleet with the given values in place of its own.

        Address and options belong to an engine: with another engine both are dropped.
        """
        values = {"engine": engine, "address": address, "workers": workers}
        given: dict[str, Any] = {key: value for key, value in values.items() if value is not None}
        if given.get("engine", self.engine) != self.engine:
            given = {"address": None, "options": {}} | given
        return replace(self, **given)
