import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from hpsearch.data import fold_numbers, split_rows
from hpsearch.data.examples import Examples
from hpsearch.data.split import allot, expect_folds
from hpsearch.errors import DataError

class_sizes = st.lists(st.integers(3, 60), min_size=2, max_size=6)
fractions = st.floats(0.05, 0.45)
FIFTHS = {"validation": 0.2, "test": 0.2}


def examples(sizes):
    """Return rows without content, so many of each class, mixed."""
    y = np.repeat(np.arange(len(sizes)), sizes)[::-1]
    y = np.concatenate([y[::2], y[1::2]])
    classes = tuple(f"class {i}" for i in range(len(sizes)))
    return Examples(where="rows", X=np.zeros((len(y), 1)), y=y, classes=classes, features=("x",))


def split_or_reject(data, **how):
    """Return the split, or drop the example if a class is too small for it."""
    try:
        return split_rows(data, **how)
    except DataError:
        assume(condition=False)


@given(class_sizes, fractions, fractions, st.none() | st.integers(1, 100), st.integers(0, 2**63))
def test_the_three_sets_share_no_row_and_leave_none(sizes, validation, test, train, seed):
    """Every row is in one set at most, and in exactly one where the training rows are not capped."""
    data = examples(sizes)
    split = split_or_reject(data, train=train, validation=validation, test=test, seed=seed)
    rows = np.concatenate([split.train, split.validation, split.test])
    assert len(set(rows.tolist())) == len(rows)
    assert set(rows.tolist()) <= set(range(sum(sizes)))
    left = sum(sizes) - len(split.validation) - len(split.test)
    assert len(split.train) == (left if train is None else min(train, left))
    for part in (split.train, split.validation, split.test):
        assert (np.diff(part) > 0).all()


@given(class_sizes, fractions, fractions, st.integers(0, 2**63))
def test_each_set_has_the_size_and_the_proportions_asked_for(sizes, validation, test, seed):
    """A set has the rounded number of rows, each class its exact share of what is left within one row."""
    data = examples(sizes)
    split = split_or_reject(data, validation=validation, test=test, seed=seed)
    left = np.array(sizes)
    for part, share in ((split.test, test), (split.validation, validation)):
        assert abs(len(part) - share * sum(sizes)) <= 0.5
        counts = np.bincount(data.y[part], minlength=len(sizes))
        assert (np.abs(counts - len(part) * left / left.sum()) < 1).all()
        left = left - counts


@given(class_sizes, fractions, fractions, st.integers(1, 100), st.integers(0, 2**63))
def test_every_class_is_in_every_set(sizes, validation, test, train, seed):
    """A split without a row of some class in some set is refused, never returned."""
    data = examples(sizes)
    split = split_or_reject(data, train=train, validation=validation, test=test, seed=seed)
    for part in (split.train, split.validation, split.test):
        assert set(data.y[part].tolist()) == set(range(len(sizes)))


@given(class_sizes, st.integers(0, 2**63), st.integers(10, 40))
def test_a_smaller_training_set_is_part_of_a_larger_one(sizes, seed, train):
    """The same seed gives the same split, and a lower cap takes away from the training rows alone."""
    data = examples(sizes)
    small = split_or_reject(data, **FIFTHS, train=train, seed=seed)
    again = split_rows(data, **FIFTHS, train=train, seed=seed)
    whole = split_rows(data, **FIFTHS, seed=seed)
    for name in ("train", "validation", "test"):
        assert np.array_equal(getattr(small, name), getattr(again, name))
    assert np.array_equal(small.validation, whole.validation)
    assert np.array_equal(small.test, whole.test)
    assert set(small.train.tolist()) <= set(whole.train.tolist())


def test_another_seed_is_another_split():
    """The seed decides which rows go where."""
    data = examples([50, 50])
    one, other = (split_rows(data, **FIFTHS, seed=seed) for seed in (1, 2))
    assert not np.array_equal(one.test, other.test)


def test_a_split_never_changes():
    """The rows that a seed draws are part of every study's contract."""
    split = split_rows(examples([6, 5, 4]), **FIFTHS, seed=42)
    assert (split.test.tolist(), split.validation.tolist()) == ([4, 8, 14], [1, 10, 12])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=8), st.floats(0, 1))
