"""Read examples from tables with typed columns: Parquet files, and data sets of OpenML."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from hpsearch.data.columns import Numbers, Texts, coded, columns_to_read, expect_different, spread
from hpsearch.data.examples import Examples, Label, class_indices, quote
from hpsearch.data.labels import TEXT
from hpsearch.errors import DataError, first_line
from hpsearch.memory import DEFAULT_LIMIT, PER_OBJECT, MemoryLimit

EXTRA = "install it with pip install 'hpsearch[frames]'"
_PER_BYTE = 6
"""Bytes of memory that an unpacked byte of a Parquet file takes: as it is, as an array, as texts."""


def read_parquet(  # noqa: PLR0913 - the columns by what they are
    data: bytes,
    *,
    where: str,
    target: str | None,
    categorical: Sequence[str],
    ignore: Sequence[str],
    limit: MemoryLimit = DEFAULT_LIMIT,
) -> Examples:
    """Return the rows of a Parquet file: numbers and truth values as they are, texts as categories.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        target: The column that holds the class.
        categorical: Columns whose cells are categories, even where they look like numbers.
        ignore: Columns that are left out.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: The file is not such a table, or is too large; the message names file, column and row.
    """
    pa, file = _open_parquet(data, where)
    header = file.schema_arrow.names
    wanted = columns_to_read(header, target=target, categorical=categorical, ignore=ignore, where=where)
    _expect_room(file.metadata, where=where, limit=limit)
    try:
        # pyarrow's threads may outlive a short command, whose process they then abort at its end.
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{where}: expected a readable Parquet file, found: {first_line(error)}") from None
    cells = {name: _cells(table[name], pa) for name in wanted}
    kind = _label_type(pa, file.schema_arrow.field(wanted[-1]), where)
    return _examples(cells, categorical=categorical, where=where, label_type=kind, limit=limit)


def _label_type(pa: Any, column: Any, where: str) -> str:
    """Return the type of the labels of a target column."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    if any(is_text(kind) for is_text in texts):
        return TEXT
    numbers = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating)
    if any(is_number(kind) for is_number in numbers):
        return str(np.dtype(kind.to_pandas_dtype()).str)
    if pa.types.is_date(kind):
        return "<M8[D]"
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return f"<M8[{kind.unit}]"
    raise DataError(
        f"{where}: column {quote(column.name)}: expected texts, truth values, numbers or dates "
        f"without a zone as classes, found {kind}"
    )


def parquet_columns(
    data: bytes, *, where: str, limit: MemoryLimit = DEFAULT_LIMIT
) -> tuple[list[str], list[str]]:
    """Return the names of all columns, and of the columns that hold texts; no row is read.

    Raises:
        DataError: The file is no Parquet file.
    """
    del limit  # the names are as long as the file
    pa, file = _open_parquet(data, where)
    kinds = {field.name: field.type for field in file.schema_arrow}
    kinds = {name: k.value_type if pa.types.is_dictionary(k) else k for name, k in kinds.items()}
    texts = [name for name, k in kinds.items() if pa.types.is_string(k) or pa.types.is_large_string(k)]
    return list(kinds), texts


def _open_parquet(data: bytes, where: str) -> tuple[Any, Any]:
    """Return the library, and the file, of which its foot alone has been read."""
    try:
        import pyarrow as pa  # noqa: PLC0415 an extra, and 0.2 s
        from pyarrow import parquet  # noqa: PLC0415 as above
    except ImportError:
        raise DataError(f"{where}: expected the package pyarrow, found none; {EXTRA}") from None
    try:
        foot = parquet.read_metadata(io.BytesIO(data))
        file = parquet.ParquetFile(io.BytesIO(data), metadata=foot, read_dictionary=_text_columns(foot))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{where}: expected a readable Parquet file, found: {first_line(error)}") from None
    expect_different(file.schema_arrow.names, where=where)
    return pa, file


