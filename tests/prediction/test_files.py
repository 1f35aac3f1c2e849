"""Files of rows: archives, tables without a header, labels of any type, and what is refused."""

import os
import re

import numpy as np
import pandas as pd
import pytest

from hpsearch.data import load_dataset
from hpsearch.errors import DataError
from hpsearch.prediction.prediction import predict_file
from hpsearch.study_file import DataSpec
from tests.prediction.models import KINDS, dataset_of, saved, spec_of, test_rows, write

FRAME = KINDS["numbers"].frame
MEMBERS = pytest.mark.parametrize("n", [1, 3])


def mean_proba(networks, X):
    """Return the mean of the networks' probabilities."""
    return np.mean([network.predict_proba(X) for network in networks], axis=0)


@pytest.fixture
def model(tmp_path):
    """Return a model of a table of numbers, three columns named."""
    write(FRAME, tmp_path / "table.csv")
    return saved(tmp_path / "m", dataset_of(spec_of(tmp_path / "table.csv", KINDS["numbers"]), tmp_path))[0]


@MEMBERS
def test_an_archive_counts_by_places(tmp_path, n):
    """With its labels or without; pandas' numbers for columns are places, in whatever order."""
    X, y = FRAME[["tall", "wide", "deep"]].to_numpy(), (FRAME.kind == "yes").to_numpy()
    np.savez(tmp_path / "t.npz", X=X, y=y)
    spec = DataSpec(source="t.npz")
    dataset = dataset_of(spec, tmp_path)
    loaded, networks = saved(tmp_path / "m", dataset, n=n)
    wanted, rows = mean_proba(networks, dataset.X_test), test_rows(spec, tmp_path)
    found = predict_file(loaded, tmp_path / "t.npz", proba=True)
    assert found.probabilities[rows].tobytes() == wanted.tobytes()
    assert (found.labels.dtype, found.value) == (bool, np.mean(found.labels == y))
    np.savez(tmp_path / "x.npz", X=X)
    assert predict_file(loaded, tmp_path / "x.npz").notes == []
    frame = pd.DataFrame(X)
    for rows_of in (frame, frame[[2, 0, 1]], frame.add_prefix("x")[["x1", "x0", "x2"]]):
        assert loaded.predict(rows_of).tobytes() == found.labels.tobytes()
    for bad, message in ((X[:, :2], "expected shape .n, 3., found .120, 2."), (X[:0], "X: expected numbers")):
        np.savez(tmp_path / "bad.npz", X=bad)
        with pytest.raises(DataError, match=rf"^{tmp_path}/bad.npz: {message}"):
            predict_file(loaded, tmp_path / "bad.npz")


@MEMBERS
def test_a_built_in_set_is_found_by_places_or_by_names(tmp_path, n):
    """Digits: an archive says that it counts by places, a table is read by the names of its pixels."""
    dataset = load_dataset(DataSpec(source="digits"), seed=1, base=tmp_path, cache=tmp_path / "cache")
    loaded, networks = saved(tmp_path / "m", dataset, n=n)
    X = np.round(dataset.X_test * dataset.scale)
    wanted = mean_proba(networks, dataset.X_test).tobytes()
    np.savez(tmp_path / "x.npz", X=X)
    found = predict_file(loaded, tmp_path / "x.npz", proba=True)
    assert found.probabilities.tobytes() == wanted
    assert found.notes[0].startswith("an NPZ file has no names of columns: they count by their places, as")
    frame = pd.DataFrame(X, columns=loaded.features)
    swapped = frame[frame.columns[::-1]]
    for name in ("x.csv", "x.parquet"):
        assert (
            predict_file(loaded, write(swapped, tmp_path / name), proba=True).probabilities.tobytes()
            == wanted
        )
    assert loaded.predict_proba(pd.DataFrame(X)[[*range(64)][::-1]]).tobytes() == wanted
    with pytest.raises(DataError, match="expected a column 'pixel_0_1', found none"):
        predict_file(loaded, write(swapped.drop(columns="pixel_0_1"), tmp_path / "x.csv"))


@MEMBERS
@pytest.mark.parametrize("target", [0, 2, 3])
def test_a_table_without_a_header_may_lack_its_target(tmp_path, target, n):
    """Its columns are places: without the target those behind it have moved; another width is refused."""
    names = [name for name in FRAME.columns if name != "kind"]
    names.insert(target, "kind")
    frame = FRAME[names]
    frame.to_csv(tmp_path / "t.csv", index=False, header=False)
    spec = DataSpec(source="t.csv", target=f"x{target}", header=False)
    dataset = dataset_of(spec, tmp_path)
    loaded, networks = saved(tmp_path / "m", dataset, n=n)
    wanted = mean_proba(networks, dataset.X_test).tobytes()
    rows = test_rows(spec, tmp_path)
    assert predict_file(loaded, tmp_path / "t.csv", proba=True).probabilities[rows].tobytes() == wanted
    frame.drop(columns="kind").to_csv(tmp_path / "x.csv", index=False, header=False)
    assert predict_file(loaded, tmp_path / "x.csv", proba=True).probabilities[rows].tobytes() == wanted
    numbered = pd.read_csv(tmp_path / "t.csv", header=None)
    assert loaded.predict_proba(numbered[numbered.columns[::-1]])[rows].tobytes() == wanted
    frame.iloc[:, :2].to_csv(tmp_path / "x.csv", index=False, header=False)
    with pytest.raises(DataError, match="expected 4 columns, or 3 without the target, found 2"):
        predict_file(loaded, tmp_path / "x.csv")


