"""Tables of very many columns, as genes have them."""

import io
import time

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsearch.data.tables.target import guess_target
from hpsearch.data.tables.text import read_text
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec
from tests.data.tables.reading import read

pytestmark = pytest.mark.long

WIDE = 80_000
LONGEST_S = 15
"""Processor seconds; a step that is quadratic in the columns takes more than a minute alone."""

NAMES = [f"gene{i}" for i in range(WIDE)]
ROWS = 6


@pytest.fixture
def quick():
    """End a test with a failure where it took too much processor time."""
    began = time.process_time()
    yield
    assert time.process_time() - began < LONGEST_S


def text_of(cell, *, names=NAMES):
    """Return a CSV file of a few rows with one cell in every column."""
    rows = [
        ",".join([*names, "y"]),
        *(",".join([cell] * len(names)) + f",{'ab'[i % 2]}" for i in range(ROWS)),
    ]
    return "\n".join(rows).encode()


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "named", [{}, {"categorical": NAMES[::2], "ignore": NAMES[1::2]}], ids=["none", "all"]
)
@pytest.mark.parametrize("kind", ["numbers", "texts", "parquet"])
def test_fault_82_a_wide_table_is_read_in_linear_time(kind, named):
    """Columns of numbers and of texts, and columns that are named as categories or left out."""
    columns = {"target": "y", "keep": tuple(NAMES), **{key: tuple(value) for key, value in named.items()}}
    if named:
        columns["keep"] = ()
    if kind == "parquet":
        file, half = io.BytesIO(), NAMES[: WIDE // 4]
        table = {name: np.arange(ROWS) for name in half}
        parquet.write_table(pa.table({**table, "y": np.arange(ROWS) % 2}), file)
        columns = {
            key: value if key == "target" else value[: len(half) // 2] for key, value in columns.items()
        }
        found = read(file.getvalue(), kind="parquet", **columns)
        assert len(found.features) >= len(half) // 2
        return
    found = read(text_of("1" if kind == "numbers" else "t"), **columns)
    assert len(found.features) == (WIDE // 2 if named else WIDE)


@pytest.mark.usefixtures("quick")
def test_fault_82_the_class_of_a_wide_table_is_guessed_in_linear_time():
    """The column with an obvious name is found among all."""
    spec = DataSpec(source="t.csv")
    table = read_text(text_of("1"), where="t.csv", spec=spec)
    assert guess_target(table, spec=spec, where="t.csv").name == "y"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    ("names", "target", "message"),
    [
        ([*NAMES, NAMES[7]], "y", "expected different names, found 'gene7' twice"),
        (NAMES, "genes9", "expected a column 'genes9', found none"),
    ],
)
def test_fault_82_a_wide_table_is_refused_in_linear_time(names, target, message):
    """A name twice and a target that is not there."""
    with pytest.raises(DataError, match=message):
        read(text_of("1", names=names), target=target)
