"""One-hot features as the columns that an estimator takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.estimators.columns import ENCODINGS, ColumnEncoding

BLOCKS, MISSING = ((1, 4), (5, 7)), ((0, 7),)


def rows(codes, number, gone):
    """Return a row of 8 features: a number, a block of 3, a number, a block of 2, an indicator."""
    row = np.zeros(8)
    row[0], row[4], row[7] = number, -number, gone
    for (start, stop), code in zip(BLOCKS, codes, strict=True):
        row[start:stop] = np.eye(stop - start)[code] if code >= 0 else 0
    return row


@given(
    st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 1), st.floats(-9, 9), st.booleans()), min_size=1)
)
def test_every_category_is_one_number_in_its_column(table):
    """The place of the category; -1, or NaN where the estimator takes that, for a missing one."""
    X = np.array([rows((a, b), number, gone) for a, b, number, gone in table])
    plain, native = (ColumnEncoding(kind, blocks=BLOCKS, missing=MISSING) for kind in ("ordinal", "native"))
    ordinal, known = plain.apply(X), native.apply(X)
    assert ordinal.shape == (len(X), 5)
    assert known.shape == (len(X), 4)
    for row, found, (a, b, number, gone) in zip(ordinal, known, table, strict=True):
        assert row.tolist() == [number, a, -number, b, float(gone)]
        expected = [np.nan if gone else number, np.nan if a < 0 else a, -number, np.nan if b < 0 else b]
        assert np.array_equal(found, expected, equal_nan=True)
    assert plain.categorical == native.categorical == (1, 3)
    assert plain.counts() == (3, 2)


def test_onehot_leaves_rows_as_they_are():
    """No column is one of categories then."""
    encoding = ColumnEncoding("onehot", blocks=BLOCKS, missing=MISSING)
    X = np.array([rows((0, 1), 2.0, gone=False)])
    assert encoding.apply(X).tolist() == X.tolist()
    assert encoding.categorical == encoding.counts() == ()


def test_another_encoding_is_refused():
    """The message names the three that there are."""
    assert ENCODINGS == ("onehot", "ordinal", "native")
    with pytest.raises(ValueError, match="encoding: expected one of onehot, ordinal, native, found 'target'"):
        ColumnEncoding("target")