def test_rows_are_allotted_by_largest_remainder(counts, share):
    """The numbers add up, no class gives more than it has, and none is a row or more off its exact share."""
    left = np.array(counts)
    n_rows = int(share * left.sum())
    given_rows = allot(n_rows, left)
    assert given_rows.sum() == n_rows
    assert (given_rows <= left).all()
    assert (np.abs(given_rows - n_rows * left / max(left.sum(), 1)) < 1).all()


def test_a_small_class_comes_first():
    """A class whose share rounds down to nothing gets a row before larger remainders do."""
    assert allot(10, np.array([2, 48, 48])).tolist() == [1, 5, 4]
    assert allot(10, np.array([30, 30, 30])).tolist() == [4, 3, 3]


@pytest.mark.parametrize(
    ("sizes", "shares", "message"),
    [
        ([50, 2], {}, "found class 'class 1' with 2 rows, fewer than a split needs: none for"),
        ([50, 50], {"test": 1}, "'class 1' with 50 rows, fewer than a split needs: none for test"),
        ([50, 50], {"train": 1}, "'class 1' with 50 rows, fewer than a split needs: none for train"),
        (
            [10, 10],
            {"validation": 10, "test": 10},
            "expected a split of 20 rows that leaves some for each, found 10",
        ),
        ([10, 10], {"validation": 0.01}, "found 4 for test and 0 for validation"),
        ([10, 10], {"test": -3}, "found -3 for test and 4 for validation"),
        ([10, 10], {"test": 500}, "found 500 for test and 4 for validation"),
    ],
)
def test_fault_38_a_split_that_starves_a_class_is_refused(sizes, shares, message):
    """The refusal names the data, the class, its rows and the set that got none."""
    with pytest.raises(DataError, match=f"^rows: .*{message}"):
        split_rows(examples(sizes), **FIFTHS | shares, seed=0)


def test_all_classes_that_starve_are_named_at_once():
    """With their rows; who mends one would only meet the next."""
    message = r"found class 'class 1' with 1 rows, .*; so are 'class 2' \(2\), 'class 3' \(1\); join classes"
    with pytest.raises(DataError, match=message):
        split_rows(examples([50, 1, 2, 1, 50]), **FIFTHS, seed=0)


@given(class_sizes, st.integers(2, 8), st.integers(0, 2**63))
def test_folds_are_equal_in_rows_and_in_classes(sizes, folds, seed):
    """Two folds differ by at most one row, and by at most one row of each class."""
    y = examples(sizes).y
    numbers = fold_numbers(y, folds=folds, seed=seed)
    assert set(numbers.tolist()) <= set(range(folds))
    for counts in (
        np.bincount(numbers, minlength=folds),
        *(np.bincount(numbers[y == c], minlength=folds) for c in range(len(sizes))),
    ):
        assert np.ptp(counts) <= 1
    assert numbers.tolist() == fold_numbers(y, folds=folds, seed=seed).tolist()


@given(class_sizes, fractions, st.none() | st.integers(1, 100), st.integers(0, 2**63))
def test_without_validation_rows_the_rest_is_for_training(sizes, test, train, seed):
    """With folds the test rows are those of a split with validation rows, and all others are left."""
    data = examples(sizes)
    split = split_or_reject(data, train=train, validation=None, test=test, seed=seed)
    other = split_or_reject(data, train=None, validation=0.2, test=test, seed=seed)
    assert split.test.tolist() == other.test.tolist()
    assert not len(split.validation)
    rest = sum(sizes) - len(split.test)
    assert len(split.train) == (rest if train is None else min(train, rest))


def test_folds_of_a_class_without_enough_rows_are_refused():
    """Each fold needs a row of each class; the message says how many folds are possible."""
    data = examples([30, 5])
    split = split_rows(data, validation=None, test=0.2, seed=0)
    expect_folds(data, split, 4)
    message = (
        "^rows: expected 5 rows of every class outside the test split, one a fold, found 4 of class "
        "'class 1'; write folds = 4, join classes, or leave their rows out$"
    )
    with pytest.raises(DataError, match=message):
        expect_folds(data, split, 5)
