"""The numbers of a study: where it stands, what it found, its fingerprint."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from hpsearch.report.fingerprint import fingerprint
from hpsearch.search import Stopped, study_digest
from hpsearch.store import Delivery, Ledger, Status, Study
from hpsearch.study_file import StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Best:
    """The best configuration: the confirmed winner, or the best trial so far.

    Attributes:
        number: The trial, or ``None`` for a declared default that no finalist has tried.
        value: Its validation accuracy in the search, or ``None``.
        params: Its parameters, name -> value.
        confirmed: Shrunken mean validation accuracy over fresh seeds; ``None`` while not known.
        seeds: Number of fresh seeds.
        interval: 95 % interval of ``confirmed``; ``None`` while not known.
        test_accuracy: Mean test accuracy of the winner's networks; ``None`` while not known.
        default: Whether it is the declared default: no trial of the search was better.
        default_mean: Mean validation accuracy of the declared default; ``None`` while not known.
        tied: Trials whose difference to it seeds explain, and ``"default"`` where it is one.
        refit: Whether its networks learned from the validation rows, too.
    """

    number: int | None
    value: float | None
    params: Mapping[str, Any]
    confirmed: float | None = None
    seeds: int = 0
    interval: tuple[float, float] | None = None
    test_accuracy: float | None = None
    default: bool = False
    default_mean: float | None = None
    tied: tuple[int | str, ...] = ()
    refit: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensemble:
    """The ensemble: the average of the predictions of several networks.

    They are the networks of the best trials, and of the confirming runs of every candidate tied with the
    winner.

    Attributes:
        size: Number of networks.
        test_accuracy: Its test accuracy.
    """

    size: int
    test_accuracy: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A study in numbers.

    Attributes:
        study: Its name.
        status: Where it stands.
        best: The best configuration, or ``None`` while no trial is complete.
        ensemble: The ensemble, or ``None`` while not known.
        fingerprint: SHA-256 over all settled trials.
    """

    study: str
    status: Status
    best: Best | None
    ensemble: Ensemble | None
    fingerprint: str

    def to_json(self) -> dict[str, Any]:
        """Return what ``best --json`` prints; null where a number is not known yet."""
        best, highest = self.best, self.status.best_value
        return {
            "schema_version": 1,
            "study": self.study,
            "number": best.number if best else None,
            "value": best.value if best else None,
            "params": dict(best.params) if best else None,
            "confirmed": best.confirmed if best else None,
            "interval": list(best.interval) if best and best.interval else None,
            "seeds": best.seeds if best else None,
            "tied": list(best.tied) if best else None,
            "default": best.default if best else None,
            "default_mean": best.default_mean if best else None,
            "highest": None if highest is None else {"number": self.status.best_number, "value": highest},
            "test_accuracy": best.test_accuracy if best else None,
            "refit": best.refit if best else None,
            "ensemble": self.ensemble.size if self.ensemble else None,
            "ensemble_test_accuracy": self.ensemble.test_accuracy if self.ensemble else None,
            "stopped": stopped_to_json(self.status.stopped),
            "fingerprint": self.fingerprint,
        }


def stopped_to_json(stopped: Stopped | None) -> dict[str, Any] | None:
    """Return how a rule has ended a study as JSON holds it, null where none has."""
    return None if stopped is None else asdict(stopped)


def summarize(ledger: Ledger, study: Study, spec: StudySpec) -> Summary:
    """Return a study's numbers as they are now."""
    status = ledger.status(study)
    delivery = ledger.delivery(study)
    best = None
    if delivery is not None:
        best = _delivered(delivery)
    elif status.best_number is not None and status.best_value is not None:
        params = ledger.trial(study, spec.space, status.best_number).params
        best = Best(number=status.best_number, value=status.best_value, params=params)
    return Summary(
        study=study.name,
        status=status,
        best=best,
        ensemble=_ensemble(delivery),
        fingerprint=_fingerprint(ledger, study, spec, status),
    )


def _fingerprint(ledger: Ledger, study: Study, spec: StudySpec, status: Status) -> str:
    """Return the fingerprint from the digests that were stored with the results: no curve is read."""
    digests = ledger.digests(study)
    if len(digests) == status.settled:
        return study_digest(spec.space.names, digests)
    return fingerprint(spec.space, ledger.history(study, spec.space).history)


def _delivered(delivery: Delivery) -> Best:
    return Best(
        number=delivery.number,
        value=delivery.value,
        params=delivery.params,
        confirmed=delivery.mean if delivery.seeds else None,
        seeds=delivery.seeds,
        interval=delivery.interval,
        test_accuracy=delivery.test_accuracy,
        default=delivery.default,
        default_mean=delivery.default_mean,
        tied=delivery.tied,
        refit=delivery.refit,
    )


def _ensemble(delivery: Delivery | None) -> Ensemble | None:
    if delivery is None or delivery.ensemble_test_accuracy is None:
        return None
    return Ensemble(size=delivery.ensemble, test_accuracy=delivery.ensemble_test_accuracy)
