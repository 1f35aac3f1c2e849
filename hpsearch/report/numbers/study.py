"""All numbers of a report, read from the ledger in one transaction."""

import shlex
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hpsearch.metrics import Measure, Metric
from hpsearch.report.explanation.confirming_run import RaceCandidate, race_of
from hpsearch.report.explanation.noise import Noise, noise_of
from hpsearch.report.explanation.surface import Surface, surface_of
from hpsearch.report.next_steps import NextStep, next_steps_of
from hpsearch.report.numbers.answer import answer_text
from hpsearch.report.numbers.boxes import RoundBox, boxes_of
from hpsearch.report.numbers.done import Fact, done_of, network_text
from hpsearch.report.numbers.failures import Failure, failures_of
from hpsearch.report.numbers.nursings import NursingNumbers, nursings_of
from hpsearch.report.numbers.parameters import ParameterColumn, parameters_of
from hpsearch.report.numbers.phases import Phase, phases_of
from hpsearch.report.numbers.provenance import Provenance, environments_of, provenance_of
from hpsearch.report.numbers.repeat import StudyFile, study_file_of
from hpsearch.report.numbers.rungs import Agreement, RungTrack, agreement_of, rungs_of
from hpsearch.report.numbers.time import Timeline, WorkerTime, timeline_of, times_of
from hpsearch.report.numbers.trials import StageSpan, Trials, stages_of, trials_of
from hpsearch.report.summary import Summary, summarize
from hpsearch.search import RESULTS_MOST, History, Importance, SearchPlan, importances
from hpsearch.space import steady
from hpsearch.store import Ledger, Maker, Reader, Study, WorkerRow, curve_steps, file_names, ordinals
from hpsearch.study_file import ObjectiveSpec, StudySpec


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyReport:
    """A study in numbers: every page, text and figure of a report is made from this record.

    Attributes:
        summary: The answer: where the study stands, the winner, the ensemble.
        next_steps: What to type next.
        confirms: The search that the study confirms; ``None`` for a search.
        trials: The trials as columns, ``n`` rows.
        stages: Where the parameters of neighbouring trials came from, in order.
        parameters: The parameters in the order of the study file; columns of ``n`` rows.
        boxes: The box of every random round that has begun, in order; none for a confirmation.
        importances: How much each parameter mattered, the most important first; none with too few results,
            and for a confirmation.
        agreement: How well each epoch predicts the final ranking; empty for a confirmation.
        rungs: The thresholds of the rungs; none for a confirmation.
        phases: How long search, confirmation and judging took; empty for a confirmation.
        workers: Where the time of each worker went, in the order in which they joined.
        provenance: What the study was made from and on.
        race: The candidates of the confirmation, in order; none where there is no confirmation yet.
        data: Where the data come from, as the study file has it.
        network: The fixed settings of the networks or the estimator, as text; empty without them.
        evaluates: What the trials fit, call or run; empty for networks.
        failures: The first trials of it that failed.
        nursings: The trainings that a person steered, by number.
        timeline: What each worker had in hand, from when to when; empty for a confirmation.
        surface: What the trials say about settings that were not tried; ``None`` for a confirmation.
        noise: How far apart runs of equal settings are; ``None`` where no confirming run shows it.
        weights: The column that weighs the rows in the training loss; ``None`` where all rows count alike.
        done: What the study did: its data, its model, its search, its confirmation.
        file: Its study file, and how to repeat it; ``None`` where there is none.
    """

    summary: Summary
    next_steps: tuple[NextStep, ...]
    confirms: str | None
    trials: Trials
    stages: tuple[StageSpan, ...]
    parameters: tuple[ParameterColumn, ...]
    boxes: tuple[RoundBox, ...]
    importances: tuple[Importance, ...]
    agreement: Agreement
    rungs: tuple[RungTrack, ...]
    phases: tuple[Phase, ...] = ()
    workers: tuple[WorkerTime, ...]
    provenance: Provenance
    race: tuple[RaceCandidate, ...] = ()
    data: str = ""
    network: str = ""
    evaluates: str = ""
    failures: tuple[Failure, ...] = ()
    nursings: tuple[NursingNumbers, ...] = ()
    timeline: Timeline = field(default_factory=Timeline)
    surface: Surface | None = None
    noise: Noise | None = None
    weights: str | None = None
    done: tuple[Fact, ...] = ()
    file: StudyFile | None = None

    @property
    def answer(self) -> str:
        """The answer as one sentence."""
        return answer_text(self.summary, confirms=self.confirms, race=self.race, failures=self.failures)

    @property
    def has_rows(self) -> bool:
        """Whether trials are judged by rows that hpsearch reads."""
        return isinstance(self.summary.measure, Metric)

    @property
    def step_word(self) -> str:
        """What a curve goes by: ``"epoch"``, or ``"step"`` where Optuna alone has made the study."""
        return "epoch" if self.has_stages else "step"

    @property
    def has_stages(self) -> bool:
        """Whether it is known where parameters came from: Optuna alone does not record it."""
        return self.summary.status.maker is Maker.HPSEARCH

    @property
    def top(self) -> str:
        """What the best values are: ``"Highest"`` or ``"Lowest"``."""
        return "Highest" if self.metric.maximize else "Lowest"

    @property
    def metric(self) -> Measure:
        """What the trials are judged by."""
        return self.summary.measure


