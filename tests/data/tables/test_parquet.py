import datetime as dt
import gzip
import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.datasets._openml import _get_local_path

from hpsearch.errors import DataError
from tests.data.tables.reading import read

COLUMNS = {
    "size": [float(i * i) for i in range(60)],
    "rank": [i % 7 for i in range(60)],
    "fresh": [i % 5 == 0 for i in range(60)],
    "color": [["red", "blue", "green"][i % 3] for i in range(60)],
    "kind": [["x", "y"][i % 2] for i in range(60)],
}


@pytest.fixture
def write(tmp_path):
    """Return a function that writes ``t.parquet`` and ``t.csv`` with the same columns."""

    def write(**columns):
        table = {**COLUMNS, **columns}
        parquet.write_table(pa.table(table), tmp_path / "t.parquet")
        rows = zip(
            *([int(v) if isinstance(v, bool) else v for v in values] for values in table.values()),
            strict=True,
        )
        lines = [",".join(table), *(",".join(map(str, row)) for row in rows)]
        (tmp_path / "t.csv").write_text("\n".join(lines))

    return write


def test_a_parquet_file_says_what_the_same_csv_file_says(load, write):
    """Both kinds of file give the same bits: numbers, truth values, categories and classes."""
    write()
    table, text = (load(f"t.{kind}", target="kind", ignore=("rank",)) for kind in ("parquet", "csv"))
    assert table.content_hash == text.content_hash
    assert table.features == text.features == ("size", "fresh", "color=blue", "color=green", "color=red")
    assert table.categorical == text.categorical


def test_dictionary_columns_are_texts(load, write):
    """A column that is stored as codes into texts, as pandas does, is read as its texts."""
    write(color=pa.array(COLUMNS["color"]).dictionary_encode())
    coded = load("t.parquet", target="kind")
    write()
    assert coded.content_hash == load("t.parquet", target="kind").content_hash


REFUSED = [
    (
        {"size": [float("inf"), *COLUMNS["size"][1:]]},
        "column 'size', row 0: expected a finite number, found inf",
    ),
    (
        {"size": [[1.0]] * 60, "rank": [b"x"] * 60},
        r"column 'size': expected numbers, texts or dates, found list.*; column 'rank': .* found binary",
    ),
    ({"kind": [None] * 60}, "column 'kind': expected texts, truth values, numbers or dates .* found null"),
]


