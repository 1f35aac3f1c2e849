import tomllib

import pytest

from hpsearch.objective import draft_study
from hpsearch.objective.size import fit_size
from hpsearch.study_file import DataSpec


@pytest.mark.parametrize("rows", [30, 60, 499, 500, 1000, 9_999, 10_000, 1_000_000])
@pytest.mark.parametrize(("features", "classes"), [(1, 2), (13, 3), (784, 10), (20_000, 1000)])
def test_settings_suit_every_size(rows, features, classes):
    """Whatever the size: a power of two a batch, more than one step an epoch, layers of 16 to 128 units."""
    fit = fit_size(rows, features, classes)
    train = rows * (1 - 2 * fit.share)
    assert fit.batch_size.bit_count() == 1
    assert train > fit.batch_size
    assert 5 <= fit.epochs <= 30
    assert all(16 <= width <= 128 for width in fit.hidden)


@pytest.mark.parametrize(
    ("rows", "cells", "binned"),
    [
        (900, lambda k: f"{k / 7},t{k % 3}", True),
        (899, lambda k: f"{k / 7},t{k % 3}", False),
        (900, lambda k: f"{k % 8},t{k % 3}", False),
        (900, lambda k: f"s{k % 5},t{k % 3}", False),
    ],
)
def test_columns_of_many_numbers_have_bins_where_rows_fill_them(tmp_path, monkeypatch, rows, cells, binned):
    """From 900 rows on, where a column has more different numbers than bins; categories have none."""
    lines = [f"{cells(k)},k{k % 2}" for k in range(rows)]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,kind", *lines]))
    monkeypatch.chdir(tmp_path)
    text = draft_study(DataSpec(source="t.csv", target="kind"), file=tmp_path / "t.toml").text
    assert tomllib.loads(text)["data"].get("bins") == (8 if binned else None)
