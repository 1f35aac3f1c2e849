"""Parts of made-up reports: a race, a study file, a surface, a timeline."""

import numpy as np

from hpsearch.report.explanation.confirming_run import RaceCandidate
from hpsearch.report.explanation.surface import Surface
from hpsearch.report.next_steps import NextStep
from hpsearch.report.numbers.parameters import ScaleKind
from hpsearch.report.numbers.repeat import StudyFile
from hpsearch.report.numbers.time import BarKind, Timeline, TrialBar
from hpsearch.search import History
from hpsearch.space import FloatParameter, Space


def a_race(number):
    """Return a race of a trial with the default and trial 0, which is out."""
    means = {number: 0.96543, "default": 0.9612, 0: 0.962}
    return tuple(
        RaceCandidate(
            candidate=who, given=5, settled=5, mean=mean, out=who == 0, interval=(mean - 0.004, mean + 0.004)
        )
        for who, mean in means.items()
    )


def a_file(name):
    """Return a study file that needs a table."""
    steps = (
        NextStep(command="hpsearch start study.toml --storage sqlite:///again.db", purpose="run it again"),
        NextStep(command="hpsearch fingerprint --storage sqlite:///again.db", purpose="its fingerprint"),
    )
    text = f"# {name}\nname = 'study'\n"
    return StudyFile(name="study.toml", text=text, needs=("table.csv",), steps=steps, limits=())


def a_surface(trials, parameters, number):
    """Return the surface over the first two parameters; the others do not change it."""
    space = Space(
        tuple(
            FloatParameter(name=p.name, low=p.declared[0], high=p.declared[1], log=p.scale is ScaleKind.LOG)
            for p in parameters[:2]
        )
    )
    internal = np.stack([p.values for p in parameters[:2]], axis=1)
    history = History(internal=internal, states=trials.states, values=trials.values, curves=trials.curves)
    return Surface(space=space, history=history, base=history.point(number))


def a_timeline(trials):
    """Return two workers with two trials in hand at a time, for half a second each, and a confirming run."""
    kinds = {1: BarKind.COMPLETE, 2: BarKind.PRUNED, 3: BarKind.FAILED, 0: BarKind.RUNNING}
    bars = [
        TrialBar(
            worker=f"node{number // 2 % 2}:4711",
            number=number,
            begin=number // 4 * 0.5,
            end=number // 4 * 0.5 + 0.5,
            kind=kinds[int(state)],
        )
        for number, state in enumerate(trials.states[:300].tolist())
    ]
    if bars:
        end = bars[-1].end
        confirming = BarKind.CONFIRMING
        bars.append(TrialBar(worker="node2:4711", number=0, begin=end, end=end + 1.0, kind=confirming))
    return Timeline(bars=tuple(bars), n_attempts=len(trials) + 1 if bars else 0)
