"""One line that is equal for two runs exactly when they have the same trials with the same results."""

import dataclasses
import hashlib
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.search import History, TrialState, fingerprint
from hpsearch.space import FloatParameter, Space

SETTLED = (TrialState.COMPLETE, TrialState.PRUNED, TrialState.FAILED)


def space(*names):
    """Return a space of plain ranges with these names."""
    return Space(tuple(FloatParameter(name=name, low=0.0, high=1.0) for name in names))


LR_AND_DROPOUT = space("lr", "dropout")


@st.composite
def histories(draw, least=1):
    """Return a history with a settled trial at least; curves of any lengths, failed trials without value."""
    n, epochs = draw(st.integers(least, 5)), draw(st.integers(1, 4))
    numbers = st.floats(0, 1)
    states = draw(st.lists(st.sampled_from([TrialState.RUNNING, *SETTLED]), min_size=n, max_size=n))
    states[draw(st.integers(0, n - 1))] = draw(st.sampled_from(SETTLED))
    curves = np.full((n, epochs), np.nan)
    for row in curves:
        length = draw(st.integers(0, epochs))
        row[:length] = draw(st.lists(numbers, min_size=length, max_size=length))
    valued = [state in (TrialState.COMPLETE, TrialState.PRUNED) for state in states]
    values = [draw(numbers) if has_value else np.nan for has_value in valued]
    internal = draw(st.lists(st.tuples(numbers, numbers), min_size=n, max_size=n))
    return History(
        internal=np.array(internal), states=np.array(states), values=np.array(values), curves=curves
    )


def with_bit(column, place, bit):
    """Return a copy of a column of numbers with one bit of one of them turned."""
    changed = column.copy()
    changed.view(np.uint64)[place] ^= np.uint64(1 << bit)
    return changed


def line(history):
    """Return the fingerprint of a history over the two parameters."""
    return fingerprint(LR_AND_DROPOUT, history)


@given(histories(), st.data(), st.integers(0, 63))
def test_every_bit_of_a_settled_trial_counts(history, data, bit):
    """Turning one bit of a parameter, a value or a point of a curve gives another line."""
    settled = np.flatnonzero(history.states != TrialState.RUNNING)
    trial = int(data.draw(st.sampled_from(list(settled))))
    n_points = int((~np.isnan(history.curves[trial])).sum())
    columns = ["internal"] + ["values"] * int(history.states[trial] != TrialState.FAILED)
    columns += ["curves"] * n_points
    name = data.draw(st.sampled_from(columns))
    most = {"internal": 1, "curves": n_points - 1}.get(name, 0)
    column = data.draw(st.integers(0, most))
    place = trial if name == "values" else (trial, column)
    changed = dataclasses.replace(history, **{name: with_bit(getattr(history, name), place, bit)})
    assert line(changed) != line(history)


@given(histories(), st.data())
def test_every_state_counts(history, data):
    """A trial in another state, settled or not, gives another line."""
    trial = data.draw(st.integers(0, len(history) - 1))
    others = [state for state in (TrialState.RUNNING, *SETTLED) if state != history.states[trial]]
    states = history.states.copy()
    states[trial] = data.draw(st.sampled_from(others))
    assert line(dataclasses.replace(history, states=states)) != line(history)


@given(histories(least=2), st.data())
def test_the_number_of_a_trial_counts(history, data):
    """Two different trials in each other's place give another line."""
    a, b = data.draw(st.lists(st.integers(0, len(history) - 1), min_size=2, max_size=2, unique=True))
    order = np.arange(len(history))
    order[[a, b]] = order[[b, a]]
    fields = dataclasses.fields(History)
    columns = {f.name: getattr(history, f.name) for f in fields if f.name != "sign"}
    swapped = History(**{name: column[order] for name, column in columns.items()})
    same = all(np.array_equal(c[a], c[b], equal_nan=True) for c in columns.values())
    running = history.states[a] == history.states[b] == TrialState.RUNNING
    assert (line(swapped) == line(history)) == (same or running)


@given(histories(), st.integers(0, 3), st.integers(0, 3))
def test_nothing_else_counts(history, n_more, width):
    """Neither trials that still run, nor what they have reported, nor room for longer curves."""
    wider = np.pad(history.curves, ((0, 0), (0, width)), constant_values=np.nan)
    grown = dataclasses.replace(history, curves=wider)
    for _ in range(n_more):
        grown = grown.with_pending((0.25, 0.75))
    curves = grown.curves.copy()
    curves[grown.states == TrialState.RUNNING] = 0.5
    values = grown.values.copy()
    values[grown.states == TrialState.RUNNING] = 0.5
    assert line(dataclasses.replace(grown, curves=curves, values=values)) == line(history)


@given(histories())
def test_the_same_history_gives_the_same_line(history):
    """The line is 64 hexadecimal digits and depends on the numbers alone, not on how they lie in memory."""
    copy = dataclasses.replace(
        history, internal=np.asfortranarray(history.internal), curves=history.curves.copy(order="F")
    )
    assert line(copy) == line(history)
    assert len(line(history)) == 64
    assert set(line(history)) <= set("0123456789abcdef")


@pytest.mark.parametrize("names", [("lr", "momentum"), ("dropout", "lr"), ("lrd", "ropout")])
def test_the_names_of_parameters_count(names):
    """Equal numbers for other parameters, or in another order, are another study."""
    history = History.empty(2).with_pending((0.25, 0.75))
    history = dataclasses.replace(history, states=np.array([TrialState.FAILED]))
    assert fingerprint(space(*names), history) != line(history)


def test_the_line_stays_the_same_from_version_to_version():
    """A line that somebody wrote down must still be comparable: this one is from version 0.1."""
    history = History(
        internal=np.array([[0.5, 0.25], [0.125, 1.0], [0.0, -0.0]]),
        states=np.array([TrialState.COMPLETE, TrialState.RUNNING, TrialState.PRUNED]),
        values=np.array([0.75, np.nan, 0.5]),
        curves=np.array([[0.5, 0.75], [0.1, np.nan], [0.5, np.nan]]),
    )
    whole = hashlib.sha256(b"lr\0dropout")
    first = struct.pack("<qqqqq", 0, TrialState.COMPLETE, 2, 2, 1)
    whole.update(hashlib.sha256(first + struct.pack("<ddddd", 0.5, 0.25, 0.5, 0.75, 0.75)).digest())
    third = struct.pack("<qqqqq", 2, TrialState.PRUNED, 2, 1, 1)
    whole.update(hashlib.sha256(third + struct.pack("<dddd", 0.0, -0.0, 0.5, 0.5)).digest())
    assert line(history) == whole.hexdigest()
    assert line(history) == "9428166a6ef5d3fa7a5b5279d5e50da01a66bdc2b337d37b8626bb935db3d1b7"
