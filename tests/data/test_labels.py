"""The rule of label types: what a model predicts compares equal to what the table holds."""

import datetime as dt
import decimal
import io

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from hpsearch.data.archive import read_archive
from hpsearch.data.labels import as_labels, read_labels
from hpsearch.data.load import load_dataset
from hpsearch.data.packing import from_bytes, put_together, taken_apart, to_bytes
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec
from tests.data.tables.reading import read

COLUMNS = [
    ["0.0", "1.0"],
    ["1", "2", "10"],
    ["1", "1.0", "2"],
    ["01", "02"],
    ["1", "01", "2"],
    ["+1", "-1"],
    ["-0", "0", "1"],
    ["True", "False"],
    ["true", "FALSE", "True"],
    ["True", "1"],
    ["tRue", "False"],
    ["yes", "no"],
    ["9007199254740993", "9007199254740992"],
    ["9223372036854775807", "-9223372036854775808"],
    ["9223372036854775808", "1"],
    ["9223372036854775808", "-1"],
    ["18446744073709551616", "1"],
    ["-9223372036854775809", "1"],
    ["1" * 20, "2.5"],
    [".5", "5."],
    ["1e5", "1"],
    ["0x10", "1"],
    ["1_0", "2"],
    ["1e", "2"],
    ["2020-01-01", "2020-01-02"],
    ["0.1", "0.30000000000000004"],
    ["\u0663", "2"],
]


def labels_of(examples):
    """Return the label of each row as a model would predict it."""
    return as_labels(examples.classes, examples.label_type)[examples.y]


def of_csv(texts):
    """Return the labels of a CSV file, and pandas' reading of its column."""
    text = "x,k\n" + "".join(f"{row},{label}\n" for row, label in enumerate(texts))
    column = pd.read_csv(io.StringIO(text)).k
    return read(text, target="k", keep=("x",)), column


@pytest.mark.parametrize("texts", COLUMNS, ids=" ".join)
def test_fault_88_labels_of_text_are_what_pandas_reads(texts):
    """Equal values of the same type."""
    examples, column = of_csv(texts * 3)
    found = labels_of(examples)
    assert (found == column.to_numpy()).all()
    assert found.dtype.kind == ("U" if column.dtype == "str" else column.dtype.kind)


WHOLES = st.one_of(st.integers(-(2**70), 2**70), st.integers(-9, 9)).map(str)
SPELLINGS = st.one_of(
    st.integers(-(2**62), 2**62).map(str),
    st.floats(-1e6, 1e6).map(str),
    st.sampled_from(["True", "false", "01", "+3", "1e3", "-0.0", ".5", "a", "x1", "1_0"]),
)
MIXED = st.one_of(*(st.lists(kind, min_size=2, max_size=5) for kind in (WHOLES, SPELLINGS)))
"""Columns of text; among real numbers what pandas makes of a whole one above 2**64 depends on the order."""


@given(MIXED)
def test_fault_88_any_column_of_text_has_labels_that_pandas_reads(texts):
    """Also where whole numbers, real numbers and texts are mixed; to a unit in the last place of pandas."""
    names, kind = read_labels(texts, where="t.csv")
    classes = sorted(set(names), key=str)
    found = as_labels(classes, kind)[[classes.index(name) for name in names]]
    column = pd.read_csv(io.StringIO("x,k\n" + "".join(f"0,{text}\n" for text in texts))).k.to_numpy()
    if found.dtype.kind == "f":
        np.testing.assert_array_max_ulp(found, column, maxulp=2)
    else:
        assert found.tolist() == column.tolist()


@pytest.mark.parametrize(
    ("texts", "classes"),
    [
        (["10", "9"], (9, 10)),
        (["10.0", "9.0"], ("10.0", "9.0")),
        (["b", "a"], ("a", "b")),
        (["True", "False"], ("False", "True")),
        (["02", "01"], ("01", "02")),
        (["2" * 20, "3"], ("2" * 20, "3")),
        (["1.0", "1"], ("1", "1.0")),
    ],
)
def test_the_names_of_classes_stay(texts, classes):
    """Their order is part of training, and they are part of the hash of the data."""
    assert of_csv(texts * 3)[0].classes == classes


