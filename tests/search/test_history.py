import copy

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpsearch.search import History, TrialState, may_start


@given(data=st.data())
def test_a_trial_sees_results_up_to_its_horizon_alone(data, mixed_space, histories):
    """Trial ``n`` gets all earlier parameters, and results of the numbers ``<= n - P`` alone."""
    history = data.draw(histories(mixed_space, n=(0, 20)))
    number = data.draw(st.integers(0, len(history)))
    parallelism = data.draw(st.integers(1, 25))
    seen = history.seen_by(number, parallelism)
    assert len(seen) == number
    assert np.array_equal(seen.internal, history.internal[:number])
    for i in range(number):
        if i <= number - parallelism:
            assert seen.states[i] == history.states[i]
            assert np.array_equal(seen.values[i], history.values[i], equal_nan=True)
            assert np.array_equal(seen.curves[i], history.curves[i], equal_nan=True)
        else:
            assert seen.states[i] == TrialState.RUNNING
            assert np.isnan(seen.values[i])
            assert np.isnan(seen.curves[i]).all()


@given(data=st.data())
def test_looking_never_changes_a_history(data, mixed_space, histories, same):
    """No method of a history writes into its arrays, and what it returns can be written to freely."""
    history = data.draw(histories(mixed_space, n=(1, 20)))
    number = data.draw(st.integers(0, len(history)))
    before = copy.deepcopy(history)
    seen = history.seen_by(number, data.draw(st.integers(1, 25)))
    seen.states[:], seen.values[:], seen.curves[:] = TrialState.FAILED, 9.0, 9.0
    pending = history.with_pending(tuple(history.internal[0]))
    pending.internal[:], pending.states[:], pending.values[:] = 9.0, TrialState.FAILED, 9.0
    joined = history.followed_by(history)
    joined.internal[:], joined.curves[:] = 9.0, 9.0
    assert same(history, before)


@given(data=st.data())
def test_a_history_is_its_head_and_the_trials_that_follow(data, mixed_space, histories, same):
    """Cut anywhere and joined again, a history is what it was."""
    history = data.draw(histories(mixed_space, n=(0, 20)))
    cut = data.draw(st.integers(0, len(history)))
    tail = History(
        internal=history.internal[cut:],
        states=history.states[cut:],
        values=history.values[cut:],
        curves=history.curves[cut:],
    )
    assert same(history.up_to(cut).followed_by(tail), history)
    assert same(History.empty(len(mixed_space)).followed_by(history), history)
    assert same(history.up_to(len(history)), history)


@given(data=st.data())
def test_a_pending_trial_is_the_last_one_and_runs(data, mixed_space, histories, same):
    """A pending trial adds its parameters, in state RUNNING, without a result; the rest stays."""
    history = data.draw(histories(mixed_space, n=(0, 20)))
    internal = mixed_space.from_unit(np.full(len(mixed_space), data.draw(st.floats(0, 1))))
    longer = history.with_pending(internal)
    assert same(longer.up_to(len(history)), history)
    assert len(longer) == len(history) + 1
    assert tuple(longer.internal[-1]) == internal
    assert longer.states[-1] == TrialState.RUNNING
    assert np.isnan(longer.values[-1])
    assert np.isnan(longer.curves[-1]).all()


def test_curves_of_different_lengths_are_joined(make_history):
    """The shorter curves are filled up with NaN, on either side."""
    short, long = make_history([0.1], curves=[[0.1]]), make_history([0.3], curves=[[0.1, 0.2, 0.3]])
    ours = short.followed_by(long).curves
    assert np.array_equal(ours, [[0.1, np.nan, np.nan], [0.1, 0.2, 0.3]], equal_nan=True)
    assert np.array_equal(long.followed_by(short).curves, ours[::-1], equal_nan=True)


@pytest.mark.parametrize(
    ("states", "prefix", "complete", "valued"),
    [
        ([], 0, [], []),
        ([0], 0, [], []),
        ([1, 2, 3], 3, [0], [0, 1]),
        ([1, 0, 1, 2], 1, [0, 2], [0, 2, 3]),
        ([3, 3, 0], 2, [], []),
    ],
)
def test_the_settled_prefix_ends_at_the_first_running_trial(make_history, states, prefix, complete, valued):
    """The columns of states say which trials are settled, complete and valued."""
    history = make_history([0.5] * len(states), states=states, internal=np.zeros((len(states), 1)))
    assert history.settled_prefix == prefix
    assert history.complete.tolist() == complete
    assert history.valued.tolist() == valued


@given(
    states=st.lists(st.sampled_from([s for s in TrialState if s is not TrialState.WAITING]), max_size=12),
    parallelism=st.integers(1, 15),
    number=st.integers(0, 15),
)
def test_a_trial_may_start_when_all_below_its_horizon_are_settled(make_history, states, parallelism, number):
    """``may_start`` is true exactly when each trial numbered ``<= n - P`` exists and is settled."""
    history = make_history([0.5] * len(states), states=states, internal=np.zeros((len(states), 1)))
    settled = [i < len(states) and states[i] is not TrialState.RUNNING for i in range(16)]
    expected = all(settled[i] for i in range(max(0, number - parallelism + 1)))
    prefix = history.settled_prefix
    assert may_start(number, settled_prefix=prefix, parallelism=parallelism) == expected


@given(data=st.data())
def test_what_a_trial_sees_settles_only_once_it_may_start(data, mixed_space, histories, same):
    """Once a trial may start, nothing that finishes later changes what it sees."""
    history = data.draw(histories(mixed_space, n=(1, 20)))
    parallelism = data.draw(st.integers(1, 8))
    numbers = [
        n
        for n in range(len(history) + 1)
        if may_start(n, settled_prefix=history.settled_prefix, parallelism=parallelism)
    ]
    number = data.draw(st.sampled_from(numbers))
    running = history.states == TrialState.RUNNING
    later = copy.deepcopy(history)
    later.states[running], later.values[running], later.curves[running] = TrialState.COMPLETE, 0.5, 0.5
    assert same(history.seen_by(number, parallelism), later.seen_by(number, parallelism))


@given(data=st.data())
def test_rows_replace_what_was_there_and_follow_it(data, histories, mixed_space):
    """Some old trials and some new ones at once; the history that was is not touched."""
    old = data.draw(histories(mixed_space, n=(0, 8)))
    n_new = data.draw(st.integers(0, 4))
    changed = sorted(data.draw(st.sets(st.integers(0, max(0, len(old) - 1)), max_size=len(old))))
    numbers = [*changed, *range(len(old), len(old) + n_new)]
    assume(numbers)
    rows = data.draw(histories(mixed_space, n=(len(numbers), len(numbers))))
    before = copy.deepcopy(old)
    found = old.with_rows(numbers, rows)
    assert len(found) == len(old) + n_new
    for number in range(len(found)):
        source, place = (rows, numbers.index(number)) if number in numbers else (old, number)
        for name in ("internal", "states", "values", "curves"):
            was, now = getattr(source, name)[place], getattr(found, name)[number]
            if name == "curves":
                now, rest = now[: len(was)], now[len(was) :]
                assert np.isnan(rest).all()
            np.testing.assert_array_equal(now, was)
    for name in ("internal", "states", "values", "curves"):
        np.testing.assert_array_equal(getattr(old, name), getattr(before, name))
