"""Parts of made-up reports: a surface and a timeline."""

import numpy as np

from hpsearch.report.explanation.surface import Surface
from hpsearch.report.numbers.parameters import ScaleKind
from hpsearch.report.numbers.time import BarKind, Timeline, TrialBar
from hpsearch.search import History
from hpsearch.space import FloatParameter, Space


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