@pytest.mark.parametrize(("columns", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_a_column_that_cannot_be_learned_from_is_refused(load, write, columns, message):
    """The refusal names file, column and row."""
    write(**columns)
    with pytest.raises(DataError, match=r"t\.parquet: " + message):
        load("t.parquet", target="kind")


def test_a_file_that_is_no_parquet_file_is_refused(load, tmp_path):
    """What only has the ending is refused in one line."""
    (tmp_path / "t.parquet").write_bytes(b"PAR1 not really")
    with pytest.raises(DataError, match=r"t\.parquet: expected a readable Parquet file, found: ") as refusal:
        load("t.parquet", target="kind")
    assert "\n" not in str(refusal.value)


ARFF = """@RELATION t
@ATTRIBUTE size REAL
@ATTRIBUTE color {red,blue}
@ATTRIBUTE kind {x,y}
@DATA
"""


@pytest.fixture
def fetched(cache):
    """Put data set 7 of OpenML where scikit-learn keeps what it has fetched: nothing goes over a network."""
    rows = "".join(f"{i * i},{['red', 'blue'][i % 3 == 0]},{['x', 'y'][i % 2]}\n" for i in range(60))
    body = (ARFF + rows).encode()
    about = {
        "id": "7",
        "name": "t",
        "description": "sizes",
        "version": "1",
        "format": "ARFF",
        "status": "active",
        "file_id": "9",
        "url": "https://www.openml.org/data/v1/download/9/t.arff",
        "default_target_attribute": "kind",
        "md5_checksum": hashlib.md5(body).hexdigest(),
        "visibility": "public",
    }
    kinds = {"size": "numeric", "color": "nominal", "kind": "nominal"}
    features = [
        {
            "index": str(i),
            "name": name,
            "data_type": kind,
            "is_target": str(name == "kind").lower(),
            "is_ignore": "false",
            "is_row_identifier": "false",
            "number_of_missing_values": "0",
        }
        for i, (name, kind) in enumerate(kinds.items())
    ]
    answers = {
        "api/v1/json/data/7": json.dumps({"data_set_description": about}).encode(),
        "api/v1/json/data/features/7": json.dumps({"data_features": {"feature": features}}).encode(),
        "api/v1/json/data/qualities/7": json.dumps({"data_qualities": {"quality": []}}).encode(),
        "data/v1/download/9/t.arff": body,
    }
    for path, content in answers.items():
        place = Path(_get_local_path(path, cache / "openml" / "openml"))
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(gzip.compress(content))


def test_missing_cells_are_missing(load, write):
    """A null and NaN among numbers are filled; a null among texts is a category of its own."""
    write(
        size=[None, float("nan"), *COLUMNS["size"][2:]],
        rank=pa.array([None, *COLUMNS["rank"][1:]], pa.int8()),
        fresh=[None, *COLUMNS["fresh"][1:]],
        color=[None, "", *COLUMNS["color"][2:]],
    )
    found = load("t.parquet", target="kind", test=20, validation=20)
    assert found.categorical[0].labels == ("", "blue", "green", "red")
    assert {column.feature for column in found.filled} == {0, 1, 2}
    assert "4 missing numbers are filled" in found.notes[-2]
    assert "2 missing cells of categories are a category of their own: 'color'" in found.notes[-1]


def test_what_pandas_keeps_beside_the_columns_is_no_feature(load, tmp_path):
    """An index that has become a column of the file is left out; codes of whole numbers are categories."""
    frame = pd.DataFrame(COLUMNS).astype({"rank": "category"})
    for name in (None, "row"):
        turned = frame.sample(frac=1, random_state=0)
        turned.rename_axis(name).to_parquet(tmp_path / "t.parquet")
        found = load("t.parquet", target="kind")
        assert found.features[:3] == ("size", "rank=0", "rank=1")
        assert not any("index" in feature or "row" in feature for feature in found.features)
        assert "it names or counts the rows" in found.notes[0]
        data = (tmp_path / "t.parquet").read_bytes()
        assert read(data, kind="parquet", plain=True).features[:2] == ("size", "rank")
        assert read(data, kind="parquet", plain=True).features[-1] == (name or "__index_level_0__")


@pytest.mark.parametrize(
    "kind", [pa.decimal128(8, 2), pa.float16(), pa.uint64(), pa.int8(), pa.float32()], ids=str
)
def test_numbers_of_every_type_are_numbers(write, tmp_path, kind):
    """Also decimals, as a database exports them."""
    values = pa.array([float(i % 7) for i in range(60)]).cast(kind)
    write(size=values)
    found = read((tmp_path / "t.parquet").read_bytes(), kind="parquet")
    assert found.X[:, 0].tolist() == [i % 7 for i in range(60)]


@pytest.mark.parametrize(
    "kind", [pa.date32(), pa.date64(), pa.timestamp("ns"), pa.timestamp("s", tz="UTC")], ids=str
)
def test_dates_of_every_type_are_dates(write, tmp_path, kind):
    """They are left out and said, or taken apart."""
    days = [dt.datetime(2024, 1 + i % 12, 1 + i % 28) for i in range(59)]  # noqa: DTZ001 - dates
    write(size=pa.array([*days, None], pa.timestamp("us")).cast(kind, safe=False))
    data = (tmp_path / "t.parquet").read_bytes()
    assert "size" not in read(data, kind="parquet").features
    parts = read(data, kind="parquet", dates="parts")
    assert parts.features[:3] == ("size.month", "size.day", "size.weekday")
    assert parts.X[:2, :3].tolist() == [[1, 1, 0], [2, 2, 4]]
    assert np.isnan(parts.X[59, :3]).all()


@pytest.mark.usefixtures("fetched")
def test_a_data_set_of_openml_brings_its_target(load):
    """A number is enough; columns may still be left out, or another one be the target."""
    data = load("openml:7")
    assert data.features == ("size", "color=blue", "color=red")
    assert data.classes == ("x", "y")
    assert load("openml:7", target="color").classes == ("blue", "red")
    assert load("openml:7", ignore=("color",)).features == ("size",)


@pytest.mark.usefixtures("fetched")
def test_a_data_set_that_cannot_be_fetched_is_one_line(load):
    """An unknown target is refused with the number of the data set."""
    with pytest.raises(DataError, match=r"^openml:7: expected a data set that can be fetched, found: "):
        load("openml:7", target="kinds")
