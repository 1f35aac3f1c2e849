"""The memory of rows answers as if it had none."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hpsearch.search.rows import RowMemory
from hpsearch.types import BoolArray, Float64Array

TABLES = arrays.arrays(
    np.float64,
    st.tuples(st.integers(0, 6), st.just(2)),
    elements=st.sampled_from([0.0, -0.0, 0.25, 1.0, np.nan]),
)


def above(least: float, rows: Float64Array) -> BoolArray:
    """Return which rows have a first value above a number."""
    return np.asarray(rows[:, 0] > least)


@given(calls=st.lists(st.tuples(st.sampled_from([0.1, 0.5]), TABLES), min_size=1, max_size=6))
def test_the_answer_is_that_of_the_condition_after_any_calls(calls):
    """Tables that grow, shrink or change, and other conditions, get the answer of the condition itself."""
    memory = RowMemory()
    for least, rows in calls:
        found = memory.of(least, rows, lambda part, least=least: above(least, part))
        np.testing.assert_array_equal(found, above(least, rows))


def test_only_new_rows_are_looked_at():
    """A table that has grown by a row is looked at there; one whose second row has changed, from there on."""
    memory, seen = RowMemory(), []

    def looked_at(rows: Float64Array) -> BoolArray:
        seen.append(len(rows))
        return above(0.5, rows)

    rows = np.array([[0.0, np.nan], [1.0, 2.0], [3.0, 4.0]])
    changed = rows.copy()
    changed[1, 1] = 5.0
    for table in (rows[:2], rows, rows[:1], changed):
        memory.of("a", table, looked_at)
    assert seen == [2, 1, 2]
