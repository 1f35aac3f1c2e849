"""Reports of studies that never ran: any size, any kind of parameter, any ending."""

import dataclasses
from datetime import UTC, datetime

import numpy as np

from hpsearch.report.explanation.noise import Noise
from hpsearch.report.next_steps import NextStep
from hpsearch.report.numbers.boxes import RoundBox, Side
from hpsearch.report.numbers.done import Fact
from hpsearch.report.numbers.parameters import ParameterColumn, ScaleKind
from hpsearch.report.numbers.provenance import Environment, Provenance
from hpsearch.report.numbers.rungs import Agreement, RungTrack
from hpsearch.report.numbers.study import StudyReport
from hpsearch.report.numbers.time import WorkerTime
from hpsearch.report.numbers.trials import StageSpan, Trials
from hpsearch.report.summary import Summary
from hpsearch.search import EnsembleScore, Importance, TrialState, Verdict
from hpsearch.store import Activity, Status
from tests.report.nursed import NURSINGS
from tests.report.parts import a_surface, a_timeline
from tests.report.raced import DONE, race, study_file

EPOCHS = 6
RUNG = 2


def a_report(
    *, n_trials=60, n_parameters=5, name="study", state=None, choices=("relu", "tanh"), finished=True
):
    """Return a report: ``state`` is that of every trial, by default some are complete, pruned, failed."""
    rng = np.random.default_rng(7)
    trials = _trials(n_trials, rng, state)
    complete = np.flatnonzero(trials.states == TrialState.COMPLETE)
    number = int(complete[np.argmax(trials.values[complete])]) if len(complete) else None
    parameters = tuple(_parameter(place, n_trials, choices, rng) for place in range(n_parameters))
    status = Status(
        study=name,
        budget=n_trials if finished else n_trials + 10,
        counts={s: int((trials.states == s).sum()) for s in TrialState},
        best_number=number,
        best_value=None if number is None else float(trials.values[number]),
        created_at=1_700_000_000.0,
    )
    best = None if number is None else _best(number, trials, parameters, finished=finished)
    summary = Summary(study=name, status=status, best=best, fingerprint="c0ffee" * 10)
    n_first = min(24, n_trials)
    return StudyReport(
        summary=summary,
        next_steps=(NextStep(command=f"hpsearch explain 3 --study '{name}'", purpose="why it was tried"),),
        confirms=None,
        trials=trials,
        stages=_stages(n_trials, n_first),
        parameters=parameters,
        boxes=tuple(_box(round_, parameters) for round_ in range(2)) if n_trials else (),
        importances=_importances(parameters) if number is not None else (),
        agreement=Agreement(correlations=np.linspace(0.3, 1, EPOCHS), n_trials=np.full(EPOCHS, 20)),
        rungs=(
            RungTrack(
                epoch=RUNG,
                numbers=np.arange(n_trials),
                least=np.full(n_trials, 0.5),
                n_stopped=int((trials.stopped_at == RUNG).sum()),
            ),
        ),
        workers=tuple(_worker(place) for place in range(3)),
        provenance=_provenance(),
        race=race(number) if number is not None and finished else (),
        data="digits",
        network="hidden = [64], activation = relu",
        done=DONE,
        file=study_file(name),
        nursings=NURSINGS if number is not None else (),
        surface=a_surface(trials, parameters, number) if number is not None and n_parameters > 1 else None,
        noise=Noise(deviation=0.004, freedom=24) if number is not None and finished else None,
        timeline=a_timeline(trials),
    )


def _trials(n, rng, state):
    states = rng.choice([1, 1, 1, 2, 2, 3], size=n) if state is None else np.full(n, int(state))
    level = np.sort(rng.uniform(0.1, 0.98, size=n)) if n else np.empty(0)
    curves = np.clip(
        level[:, None] * np.linspace(0.7, 1, EPOCHS) + rng.normal(0, 0.004, (n, EPOCHS)), 0, 0.99
    )
    curves[states == TrialState.PRUNED, RUNG:] = np.nan
    curves[np.isin(states, [TrialState.FAILED, TrialState.RUNNING])] = np.nan
    values = np.where(states == TrialState.PRUNED, curves[:, RUNG - 1], curves[:, -1])
    complete = states == TrialState.COMPLETE
    return Trials(
        states=states,
        stages=tuple("round 0" if i < 24 else "tpe" for i in range(n)),
        values=values,
        best=np.fmax.accumulate(np.where(complete, values, np.nan)) if n else np.empty(0),
        seconds=np.full(n, 0.5),
        curves=curves,
        stopped_at=np.where(states == TrialState.PRUNED, RUNG, 0),
        diverged=np.zeros(n, np.bool_),
        steps=np.arange(1, EPOCHS + 1),
    )


