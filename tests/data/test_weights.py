"""Weights of rows in a data set: split, hashed, cached and carried with their rows."""

import hashlib

import numpy as np
import pytest

from hpsearch.data import from_bytes, load_dataset, to_bytes
from hpsearch.data.cache import read_entry
from hpsearch.data.dataset import WEIGHTS
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec

N = 60


def table(folder, *, weights=None, x=None):
    """Write a table of a number, weights and classes; each weight says which row it belongs to."""
    weights = [row % 5 + 1 for row in range(N)] if weights is None else weights
    x = [f"{row % 7}.5" for row in range(N)] if x is None else x
    rows = "".join(f"{x[row]},{weights[row]},k{row % 3}\n" for row in range(N))
    (folder / "t.csv").write_text(f"x,w,k\n{rows}")


def loaded(folder, **keys):
    """Return the data set of the table."""
    return load_dataset(DataSpec(source="t.csv", target="k", **keys), seed=0, base=folder)


EARLIER = [
    ({}, ("82b24e2add4d2895", "997e81e12652ab3e", "d2d9e3e086bab65d")),
    ({"folds": 3}, ("74d68ae257218e35", "e07a422133046804", "4e688ef19e4dcb6d")),
    ({"ignore": ("w",)}, ("516404e824c04345", "0de6a8f9dfaf752a", "f11d3b85e32e0cf5")),
]
"""Keys -> beginnings of the entry's name, the content's hash and that of the bytes, of commit 95fd645."""


@pytest.mark.parametrize(("keys", "hashes"), EARLIER)
def test_without_weights_nothing_has_changed(tmp_path, cache, keys, hashes):
    """A study that an earlier version began finds its data, in the cache and in an artifact store."""
    table(tmp_path)
    found = loaded(tmp_path, **keys)
    (entry,) = (cache / "data").iterdir()
    carried = hashlib.sha256(to_bytes(found)).hexdigest()
    assert (entry.name[:16], found.content_hash[:16], carried[:16]) == hashes
    assert (found.w_train, found.w_val) == (None, None)


@pytest.mark.parametrize("keys", [{}, {"folds": 3}])
def test_weights_go_with_their_rows(tmp_path, cache, keys):
    """Through the split, the cache, the bytes that are carried; the arrays are read-only."""
    x = np.arange(N) + 0.25
    table(tmp_path, x=x, weights=[0 if row % 6 == 5 else row + 1 for row in range(N)])
    found = loaded(tmp_path, weights="w", scaling="none", **keys)
    assert found.features == ("x",)
    assert found.X_train[:, 0].tolist() == (found.w_train - 0.75).tolist()
    assert found.X_val[:, 0].tolist() == (found.w_val - 0.75).tolist()
    assert sum(len(rows) for rows in (found.X_train, found.X_val, found.X_test)) == N - 10
    (entry,) = (cache / "data").iterdir()
    again, carried = read_entry(entry), from_bytes(to_bytes(found))
    for one in (again, carried):
        assert one.content_hash == found.content_hash
        assert all(getattr(one, name).tolist() == getattr(found, name).tolist() for name in WEIGHTS)
    assert isinstance(again.w_train.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        again.w_train[...] = 1
    assert carried.rules.weights == "w"


def test_a_changed_weight_is_noticed(tmp_path, cache):
    """In the hash of the data, where it weighs a row that is trained on; in the cache, as damage."""
    table(tmp_path)
    keys = {"weights": "w", "test": 0.5}
    first = loaded(tmp_path, **keys)
    (entry,) = (cache / "data").iterdir()
    hashes = []
    for row in range(N):
        table(tmp_path, weights=[n % 5 + 1.5 if n == row else n % 5 + 1 for n in range(N)])
        hashes.append(loaded(tmp_path, **keys).content_hash)
    assert len({*hashes} - {first.content_hash}) == len(first.X_train) + len(first.X_val) == N // 2
    assert hashes.count(first.content_hash) == N // 2  # no result depends on the weights of test rows
    assert loaded(tmp_path, test=0.5, ignore=("w",)).content_hash != first.content_hash
    for damage in (lambda path: path.unlink(), lambda path: np.save(path, np.load(path) + 1)):
        damage(entry / "w_train.npy")
        assert read_entry(entry) is None
        table(tmp_path)
        assert loaded(tmp_path, **keys).content_hash == first.content_hash


@pytest.mark.parametrize("keys", [{}, {"scaling": "robust", "bins": 4}, {"scaling": "zca"}])
def test_a_row_of_weight_0_has_no_part_in_the_data(tmp_path, keys):
    """Whatever its features are, and whether they are missing: split, scaling and fills stay to the bit."""
    weights = [0 if row % 7 == 3 else 2 for row in range(N)]
    hashes = set()
    for odd in ("3.5", "1e30", "-7", "", "NA"):
        table(tmp_path, weights=weights, x=[odd if row % 7 == 3 else f"{row % 7}.5" for row in range(N)])
        hashes.add(loaded(tmp_path, weights="w", **keys).content_hash)
    assert len(hashes) == 1


def test_weights_of_what_is_no_table(tmp_path, archive):
    """An archive may have an array of them; a built-in set has no columns."""
    weights = np.arange(60) % 4
    archive(cost=weights)
    found = load_dataset(DataSpec(source="a.npz", weights="cost"), seed=0, base=tmp_path)
    assert len(found.w_train) == len(found.X_train)
    assert {*found.w_train, *found.w_val} == {1.0, 2.0, 3.0}
    message = "digits: expected no weights, which names columns of a table, found 'w'"
    with pytest.raises(DataError, match=message):
        load_dataset(DataSpec(source="digits", weights="w"), seed=0, base=tmp_path)