WEIGHTED = FRAME.assign(w=np.arange(len(FRAME)) % 3 + 1.0)[["tall", "w", "wide", "kind", "deep"]]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_rows_may_have_the_weights_of_the_study_or_not(tmp_path, form):
    """The same predictions, and no word on the column: the study knows it. Its cells may be anything."""
    write(WEIGHTED, tmp_path / f"t.{form}")
    spec = DataSpec(source=f"t.{form}", target="kind", weights="w")
    loaded, _ = saved(tmp_path / "m", dataset_of(spec, tmp_path))
    whole = predict_file(loaded, tmp_path / f"t.{form}", proba=True)
    assert loaded.layout.names == ["tall", "wide", "deep"]
    assert whole.notes == [f"accuracy {whole.value:.4f} on the 120 rows with a target"]
    rest = WEIGHTED.drop(columns=["w", "kind"])
    for frame in (rest, rest.assign(w="much"), rest.assign(w=np.nan)[["w", *rest.columns[::-1]]]):
        found = predict_file(loaded, write(frame, tmp_path / f"x.{form}"), proba=True)
        assert found.probabilities.tobytes() == whole.probabilities.tobytes()
        assert found.notes == []
        assert loaded.predict_proba(frame).tobytes() == whole.probabilities.tobytes()
    assert "'more'" in predict_file(loaded, write(rest.assign(more=1), tmp_path / f"x.{form}")).notes[0]


def test_a_table_without_a_header_may_lack_its_target_and_its_weights(tmp_path):
    """Both together: of one alone nothing says which it is."""
    WEIGHTED.to_csv(tmp_path / "t.csv", index=False, header=False)
    spec = DataSpec(source="t.csv", target="x3", weights="x1", header=False)
    loaded, _ = saved(tmp_path / "m", dataset_of(spec, tmp_path))
    wanted = predict_file(loaded, tmp_path / "t.csv", proba=True).probabilities.tobytes()
    rest = WEIGHTED.drop(columns=["w", "kind"])
    rest.to_csv(tmp_path / "x.csv", index=False, header=False)
    assert predict_file(loaded, tmp_path / "x.csv", proba=True).probabilities.tobytes() == wanted
    WEIGHTED.drop(columns="w").to_csv(tmp_path / "x.csv", index=False, header=False)
    message = "expected 5 columns, or 3 without the target and the weights, found 4"
    with pytest.raises(DataError, match=message):
        predict_file(loaded, tmp_path / "x.csv")


def test_a_model_of_one_column_reads_a_file_of_one_column(tmp_path):
    """Without the target there is no separator."""
    kind = KINDS["numbers"]
    write(FRAME[["tall", "kind"]], tmp_path / "t.csv")
    spec = spec_of(tmp_path / "t.csv", kind)
    loaded, _ = saved(tmp_path / "m", dataset_of(spec, tmp_path))
    wanted = predict_file(loaded, tmp_path / "t.csv").labels.tolist()
    assert predict_file(loaded, write(FRAME[["tall"]], tmp_path / "x.csv")).labels.tolist() == wanted
    assert predict_file(loaded, write(FRAME[["tall"]], tmp_path / "x.parquet")).labels.tolist() == wanted


LABELS = {
    "real": (["0.0", "1.0"], "float64"),
    "whole": (["3", "12"], "int64"),
    "truth": (["TRUE", "False"], "bool"),
    "text": (["yes", " no "], "<U3"),
    "codes": (["01", "02"], "int64"),
}


@pytest.mark.parametrize("name", LABELS)
def test_classes_come_back_with_their_type(tmp_path, name):
    """As pandas reads them; a target that is there is compared by value, however it is spelled."""
    texts, dtype = LABELS[name]
    frame = FRAME.assign(kind=np.where(FRAME.kind == "yes", *texts))
    write(frame, tmp_path / "t.csv")
    loaded, _ = saved(tmp_path / "m", dataset_of(spec_of(tmp_path / "t.csv", KINDS["numbers"]), tmp_path))
    found = predict_file(loaded, tmp_path / "t.csv")
    assert found.labels.dtype == dtype
    truth = pd.read_csv(tmp_path / "t.csv", skipinitialspace=True).kind
    truth = truth.str.strip() if dtype == "<U3" else truth
    assert found.value == np.mean(found.labels == truth.to_numpy())
    parquet = write(frame.assign(kind=truth), tmp_path / "t.parquet")
    assert predict_file(loaded, parquet).value == found.value


