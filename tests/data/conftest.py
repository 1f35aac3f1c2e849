from functools import partial

import numpy as np
import pytest

from hpsearch.data import load_dataset

BY_DEFAULT = {"train": None, "validation": 0.2, "test": 0.2, "seed": 1}


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Give each test an empty cache of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("HPSEARCH_CACHE", str(folder))
    return folder


@pytest.fixture
def load(tmp_path):
    """Return ``load_dataset`` with defaults; relative paths start at ``tmp_path``."""
    return partial(load_dataset, base=tmp_path, **BY_DEFAULT)


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """Return ``load_dataset`` with defaults and one cache for the whole run, for what is slow to make."""
    folder = tmp_path_factory.mktemp("shared")
    return partial(load_dataset, base=folder, cache=folder, **BY_DEFAULT)


@pytest.fixture
def archive(tmp_path):
    """Return a function that writes ``a.npz`` with 60 rows of three classes, or with other arrays."""

    def write(**arrays):
        rng = np.random.Generator(np.random.PCG64(0))
        given = {"X": rng.standard_normal((60, 3)), "y": np.repeat([3, 5, 9], 20)} | arrays
        np.savez(tmp_path / "a.npz", **{name: values for name, values in given.items() if values is not None})
        return tmp_path / "a.npz"

    return write
