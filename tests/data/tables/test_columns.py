import numpy as np
import pytest

from hpsearch.data.examples import OneHotColumn
from hpsearch.data.tables.columns import MOST_CATEGORIES
from hpsearch.errors import DataError
from tests.data.tables.reading import read

TABLE = "size,color,zip,kind\n1.5,red,10,x\n2,blue,20,y\n3,red,10,x\n"


def test_a_column_of_texts_is_one_feature_a_category():
    """Texts become zeros and ones, sorted by category, in the place of their column."""
    table = read(TABLE)
    assert table.features == ("size", "color=blue", "color=red", "zip")
    assert table.X.tolist() == [[1.5, 0, 1, 10], [2, 1, 0, 20], [3, 0, 1, 10]]
    assert table.categorical == (OneHotColumn(name="color", first=1, labels=("blue", "red")),)


def test_numbers_may_be_named_as_categories():
    """A column of codes is no quantity when the study file says so."""
    table = read(TABLE, categorical=("zip",))
    assert table.features == ("size", "color=blue", "color=red", "zip=10", "zip=20")
    assert table.X[:, 3:].tolist() == [[1, 0], [0, 1], [1, 0]]


def test_the_order_of_the_rows_changes_no_feature():
    """Which category comes first in the file is of no consequence."""
    head, *rows = TABLE.splitlines()
    turned = read("\n".join([head, *reversed(rows)]))
    assert turned.features == read(TABLE).features
    assert turned.X[::-1].tolist() == read(TABLE).X.tolist()


def test_an_ignored_column_may_hold_anything():
    """A column that is left out is not even looked at."""
    table = read("id,a,kind\n,1,x\n#!,2,y\n", ignore=("id",))
    assert table.features == ("a",)


REFUSED = [
    ("a,kind\n1,x\n2,y\n", {"ignore": ("a",)}, r"t\.csv: expected at least one column beside the target"),
    ("a,kind\n1,x\n2,y\n", {"ignore": ("b",)}, r"t\.csv: ignore: expected a column 'b', found none"),
    (
        "a,kind\n1,x\n2,y\n",
        {"categorical": ("A",)},
        r"t\.csv: categorical: expected a column 'A', found none",
    ),
    (
        "a,kind\n1,x\n2,y\n",
        {"categorical": ("kind",)},
        r"expected other columns than in target: found 'kind'",
    ),
    (
        "a,b,kind\n1,1,x\n2,2,y\n",
        {"ignore": ("c",), "categorical": ("d",), "keep": ("kind",)},
        "ignore: expected a column 'c', .*; categorical: expected a column 'd', .*; keep: expected other",
    ),
    ("a,b,kind\n1,1,x\n2,2,y\n", {"ignore": ("a",), "categorical": ("a",)}, r"than in ignore: found 'a'"),
]


@pytest.mark.parametrize(("text", "roles", "message"), REFUSED, ids=[m for _, _, m in REFUSED])
def test_a_column_that_cannot_be_is_refused(text, roles, message):
    """The refusal names line and column, and what to write instead."""
    with pytest.raises(DataError, match=message):
        read(text, **roles)


def test_an_identifier_is_no_category():
    """A column of as good as different texts is refused with what to do, where it is named."""
    rows = "".join(f"row{i},{i % 2}\n" for i in range(MOST_CATEGORIES + 1))
    with pytest.raises(DataError, match=r"at most 1000 categories, found 1001; leave .* ignore = \[\.\.\.\]"):
        read("a,kind\n" + rows, keep=("a",))


@pytest.mark.parametrize("scaling", ["auto", "standard", "robust"])
def test_categories_are_not_scaled(load, tmp_path, scaling):
    """Numbers are scaled by the training rows; zeros and ones stay, and the cache keeps it all."""
    rng = np.random.Generator(np.random.PCG64(0))
    rows = "".join(f"{rng.normal(5, 2)},{'abc'[i % 3]},{i % 2}\n" for i in range(90))
    (tmp_path / "t.csv").write_text("x,letter,kind\n" + rows)
    fresh, cached = (load("t.csv", target="kind", scaling=scaling) for _ in range(2))
    middle = np.median if scaling == "robust" else np.mean
    assert abs(middle(fresh.X_train[:, 0])) < 1e-6
    assert cached.clipped == fresh.clipped == ((0,) if scaling == "robust" else ())
    assert set(np.unique(fresh.X_train[:, 1:])) == {0.0, 1.0}
    assert np.all(fresh.X_train[:, 1:].sum(axis=1) == 1)
    assert (
        cached.categorical
        == fresh.categorical
        == (OneHotColumn(name="letter", first=1, labels=("a", "b", "c")),)
    )
