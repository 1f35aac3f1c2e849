"""Blocks: which features are categories, and what is refused."""

from dataclasses import replace

import pytest

from hpsearch.errors import DataError
from hpsearch.nn import (
    MLPClassifier,
    MLPConfig,
    SettingError,
    fit_stack,
    stack_width,
)
from hpsearch.nn.layout import Layout
from hpsearch.nn.one_hot import checked_blocks, numbers_between
from tests.nn.categories import BLOCKS, make_data
from tests.nn.test_lane_law import train


@pytest.mark.parametrize("rest", [{}, {"dropout_kind": "variational", "dropout": 0.3}])
def test_without_an_embedding_blocks_change_no_bit(rest):
    """``embedding = 0`` takes one-hot features as they are, whether their blocks are named or not."""
    data = make_data()
    config = MLPConfig(hidden=(6,), batch_size=8, **rest)
    assert train([config], [1], data, epochs=2) == train([config], [1], replace(data, blocks=()), epochs=2)


@pytest.mark.parametrize(
    ("blocks", "found"),
    [
        (5, "5"),
        ((5,), r"\(5,\)"),
        (((0, 1, 2),), r"\(\(0, 1, 2\),\)"),
        (((2, 2),), r"\(\(2, 2\),\)"),
        (((3, 1),), r"\(\(3, 1\),\)"),
        (((0, 3), (2, 4)), r"\(\(0, 3\), \(2, 4\)\)"),
        (((4, 6), (0, 2)), r"\(\(4, 6\), \(0, 2\)\)"),
        (((0, 11),), r"\(\(0, 11\),\)"),
        (((-1, 2),), "-1"),
        (((0, 2.0),), r"2\.0"),
    ],
)
def test_blocks_that_are_none_are_refused(blocks, found):
    """What is no pair, empty, out of order, overlapping or past the end is named."""
    with pytest.raises(SettingError, match=f"blocks: expected .*, found {found}$"):
        checked_blocks(blocks, n_features=10)


def test_numbers_are_what_is_between_blocks():
    """Every feature is in one block or in one run of numbers."""
    assert list(numbers_between(BLOCKS, n_features=10)) == [(4, 5), (9, 10)]
    assert list(numbers_between((), n_features=3)) == [(0, 3)]
    assert list(numbers_between(((0, 3),), n_features=3)) == []


@pytest.mark.parametrize("value", [0.5, -1.0, 2.0])
@pytest.mark.parametrize("name", ["X", "X_val"])
def test_rows_that_are_not_one_hot_are_refused(name, value):
    """A number other than 0 and 1 in a block, and a second 1, are named with the block's features."""
    data = make_data()
    for row, number in (([0, 5], value), ([0, slice(5, 9)], 1.0)):
        rows = getattr(data, name).copy()
        rows[row[0], row[1]] = number
        features = "5 to 5" if number == value else "6 to 8"
        with pytest.raises(DataError, match=f"{name}: expected features {features}, a block of categories"):
            replace(data, **{name: rows})


def test_an_embedding_without_blocks_is_refused():
    """There is nothing to embed, and the message says what is missing; a layout has both or neither."""
    data = make_data()
    arrays = (data.X, data.y, data.X_val, data.y_val)
    message = "embedding: expected a width above 0 and blocks of one-hot features, or neither, found 2 and no"
    with pytest.raises(SettingError, match=message):
        fit_stack([MLPConfig(embedding=2)], *arrays, epochs=1, seed=0)
    with pytest.raises(SettingError, match=message):
        MLPClassifier(embedding=2).fit(data.X, data.y)
    with pytest.raises(SettingError, match=r"embedding: expected a width above 0 .*, found 0 and"):
        Layout(sizes=(10, 2), blocks=BLOCKS)
    with pytest.raises(SettingError, match="embedding: expected a whole number, 0 or more, found -1"):
        MLPConfig(embedding=-1)


def test_a_stack_is_as_wide_as_its_vectors_let_it():
    """Few vectors in place of many categories let more lanes into the cache."""
    blocks = ((0, 4000),)
    narrow = stack_width(MLPConfig(hidden=(64,)), 4000, 2, blocks=blocks)
    assert narrow < stack_width(MLPConfig(hidden=(64,), embedding=2), 4000, 2, blocks=blocks)