@pytest.mark.parametrize("text", ["inf", "-Infinity", "1e400"])
def test_fault_88_a_class_that_is_no_finite_number_is_refused(text):
    """Among numbers, in one line with the column."""
    with pytest.raises(
        DataError, match=rf"^t.csv: column 'k': expected a finite number as a class, found '{text}'"
    ):
        of_csv([text, "1", "2"])


DAY, MOMENT = dt.date(2020, 1, 1), dt.datetime(2020, 1, 1, 3, 4, 5, 6)  # noqa: DTZ001 - no zone
COLUMN_TYPES = {
    "bool": (pa.bool_(), [True, False]),
    "int8": (pa.int8(), [1, 2]),
    "int64": (pa.int64(), [2**53 + 1, 2**53]),
    "uint64": (pa.uint64(), [2**64 - 1, 0]),
    "float16": (pa.float16(), [np.float16(0.5), np.float16(1)]),
    "float32": (pa.float32(), [0.1, 0.2]),
    "float64": (pa.float64(), [0.0, 1.0]),
    "string": (pa.string(), ["01", "1"]),
    "large string": (pa.large_string(), ["x", "y"]),
    "string view": (pa.string_view(), ["x", "y"]),
    "category": (pa.dictionary(pa.int8(), pa.string()), ["x", "y"]),
    "category of numbers": (pa.dictionary(pa.int8(), pa.int64()), [5, 6]),
    "date": (pa.date32(), [DAY, DAY + dt.timedelta(1)]),
    "date64": (pa.date64(), [DAY, DAY + dt.timedelta(1)]),
    "moment": (pa.timestamp("us"), [MOMENT, MOMENT + dt.timedelta(1)]),
    "nanoseconds": (pa.timestamp("ns"), [MOMENT, MOMENT + dt.timedelta(1)]),
    "seconds": (pa.timestamp("s"), [MOMENT.replace(microsecond=0), MOMENT.replace(microsecond=0, year=2021)]),
}
OTHER_TYPES = {
    "decimal": (pa.decimal128(5, 2), [decimal.Decimal("1.5"), decimal.Decimal(2)]),
    "bytes": (pa.binary(), [b"a", b"b"]),
    "time": (pa.time64("us"), [dt.time(1), dt.time(2)]),
    "length of time": (pa.duration("us"), [dt.timedelta(1), dt.timedelta(2)]),
    "list": (pa.list_(pa.int64()), [[1], [2]]),
    "moment of a zone": (pa.timestamp("us", tz="UTC"), [MOMENT, MOMENT + dt.timedelta(1)]),
}


def of_parquet(kind, values):
    """Return the labels of a Parquet file, and its column."""
    table = pa.table({"x": np.arange(3.0 * len(values)), "k": pa.array(values * 3, kind)})
    file = io.BytesIO()
    parquet.write_table(table, file)
    examples = read(file.getvalue(), kind="parquet", target="k", keep=("x",))
    return examples, parquet.read_table(io.BytesIO(file.getvalue()))["k"]


@pytest.mark.parametrize("name", COLUMN_TYPES)
def test_fault_88_labels_of_parquet_are_those_of_its_column(name):
    """Of the column's own type; a category has the type of its values."""
    examples, column = of_parquet(*COLUMN_TYPES[name])
    found, held = labels_of(examples), np.asarray(column.to_pandas())
    assert (found == column.to_numpy()).all()
    if held.dtype.kind != "O":
        assert found.dtype == held.dtype


@pytest.mark.parametrize("name", OTHER_TYPES)
def test_fault_88_a_parquet_column_of_another_type_is_no_target(name):
    """A class that no model could give back is refused before anything is trained."""
    with pytest.raises(
        DataError, match=r"^t.parquet: column 'k': expected texts, truth values, numbers or dat"
    ):
        of_parquet(*OTHER_TYPES[name])


@pytest.mark.parametrize("value", [None, float("nan")])
def test_rows_of_parquet_without_a_label_are_left_out(value):
    """NaN is no class: its rows are counted and named."""
    examples, _ = of_parquet(pa.float64(), [1.0, value, 2.0])
    assert labels_of(examples).tolist() == [1.0, 2.0] * 3
    assert examples.notes[0] == (
        "3 of 9 rows are left out, because they have no 'k' (from 0: row 1, 4, 7); missing = [...] says what "
        "stands for a missing cell"
    )