def _text_columns(foot: Any) -> list[str]:
    """Return the columns of texts: each text of them is kept once, however many rows repeat it."""
    columns = (foot.schema.column(place) for place in range(foot.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _expect_room(foot: Any, *, where: str, limit: MemoryLimit) -> None:
    """Refuse a Parquet file whose rows would take too much memory, as far as its foot says.

    A column of a million equal numbers takes a few bytes in the file.

    Raises:
        DataError: Names the file, its size and the limit.
    """
    widths = [foot.schema.column(place).length or 0 for place in range(foot.num_columns)]
    n_bytes = 0
    for group in map(foot.row_group, range(foot.num_row_groups)):
        chunks = map(group.column, range(foot.num_columns))
        for width, chunk in zip(widths, chunks, strict=True):
            n_bytes += chunk.num_values * (PER_OBJECT + width) + _PER_BYTE * chunk.total_uncompressed_size
    found = f"{foot.num_rows:,} rows of {foot.num_columns:,} columns"
    limit.expect(n_bytes, where=where, found=found)


def _cells(column: Any, pa: Any) -> list[Any]:
    """Return the cells of a column; a column of codes gives its texts, each of them once in memory.

    A list or a structure, which is refused later, is not spread out into Python objects: one cell is enough.
    """
    if pa.types.is_nested(column.type):
        return [column[0].as_py()] * len(column) if len(column) else []
    if not pa.types.is_dictionary(column.type):
        return list(column.to_pylist())
    cells = list[Any]()
    for chunk in column.chunks:
        texts = [*chunk.dictionary.to_pylist(), None]
        cells += [texts[code] for code in chunk.indices.fill_null(len(texts) - 1).to_pylist()]
    return cells


def read_openml(  # noqa: PLR0913 - the columns by what they are
    number: int,
    *,
    folder: str,
    target: str | None,
    categorical: Sequence[str],
    ignore: Sequence[str],
    limit: MemoryLimit = DEFAULT_LIMIT,
) -> Examples:
    """Return a data set of OpenML; once fetched, it is kept in a folder.

    Args:
        number: The number of the data set; a data set of a number never changes.
        folder: The folder where scikit-learn keeps the fetched file.
        target: The column that holds the class; ``None`` for the one that OpenML names.
        categorical: Columns whose cells are categories, even where they look like numbers.
        ignore: Columns that are left out.
        limit: The limit of what may be held in memory.

    Raises:
        DataError: There is no such data set, it cannot be fetched, is too large, or no table to learn from.

    Source: J. Vanschoren, J. van Rijn, B. Bischl, L. Torgo, "OpenML: networked science in machine learning",
        SIGKDD Explorations, 2013.
    """
    where = f"openml:{number}"
    try:
        import pandas as pd  # noqa: PLC0415 an extra, which scikit-learn reads OpenML with
    except ImportError:
        raise DataError(f"{where}: expected the package pandas, found none; {EXTRA}") from None
    from sklearn.datasets import fetch_openml  # noqa: PLC0415 4 s

    wanted = target or "default-target"
    try:
        bunch = fetch_openml(
            data_id=number, data_home=folder, target_column=wanted, parser="pandas", n_retries=1
        )
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"{where}: expected a data set that can be fetched, found: {first_line(error)}"
        ) from None
    if len(bunch.target_names) != 1:
        raise DataError(
            f"{where}: expected one target, found {quote(*bunch.target_names) or 'none'}; name it"
        )
    frame, target = bunch.frame, str(bunch.target_names[0])
    header = [str(name) for name in frame.columns]
    names = columns_to_read(header, target=target, categorical=categorical, ignore=ignore, where=where)
    size = f"{len(frame):,} rows of {len(names):,} columns"
    limit.expect(PER_OBJECT * len(frame) * len(names), where=where, found=size)
    cells = {name: _filled(frame[name], pd) for name in names}
    return _examples(cells, categorical=categorical, where=where, limit=limit)


def _filled(column: Any, pd: Any) -> list[Any]:
    """Return the cells of a column, ``None`` where one is missing."""
    return [None if gone else value for value, gone in zip(column.tolist(), pd.isna(column), strict=True)]


def _examples(
    cells: dict[str, list[Any]],
    *,
    categorical: Sequence[str],
    where: str,
    label_type: str = "",
    limit: MemoryLimit,
) -> Examples:
    """Return the rows of a table, column -> cells; the last column is the target."""
    target, labels = cells.popitem()
    named = frozenset(categorical)
    if not labels:
        raise DataError(f"{where}: expected rows, found none")
    X, features, one_hot = spread(
        [_column(name, values, where, named=name in named) for name, values in cells.items()],
        where=where,
        limit=limit,
    )
    y, classes = class_indices(_labels(labels, target, where), where=where)
    return Examples(
        where=where, X=X, y=y, classes=classes, features=features, categorical=one_hot, label_type=label_type
    )


def _column(name: str, values: Sequence[Any], where: str, *, named: bool) -> Numbers | Texts:
    _expect_filled(name, values, where)
    if named or all(isinstance(value, str) for value in values):
        labels, codes = coded([str(value) for value in values])
        return Texts(name=name, labels=labels, codes=codes)
    for row, value in enumerate(values):
        if not isinstance(value, (bool, int, float)):
            raise DataError(
                f"{where}: column {quote(name)}, row {row}: expected a number, or texts in all rows, found "
                f"{quote(value)}; leave the column out with ignore = [...]"
            )
    numbers = np.array(values, dtype=np.float64)
    _expect_finite(name, numbers, where)
    return Numbers(name=name, values=numbers)


def _expect_filled(name: str, values: Sequence[Any], where: str) -> None:
    empty = next((row for row, value in enumerate(values) if value is None or value == ""), None)
    if empty is not None:
        raise DataError(f"{where}: column {quote(name)}, row {empty}: expected a value, found none")


def _expect_finite(name: str, values: Any, where: str) -> None:
    bad = np.flatnonzero(~np.isfinite(values))
    if len(bad):
        found = values[bad[0]]
        raise DataError(
            f"{where}: column {quote(name)}, row {bad[0]}: expected a finite number, found {found}"
        )


def _labels(values: Sequence[Any], name: str, where: str) -> list[Label]:
    """Return labels of one type: whole numbers, truth values or texts as they are, others as texts."""
    _expect_filled(name, values, where)
    kinds = {type(value) for value in values}
    if kinds == {float}:
        _expect_finite(name, np.array(values), where)
    return list(values) if len(kinds) == 1 and kinds <= {int, bool, str, float} else [str(v) for v in values]