def _parameter(place, n, choices, rng):
    kind = (ScaleKind.LOG, ScaleKind.LINEAR, ScaleKind.CHOICE, ScaleKind.MIRRORED)[place % 4]
    unit = rng.uniform(size=n)
    low, high = {
        ScaleKind.LOG: (1e-5, 1e-1),
        ScaleKind.LINEAR: (0.0, 0.6),
        ScaleKind.MIRRORED: (0.9, 0.999),
        ScaleKind.CHOICE: (0.0, len(choices) - 1.0),
    }[kind]
    if kind is ScaleKind.LOG:
        values = low * (high / low) ** unit
    elif kind is ScaleKind.MIRRORED:
        values = 1 - (1 - low) * ((1 - high) / (1 - low)) ** unit
    else:
        values = np.floor(unit * len(choices)) if kind is ScaleKind.CHOICE else high * unit
    conditional = kind is ScaleKind.MIRRORED
    return ParameterColumn(
        name=("lr", "dropout", "activation", "momentum")[place % 4] + (f"_{place}" if place > 3 else ""),
        scale=kind,
        whole=False,
        choices=choices if kind is ScaleKind.CHOICE else (),
        when=(f'activation = "{choices[0]}"',) if conditional else (),
        declared=(low, high),
        outer=(low / 100, high * 10) if kind is ScaleKind.LOG else (low, high),
        values=np.where(np.arange(n) % 3 == 0, np.nan, values) if conditional else values,
        places=unit,
    )


def _best(number, trials, parameters, *, finished):
    params = {
        p.name: p.choices[int(p.values[number])] if p.choices else float(p.values[number])
        for p in parameters
        if not np.isnan(p.values[number])
    }
    value = float(trials.values[number])
    if not finished:
        return Verdict(number=number, value=value, params=params, mean=value)
    return Verdict(
        number=number,
        value=value,
        params=params,
        mean=0.96543,
        estimate=0.96501,
        seeds=5,
        interval=(0.95, 0.98086),
        test={"accuracy": 0.9611, "f1": 0.95},
        test_interval=(0.93, 0.98),
        rows={"train": 1000, "validation": 300, "test": 360},
        classes=("cat", "dog", "owl <1>"),
        confusion=((590, 10, 0), (4, 595, 1), (30, 20, 550)),
        constant=0.34,
        default_mean=0.9612,
        better=False,
        gain=0.003,
        tied=(0, "default"),
        ensemble=EnsembleScore(size=10, test={"accuracy": 0.97222}, interval=(0.95, 0.99)),
    )


def _stages(n, n_first):
    stages = [StageSpan(name="round 0", first_number=0, n_trials=n_first)] if n else []
    return (*stages, StageSpan(name="tpe", first_number=24, n_trials=n - 24)) if n > 24 else tuple(stages)


def _box(round_, parameters):
    ranges = [p for p in parameters if p.scale is not ScaleKind.CHOICE]
    sides = tuple(
        Side(name=p.name, low=p.declared[0], high=p.declared[1] / (1 + round_ / 20), evidence={})
        for p in ranges
    )
    return RoundBox(stage=f"round {round_}", first_number=24 * round_, reason="because", sides=sides)


def _importances(parameters):
    n = len(parameters)
    interval = (0.5 / n, 1.5 / n)
    return tuple(
        Importance(name=p.name, share=1 / n, interval=interval, near_best=1 / n, near_best_interval=interval)
        for p in parameters
    )


def _worker(place):
    spent = dict.fromkeys(Activity, 1.0 + place)
    return WorkerTime(
        name=f"node{place}:4711",
        wall_s=5.0 + 4 * place,
        spent=spent if place else None,
        other_s=1.0 if place else None,
        at_work=False,
    )


def _provenance():
    moment = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    return Provenance(
        fingerprint="c0ffee" * 10,
        contract_hash="ab" * 32,
        data_hash="cd" * 32,
        schema="0007",
        seed=1,
        parallelism=16,
        created=moment,
        ended=moment,
        environments=(
            Environment(workers=("node0:4711", "node1:4711"), facts={"numpy": "2.4.0", "python": "3.12.1"}),
            Environment(workers=("node2:4711",), facts={"numpy": "2.3.9", "python": "3.12.1"}),
        ),
        differing=("numpy",),
    )


def renamed(report, text):
    """Return a report in which every text that a study brings along is ``text``."""
    parameters = tuple(
        dataclasses.replace(p, name=text, choices=(text,) * len(p.choices), when=(text,) * len(p.when))
        for p in report.parameters
    )
    boxes = tuple(
        dataclasses.replace(
            box, stage=text, reason=text, sides=tuple(dataclasses.replace(s, name=text) for s in box.sides)
        )
        for box in report.boxes
    )
    environments = tuple(
        Environment(workers=(text,), facts={text: text}) for _ in report.provenance.environments
    )
    best = dataclasses.replace(report.summary.best, params={text: text})
    nursings = tuple(
        dataclasses.replace(
            one, interventions=[dataclasses.replace(made, reason=text) for made in one.interventions]
        )
        for one in report.nursings
    )
    return dataclasses.replace(
        report,
        nursings=nursings,
        summary=dataclasses.replace(report.summary, study=text, best=best, fingerprint=text),
        next_steps=(NextStep(command=text, purpose=text),),
        done=(Fact(name=text, text=text),),
        file=study_file(text, every=text),
        trials=dataclasses.replace(report.trials, stages=(text,) * len(report.trials)),
        stages=tuple(dataclasses.replace(stage, name=text) for stage in report.stages),
        parameters=parameters,
        boxes=boxes,
        importances=tuple(dataclasses.replace(i, name=text) for i in report.importances),
        workers=tuple(dataclasses.replace(worker, name=text) for worker in report.workers),
        provenance=dataclasses.replace(
            report.provenance,
            fingerprint=text,
            contract_hash=text,
            data_hash=text,
            environments=environments,
            differing=(text,),
        ),
    )