def study_report(ledger: Ledger, study: Study, *, flags: str = "", anonymous: bool = False) -> StudyReport:
    """Return the numbers of a study, or of a confirmation, all of one moment.

    Args:
        ledger: Where it is.
        study: The study.
        flags: What the commands to type next need to find the database, such as `` --storage URL``.
        anonymous: Whether machines and processes are numbers instead of names.
    """
    return ledger.at_one_moment(lambda reader: _study_report(reader, study, flags, anonymous=anonymous))


def _study_report(ledger: Reader, study: Study, flags: str, *, anonymous: bool) -> StudyReport:
    search, spec, searches = ledger.search_of(study), study.spec, study.is_search
    summary = summarize(ledger, study)
    history = ledger.history(study).history
    origins = ledger.metadata(study, len(history))
    workers = ledger.workers(study)
    names = _numbers(workers) if anonymous else _names(workers)
    foreign = study.maker is Maker.OPTUNA
    data = spec.data.source if spec.has_data else ""
    evaluates = "" if foreign else evaluates_text(spec.objective)
    if anonymous:
        data, evaluates = file_names(data), file_names(evaluates)
    confirms = None if searches else search.name
    found = _importances(spec, history, foreign=foreign) if searches else ()
    steps = curve_steps(ledger.epochs(study)) if foreign else range(1, history.curves.shape[1] + 1)
    trials = trials_of(history, origins, steps)
    return StudyReport(
        summary=summary,
        next_steps=next_steps_of(summary, search=search.name, flags=flags),
        confirms=confirms,
        trials=trials,
        stages=stages_of(trials),
        parameters=parameters_of(spec.space, history),
        boxes=boxes_of(spec.space, ledger.rounds(study)),
        importances=tuple(sorted(found, key=lambda importance: -importance.share)),
        agreement=agreement_of(history if searches else History.empty(len(spec.space))),
        rungs=rungs_of(SearchPlan(spec), history, trials.stopped_at) if searches else (),
        phases=phases_of(ledger, search) if searches and not foreign else (),
        workers=times_of(workers, names),
        provenance=provenance_of(
            study,
            spec,
            status=summary.status,
            fingerprint=summary.fingerprint,
            origins=origins,
            environments=environments_of(workers, names),
        ),
        race=_race(ledger, search),
        data=data,
        network=network_text(spec),
        evaluates=evaluates,
        failures=() if foreign else failures_of(ledger, study, history, anonymous=anonymous),
        nursings=tuple(nursings_of(ledger, study)),
        surface=surface_of(spec.space, history, summary.best) if searches and not foreign else None,
        noise=noise_of(ledger, search) if searches and not foreign else None,
        timeline=timeline_of(ledger, search, names, anonymous=anonymous)
        if searches and not foreign
        else Timeline(),
        weights=spec.data.weights,
        done=done_of(spec, summary, trials, data=data, evaluates=evaluates, confirms=confirms),
        file=study_file_of(study, summary.status, stages=trials.stages, anonymous=anonymous),
    )


def _importances(spec: StudySpec, history: History, *, foreign: bool) -> tuple[Importance, ...]:
    """Return the importances; of a study of Optuna's, of its parameters without gaps."""
    if not foreign:
        return importances(spec.space, history, seed=spec.seed)
    space, kept = steady(spec.space, history.internal[history.valued])
    return importances(space, replace(history, internal=history.internal[:, kept]), seed=spec.seed)


def evaluates_text(objective: ObjectiveSpec) -> str:
    """Return what trials fit, call or run as text; empty for networks."""
    if objective.estimator is not None:
        return f"{objective.estimator}, an estimator"
    if objective.call is not None:
        return f"{objective.call}, a function"
    return f"{shlex.join(objective.command)}, a command" if objective.command else ""


def modelled(report: StudyReport) -> str:
    """Return which trials the importances come from, in words."""
    n = int(np.isfinite(report.trials.values).sum())
    return "all trials" if n <= RESULTS_MOST else f"{RESULTS_MOST:,} of {n:,} trials, spread evenly"


def near_best_lines(found: Sequence[Importance]) -> tuple[str, ...]:
    """Return a sentence on what matters more among the best trials than over the space, if anything does.

    The most important parameter, which stands first, needs no such sentence.
    """
    more = [f"{i.name} ({100 * i.near_best:.0f} %)" for i in found[1:] if i.differs_near_best]
    return (f"Among the best quarter of trials these matter more: {', '.join(more)}.",) if more else ()


def _race(ledger: Reader, search: Study) -> tuple[RaceCandidate, ...]:
    companion = ledger.companion(search)
    if companion is None:
        return ()
    searched = ledger.history(search).history
    return race_of(companion, searched, ledger.history(companion).history)


def _names(workers: Sequence[WorkerRow]) -> list[str]:
    """Return host and process of each worker; a number is added where two would have the same name."""
    names = [f"{worker.host.partition('/')[0]}:{worker.pid}" for worker in workers]
    common = Counter(names)
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if common[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return names


def _numbers(workers: Sequence[WorkerRow]) -> list[str]:
    """Return a name of each worker that says which of them shared a machine, and no more."""
    hosts = ordinals(worker.host for worker in workers)
    return [f"host-{hosts[worker.host]}:{place}" for place, worker in enumerate(workers, start=1)]
