import pytest

from hpsearch.report.explanation.trial import _drawn
from hpsearch.search import TrialState
from hpsearch.space import ChoiceParameter, FloatParameter, Space
from hpsearch.store import TrialRow

SPACE = Space(
    (FloatParameter(name="lr", low=0.0, high=1.0), ChoiceParameter(name="batch_size", choices=(64, 32)))
)
BOX = {"lr": (0.2, 0.4), "batch_size": (64, 32)}
"""Choices are never narrowed: their side goes from the first to the last, in whatever order they stand."""


@pytest.mark.parametrize(
    ("lr", "words"),
    [
        (0.3, "a log-uniform draw in the box of round 1"),
        (0.5, "a log-uniform draw from the declared ranges: one in seven ignores the box of round 1"),
    ],
)
@pytest.mark.parametrize("batch_size", [64, 32])
def test_a_draw_outside_its_box_is_told_by_the_ranges_alone(lr, batch_size, words):
    """A number among the choices is no coordinate."""
    params = {"lr": lr, "batch_size": batch_size}
    row = TrialRow(number=30, state=TrialState.COMPLETE, stage="round 1", value=0.5, params=params)
    assert _drawn(row, SPACE, BOX) == words
