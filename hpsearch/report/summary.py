"""The summary of a study: its status, its verdict, its fingerprint."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from typing import Any

import numpy as np

from hpsearch.errors import to_type
from hpsearch.metrics import METRICS, Measure
from hpsearch.report.waiting import Waiting, read_waiting
from hpsearch.search import EnsembleScore, Stopped, TrialState, Verdict
from hpsearch.space import FloatParameter, Space, Value
from hpsearch.store import Reader, Status, Study


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A study in numbers.

    Attributes:
        study: Its name.
        status: Its status.
        best: The verdict; the best trial while it is not known; ``None`` while no trial is complete.
        fingerprint: SHA-256 over all settled trials.
        measure: What trials are judged by.
        waiting: How long its workers waited for slow trials; ``None`` where that does not matter.
        outside: Parameter of the winner that lies beyond its declared range -> that range.
        can_export: Whether this machine can write the winner's model: an estimator needs the package skops.
    """

    study: str
    status: Status
    best: Verdict | None
    fingerprint: str
    measure: Measure = METRICS["accuracy"]
    waiting: Waiting | None = None
    outside: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    can_export: bool = True

    @property
    def metric(self) -> str:
        """The name of what trials are judged by."""
        return self.measure.name

    @property
    def ensemble(self) -> EnsembleScore | None:
        """The ensemble, or ``None`` while not known."""
        return self.best.ensemble if self.best else None

    def to_json(self) -> dict[str, Any]:
        """Return what ``best --json`` prints; null where a number is not known yet."""
        best, highest, found = self.best, self.status.best_value, self.ensemble
        return {
            "schema_version": 1,
            "study": self.study,
            "metric": self.metric,
            "direction": self.measure.direction,
            "maker": str(self.status.maker),
            "number": best.number if best else None,
            "value": best.value if best else None,
            "params": dict(best.params) if best else None,
            "confirmed": best.confirmed if best else None,
            "estimate": best.estimate if best else None,
            "interval": list(best.interval) if best and best.interval else None,
            "seeds": best.seeds if best else None,
            "tied": list(best.tied) if best else None,
            "noiseless": best.noiseless if best else None,
            "default": best.default if best else None,
            "default_mean": best.default_mean if best else None,
            "better": best.better if best else None,
            "gain": best.gain if best else None,
            "highest": None if highest is None else {"number": self.status.best_number, "value": highest},
            "test": dict(best.test) if best and best.judged else None,
            "test_interval": list(best.test_interval) if best and best.test_interval else None,
            "test_accuracy": best.test_accuracy if best else None,
            "constant": best.constant if best else None,
            "classes": list(best.classes) if best and best.classes else None,
            "confusion": [list(row) for row in best.confusion] if best and best.confusion else None,
            "rows": dict(best.rows) if best and best.rows else None,
            "refit": best.refit if best else None,
            "ensemble": found.size if found else None,
            "ensemble_test": dict(found.test) if found else None,
            "ensemble_test_interval": list(found.interval) if found and found.interval else None,
            "ensemble_test_accuracy": found.test_accuracy if found else None,
            "baseline": best.baseline.to_json() if best and best.baseline else None,
            "waiting": self.waiting.to_json() if self.waiting else None,
            "outside": {name: list(ends) for name, ends in self.outside.items()} if best else None,
            "stopped": stopped_to_json(self.status.stopped),
            "fingerprint": self.fingerprint,
        }


def stopped_to_json(stopped: Stopped | None) -> dict[str, Any] | None:
    """Return how a rule has ended a study as JSON holds it, null where none has."""
    return None if stopped is None else asdict(stopped)


def summarize(ledger: Reader, study: Study) -> Summary:
    """Return a study's numbers, all of one moment."""
    found = ledger.snapshot(study, fingerprint=True)
    assert found.fingerprint is not None
    return Summary(
        study=study.name,
        status=found.search,
        best=found.best,
        fingerprint=found.fingerprint,
        measure=study.spec.metric,
        waiting=read_waiting(ledger, study),
        can_export=study.spec.objective.kind != "estimator" or find_spec("skops") is not None,
        outside={} if found.best is None or found.best.default else _outside(study.space, found.best.params),
    )


def _outside(space: Space, params: Mapping[str, Value]) -> dict[str, tuple[float, float]]:
    """Return the declared range of each parameter that lies beyond it, which only a log range can be."""
    found = {}
    for parameter in space:
        value = params.get(parameter.name)
        if isinstance(parameter, FloatParameter) and isinstance(value, float) and parameter.margin:
            ends = (parameter.low, parameter.high)
            if not ends[0] <= value <= ends[1]:
                found[parameter.name] = ends
    return found


def no_success_text(ledger: Reader, study: Study) -> str:
    """Return that no trial of a study was completed, with the error of the first trial that failed."""
    history = ledger.history(study).history
    text = f"study {study.name!r}: none of its {len(history)} trials was completed"
    failed = np.flatnonzero(history.states == TrialState.FAILED)
    if study.spec.objective.kind == "mlp" or not failed.size:
        return text
    first = ledger.trial(study, int(failed[0]))
    show = to_type(f"show {first.number}", study.name)
    return f"{text}\ntrial {first.number}: {first.reason}\n{show} has the rest"
