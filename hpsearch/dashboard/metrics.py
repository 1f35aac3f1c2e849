"""``/metrics``: the numbers of the first page in the text format of Prometheus, version 0.0.4.

Source: The Prometheus Authors, "Exposition formats", prometheus.io/docs/instrumenting/exposition_formats.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hpsearch.search import TrialState
from hpsearch.store import Maker, StudyOverview

KIND = "text/plain; version=0.0.4; charset=utf-8"
_STATES = {state: state.name.lower() for state in TrialState}
_ESCAPES = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})

Samples = Iterator[tuple[Mapping[str, str], float | None]]
"""Labels and value; ``None`` for a number that is not known, which is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """A gauge of Prometheus: one number, or several with labels, a study.

    Attributes:
        help: What it is.
        of: The numbers of a study.
    """

    help: str
    of: Callable[[StudyOverview], Samples]


def _one(number: Callable[[StudyOverview], float | None]) -> Callable[[StudyOverview], Samples]:
    def samples(study: StudyOverview) -> Samples:
        yield {}, number(study)

    return samples


def _budget(study: StudyOverview) -> float | None:
    """Return how many trials a study has in the end; where Optuna alone has made it, that is not known."""
    return study.end if study.maker is Maker.HPSEARCH else None


def _by_state(study: StudyOverview) -> Samples:
    yield from (({"state": word}, study.counts.get(state, 0)) for state, word in _STATES.items())


GAUGES = {
    "hpsearch_trials": Gauge(help="Trials in each state.", of=_by_state),
    "hpsearch_trials_budget": Gauge(help="Trials that the study has in the end.", of=_one(_budget)),
    "hpsearch_best_value": Gauge(
        help="Highest value of a complete trial; absent while none is complete.",
        of=_one(lambda s: s.best_value),
    ),
    "hpsearch_workers": Gauge(help="Workers alive.", of=_one(lambda s: s.workers)),
    "hpsearch_trials_held": Gauge(help="Trials whose lease has not run out.", of=_one(lambda s: s.held)),
    "hpsearch_silence_seconds": Gauge(
        help="Seconds since the last sign of life of any worker; absent while none has come.",
        of=_one(lambda s: s.silence_s),
    ),
    "hpsearch_trials_per_second": Gauge(
        help="Trials settled per second over the last minute.", of=_one(lambda s: s.rate)
    ),
}
"""Name -> what it is; all are gauges."""


def metrics_text(studies: list[StudyOverview]) -> str:
    """Return the numbers of all studies that can be read."""
    readable = [study for study in studies if study.problem is None]
    return "".join(_family(name, metric, readable) for name, metric in GAUGES.items())


def _family(name: str, metric: Gauge, studies: list[StudyOverview]) -> str:
    lines = [f"# HELP {name} {metric.help}\n", f"# TYPE {name} gauge\n"]
    for study in studies:
        for labels, value in metric.of(study):
            if value is not None:
                lines.append(f"{name}{_labels({'study': study.study} | dict(labels))} {_number(value)}\n")
    return "".join(lines)


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{name}="{value.translate(_ESCAPES)}"' for name, value in labels.items()) + "}"


def _number(value: float) -> str:
    """Return a number as the format has it: ``NaN``, ``+Inf`` and ``-Inf`` are its words."""
    if value != value:  # noqa: PLR0124 - the one number that is not itself
        return "NaN"
    if value in {float("inf"), float("-inf")}:
        return "+Inf" if value > 0 else "-Inf"
    return repr(value)
