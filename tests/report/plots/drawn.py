"""Made studies of every kind, and what is drawn of them as a tree."""

import dataclasses
import xml.etree.ElementTree as ET

import numpy as np

from hpsearch.report.figures.figure import WIDE
from hpsearch.report.figures.markup import text_width
from hpsearch.report.numbers.trials import StageSpan
from hpsearch.search import TrialState
from tests.report.reports import a_report


def judged(classes, counts):
    """Return a study whose winner's networks were judged on these classes."""
    report = a_report()
    confusion = tuple(map(tuple, np.asarray(counts).tolist()))
    best = dataclasses.replace(report.summary.best, classes=tuple(classes), confusion=confusion)
    return dataclasses.replace(report, summary=dataclasses.replace(report.summary, best=best))


SPACE = "{http://www.w3.org/2000/svg}"
STUDIES = {
    "usual": a_report(),
    "twelve parameters": a_report(n_parameters=12, choices=tuple(f"activation_number_{n}" for n in range(7))),
    "one trial": a_report(n_trials=1, n_parameters=1, state=TrialState.COMPLETE),
    "no trial": a_report(n_trials=0, finished=False),
    "all running": a_report(n_trials=5, state=TrialState.RUNNING, finished=False),
    "all failed": a_report(n_trials=40, state=TrialState.FAILED),
    "none pruned": a_report(state=TrialState.COMPLETE, finished=False),
    "all pruned": a_report(state=TrialState.PRUNED),
    "thirty choices": a_report(choices=tuple(f"choice number {n}" for n in range(30))),
    "many stages": dataclasses.replace(
        a_report(),
        stages=tuple(
            StageSpan(name=("tpe", "enqueued")[n % 2], first_number=3 * n, n_trials=3) for n in range(20)
        ),
    ),
    "long names": a_report(name="n" * 200, choices=("x" * 60, "y" * 60)),
    "two classes": judged(("0", "1"), [[9_999_999, 0], [1, 0]]),
    "thirty classes": judged([f"class number {n}" for n in range(30)], np.full((30, 30), 123)),
    "a class without rows": judged(("a" * 80, "b", "c"), [[5, 0, 0], [0, 0, 0], [1, 0, 5]]),
}


def parsed(figure, width=WIDE):
    """Return a drawing as a tree."""
    return ET.fromstring(figure.drawing(width))


def texts(tree):
    """Return all texts that are drawn."""
    return ["".join(text.itertext()) for text in tree.iter(f"{SPACE}text")]


def paths(tree, class_):
    """Return the paths of a class."""
    return [path.get("d") for path in tree.iter(f"{SPACE}path") if class_ in path.get("class", "").split()]


def boxes(tree):
    """Return text and place of every label: left, right, the line that it stands on."""
    found = []
    for text in tree.iter(f"{SPACE}text"):
        words = "".join(text.itertext())
        wide = text_width(words, size=11) * 0.92  # the estimate is rather too wide
        anchor = {"middle": wide / 2, "end": wide}.get(text.get("text-anchor"), 0.0)
        left = float(text.get("x")) - anchor
        found.append((words, left, left + wide, float(text.get("y"))))
    return found