def test_fault_88_a_parquet_label_that_is_infinite_is_refused():
    """It is no class either."""
    with pytest.raises(
        DataError, match=r"^t.parquet: column 'k', row 1: expected a finite number, found inf"
    ):
        of_parquet(pa.float64(), [1.0, float("inf"), 2.0])


ARRAYS = [
    np.array([1, 2], "i1"),
    np.array([1, 2], ">i4"),
    np.array([2**64 - 1, 0], "u8"),
    np.array([0.0, 1.0]),
    np.array([0.1, 0.2], "f4"),
    np.array([0.5, 1], "f2"),
    np.array([0.5, 1], "g"),
    np.array([True, False]),
    np.array(["01", "1"]),
    np.array(["2020-01-01", "2020-01-02"], "M8[D]"),
    np.array(["2020-01-01T01", "2020-01-02"], "M8[ns]"),
]


def of_npz(y):
    """Return what an NPZ file holds."""
    file = io.BytesIO()
    np.savez(file, X=np.arange(float(len(y)))[:, None], y=y)
    return read_archive(file.getvalue(), where="t.npz")


@pytest.mark.parametrize("y", ARRAYS, ids=lambda y: y.dtype.str)
def test_fault_88_labels_of_an_array_have_its_type(y):
    """Equal values of an equal type, in the byte order of this machine."""
    found = labels_of(of_npz(np.tile(y, 3)))
    assert (found == np.tile(y, 3)).all()
    assert found.dtype.kind == y.dtype.kind
    assert found.dtype == y.dtype.newbyteorder("=") or y.dtype.kind == "U"


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array([b"a", b"b"]), r"y: expected labels .2,., found .S1"),
        (np.array([1j, 2]), r"y: expected labels .2,., found complex128"),
        (np.array([1, np.inf]), r"y.1.: expected a finite number, found inf"),
        (np.array([1, 2**70 + 1], "g") + np.finfo("g").eps * 4, r"y.0.: expected a number that float64 can"),
        (np.array(["a", 1], object), r"expected a readable NPZ archive, found: .*allow_pickle"),
    ],
)
def test_fault_88_an_array_of_other_labels_is_refused(y, message):
    """In one line."""
    with pytest.raises(DataError, match=f"^t.npz: {message}"):
        of_npz(y)


HASHES = {
    "b a c": "e4bfc1daf6543ab7",
    "10 9": "1f7a5b2f58ca5122",
    "1.0 0.0": "6e948506dc0c4296",
    "True False": "427f8f84a9bd5309",
    "02 01": "66d7b926e052090e",
    "1 1.0 2": "f36d84ef4539e853",
}
"""Classes in a table -> the beginning of the hash that its data have had since before labels had types."""


@pytest.mark.parametrize("classes", HASHES)
def test_the_hash_of_the_data_stays(tmp_path, classes):
    """A study that an earlier version began has the same data."""
    labels = classes.split()
    rows = "".join(f"{row % 7}.5,{labels[row % len(labels)]}\n" for row in range(60))
    (tmp_path / "t.csv").write_text(f"x,k\n{rows}")
    spec = DataSpec(source="t.csv", target="k")
    dataset = load_dataset(spec, seed=0, base=tmp_path, cache=tmp_path / "cache")
    assert dataset.content_hash[:16] == HASHES[classes]
    again = load_dataset(spec, seed=0, base=tmp_path, cache=tmp_path / "cache", read=False)
    carried = from_bytes(to_bytes(again))
    for found in (dataset, again, carried):
        assert sorted(found.labels.tolist()) == sorted(pd.read_csv(tmp_path / "t.csv").k[: len(labels)])


def test_fault_88_a_data_set_of_an_earlier_version_is_read(load):
    """It says nothing of the type of its labels: they are the names of its classes."""
    dataset = load("iris")
    arrays, note = taken_apart(dataset)
    assert note.pop("label_type") == ""
    found = put_together(arrays, note)
    assert found.labels.tolist() == list(dataset.classes)
    assert put_together(arrays, {**note, "label_type": "<f8"}) is None
