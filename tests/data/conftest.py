import numpy as np
import pytest

from hpsearch.data import load_dataset
from hpsearch.study_file import DataSpec


def loader(folder, *, cache=None):
    """Return ``load_dataset`` with defaults, and with the keys of ``[data]`` as keywords."""

    def load(source, *, seed=1, base=folder, cache=cache, **data):
        return load_dataset(DataSpec(source=source, **data), seed=seed, base=base, cache=cache)

    return load


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """Give each test an empty cache of its own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("HPSEARCH_CACHE", str(folder))
    return folder


@pytest.fixture
def load(tmp_path):
    """Return ``load_dataset`` with defaults; relative paths start at ``tmp_path``."""
    return loader(tmp_path)


@pytest.fixture(scope="session")
def cached(tmp_path_factory):
    """Return the folder of one cache for the whole run, for what is slow to make."""
    return tmp_path_factory.mktemp("cached")


@pytest.fixture(scope="session")
def shared(cached):
    """Return ``load_dataset`` with defaults and the cache of the whole run."""
    return loader(cached, cache=cached)


@pytest.fixture
def archive(tmp_path):
    """Return a function that writes ``a.npz`` with 60 rows of three classes, or with other arrays."""

    def write(**arrays):
        rng = np.random.Generator(np.random.PCG64(0))
        given = {"X": rng.standard_normal((60, 3)), "y": np.repeat([3, 5, 9], 20)} | arrays
        np.savez(tmp_path / "a.npz", **{name: values for name, values in given.items() if values is not None})
        return tmp_path / "a.npz"

    return write