def test_dates_as_classes_come_back_as_dates(tmp_path):
    """From Parquet, whose target is a day."""
    days = np.where(FRAME.kind == "yes", np.datetime64("2024-01-01"), np.datetime64("2025-01-01"))
    write(FRAME.assign(kind=days), tmp_path / "t.parquet")
    loaded, _ = saved(tmp_path / "m", dataset_of(spec_of(tmp_path / "t.parquet", KINDS["numbers"]), tmp_path))
    found = predict_file(loaded, tmp_path / "t.parquet")
    assert found.labels.dtype.kind == "M"
    assert found.value == np.mean(found.labels == days)


def test_the_metric_of_the_study_is_measured_where_there_is_a_target(tmp_path):
    """By probabilities, too; rows without a target are left out, and an unknown class ends it with a note."""
    write(FRAME, tmp_path / "t.csv")
    dataset = dataset_of(spec_of(tmp_path / "t.csv", KINDS["numbers"]), tmp_path)
    loaded, _ = saved(tmp_path / "m", dataset, metric="log_loss")
    found = predict_file(loaded, tmp_path / "t.csv")
    assert found.probabilities is None
    proba = loaded.predict_proba(FRAME)[np.arange(len(FRAME)), (FRAME.kind == "yes").astype(int)]
    assert found.value == pytest.approx(-np.log(proba).mean(), rel=1e-12)
    some = FRAME.assign(kind=FRAME.kind.mask(FRAME.index < 5))
    assert predict_file(loaded, write(some, tmp_path / "x.csv")).notes == [
        f"log loss {-np.log(proba[5:]).mean():.4f} on the 115 rows with a target; 5 rows have none"
    ]
    none = predict_file(loaded, write(FRAME.assign(kind=None), tmp_path / "x.csv"))
    assert (none.metric, none.value, none.notes) == (None, None, [])
    other = FRAME.assign(kind=FRAME.kind.mask(FRAME.index == 7, "perhaps"))
    found = predict_file(loaded, write(other, tmp_path / "x.csv"))
    assert found.value is None
    assert found.notes == [
        (
            "the target of 1 of the rows is no class that the model knows, such as perhaps in row 7: "
            "nothing is measured"
        )
    ]


def test_an_unseen_category_is_said_once(tmp_path):
    """In the file as in a frame it is the level of missing cells."""
    kind = KINDS["missing"]
    write(kind.frame, tmp_path / "t.csv")
    loaded, _ = saved(tmp_path / "m", dataset_of(spec_of(tmp_path / "t.csv", kind), tmp_path))
    strange = kind.frame.assign(color=kind.frame.color.replace("red", "violet"))
    found = predict_file(loaded, write(strange, tmp_path / "x.csv"), proba=True)
    news = "categories that the model has not seen count as missing: column 'color': 'violet'"
    assert [note for note in found.notes if "seen" in note] == [news]
    gone = strange.assign(color=strange.color.replace("violet", np.nan))
    assert found.probabilities.tobytes() == loaded.predict_proba(gone).tobytes()


@pytest.mark.parametrize("mark", ["", "NA", "?", "null", "None", "nan"])
def test_a_missing_cell_is_refused_by_a_model_without_missing_values(model, tmp_path, mark):
    """By column and row, in the file and in a frame."""
    gaps = FRAME.astype(object)
    gaps.iloc[4, 1] = mark
    path = write(gaps, tmp_path / "x.csv")
    place = (
        f"column 'wide', row 4: expected a number, found '{re.escape(mark)}'; no row that the model learned"
    )
    with pytest.raises(DataError, match=f"^{path}: {place}"):
        predict_file(model, path)
    with pytest.raises(DataError, match=f"^X: {place}"):
        model.predict(gaps)
    with pytest.raises(DataError, match=r"^X: column 'wide', row 4: expected a finite number, found nan"):
        model.predict(pd.read_csv(path, na_values="?"))


def test_what_holds_no_rows_for_the_model_is_refused(model, tmp_path):
    """Empty tables, folders, other endings, damaged files, devices: one line that names the file."""
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "empty.csv").write_text("")
    write(FRAME[:0], tmp_path / "header.csv")
    write(FRAME[:0], tmp_path / "rows.parquet")
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    (tmp_path / "bad.npz").write_bytes(b"PK no")
    (tmp_path / "x.xlsx").write_bytes(b"PK")
    for name, message in {
        "folder.csv": "expected a readable data file, found: is a directory",
        "empty.csv": "expected a header line and rows, found an empty file",
        "header.csv": "expected rows below the header, found none",
        "rows.parquet": "expected rows, found none",
        "bad.parquet": "expected a readable Parquet file",
        "bad.npz": "expected a readable NPZ archive",
        "x.xlsx": r"expected a file that ends in \.csv, .* or \.npz, found 'x.xlsx'",
        "none.csv": "expected a data file, found none there",
    }.items():
        with pytest.raises(DataError, match=f"^{tmp_path / name}: {message}"):
            predict_file(model, tmp_path / name)


def test_a_pipe_is_read_to_its_end(model, tmp_path):
    """A table that another program writes."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    holder = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)  # lets the writer go ahead of the reader
    write(FRAME, pipe)
    found = predict_file(model, pipe)
    os.close(holder)
    assert (found.labels == model.predict(FRAME)).all()
