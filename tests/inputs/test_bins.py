"""The piecewise linear encoding of numbers."""

import math
import tomllib
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from hpsearch.inputs.bins import BinnedColumn, fill_bins, fit_bins
from hpsearch.space.checks import FieldError
from hpsearch.study_file import DataSpec, Document, build_study, spec_from_dict, spec_to_dict

tables = hnp.arrays(
    np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.floats(-1e100, 1e100)
)


def encoded(X, columns):
    """Return rows with their bins."""
    n_bins = sum(len(column.features) for column in columns)
    rows = np.hstack([X, np.zeros((len(X), n_bins))])
    fill_bins(rows, columns)
    return rows


@given(tables, st.integers(2, 9))
def test_bins_fill_up_from_the_left_and_keep_the_order(X, n_bins):
    """Each row has full bins, one that is part full, then empty ones; more is never less."""
    with np.errstate(under="ignore"):
        columns = fit_bins(X, n_bins=n_bins, features=range(X.shape[1]))
        rows = encoded(X, columns)
    assert (rows[:, : X.shape[1]] == X).all()
    for column in columns:
        assert 2 <= len(column.features) <= n_bins
        bins = rows[:, column.features.start : column.features.stop]
        assert ((bins >= 0) & (bins <= 1)).all()
        assert (np.diff(bins, axis=1) <= 0).all()
        assert (((bins > 0) & (bins < 1)).sum(axis=1) <= 1).all()
        order = np.argsort(X[:, column.feature], kind="stable")
        assert (np.diff(bins[order].sum(axis=1)) >= -1e-9).all()


def test_bins_by_hand():
    """Quartiles of 0, 1, 2, 3, 4; a number beyond the rows is at the end of the first or the last bin."""
    (column,) = fit_bins(np.arange(5.0)[:, None], n_bins=4, features=[0])
    assert column == BinnedColumn(feature=0, first=1, edges=(0.0, 1.0, 2.0, 3.0, 4.0))
    rows = encoded(np.array([[-7.0], [2.25], [99.0]]), [column])
    assert rows[:, 1:].tolist() == [[0, 0, 0, 0], [1, 1, 0.25, 0], [1, 1, 1, 1]]


def test_features_of_two_values_and_constants_have_no_bins():
    """Equal quantiles count once, and one bin alone would say what the number says."""
    X = np.column_stack([np.arange(9) % 2, np.ones(9), np.arange(9)]).astype(float)
    (column,) = fit_bins(X, n_bins=2, features=[0, 1, 2])
    assert (column.feature, list(column.features)) == (2, [3, 4])


@pytest.mark.parametrize("edges", [(), (1.0,), (1.0, 1.0), (2.0, 1.0), (0.0, math.inf), (0.0, math.nan)])
def test_edges_that_do_not_rise_are_refused(edges):
    """A damaged file must not be encoded by."""
    with pytest.raises(ValueError, match="bins: expected edges that rise, at least 2, found"):
        BinnedColumn(feature=0, first=1, edges=edges)


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"bins": 1}, "bins: expected 0, or 2 to 64, found 1"),
        ({"bins": 65}, "bins: expected 0, or 2 to 64, found 65"),
        (
            {"bins": 8, "scaling": "pca"},
            "bins: expected 0 where scaling is pca, which mixes features, found 8",
        ),
    ],
)
def test_bins_that_cannot_be_are_refused(given_, message):
    """One bin is none, and whitened rows have no features of their own."""
    with pytest.raises(FieldError, match=f"^{message}$"):
        DataSpec(source="a.csv", **given_)


def test_bins_are_in_the_contract_where_there_are_some():
    """A study without bins keeps the hash that it had before there were any."""
    tables = tomllib.loads("[data]\nsource = 'digits'\n[space]\nlr = { low = 0.1, high = 0.2 }")
    spec = build_study(tables, Document())
    assert "bins" not in spec_to_dict(spec)["data"]
    binned = replace(spec, data=replace(spec.data, bins=8))
    assert spec_to_dict(binned)["data"]["bins"] == 8
    assert spec_from_dict(spec_to_dict(binned)) == binned
