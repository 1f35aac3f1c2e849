"""Read tables with typed columns: Parquet files."""

import io
import json
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.data.examples import Label, quote
from hpsearch.data.labels import TEXT
from hpsearch.data.tables.columns import Column, Dates, Numbers, Table, Texts, expect_different
from hpsearch.errors import DataError, first_line
from hpsearch.memory import DEFAULT_LIMIT, PER_OBJECT, MemoryLimit
from hpsearch.study_file import DataSpec

EXTRA = "install it with pip install 'hpsearch[frames]'"
_PER_BYTE = 6
"""Bytes of memory that an unpacked byte of a Parquet file takes: as it is, as an array, as texts."""


def read_parquet(  # noqa: PLR0913 - what a file says, and what is asked of it
    data: bytes,
    *,
    where: str,
    spec: DataSpec,
    limit: MemoryLimit = DEFAULT_LIMIT,
    plain: bool = False,
    least: int = 2,
) -> Table:
    """Return the table of a Parquet file: numbers and truth values as they are, texts as categories.

    Codes into whole numbers are categories, too, as pandas writes them. What pandas kept as its index is
    no column to learn from.

    Args:
        data: The bytes of the file.
        where: Path of the file, for errors.
        spec: The data's part of the study.
        limit: The limit of what may be held in memory.
        plain: Whether to read as version 1 did: an index is a column, and codes of numbers are numbers.
        least: Not read: what uses the table asks for its columns.

    Raises:
        DataError: The file is not such a table, or is too large; the message names file, column and row.
    """
    del least
    pa, file = _open_parquet(data, where)
    _expect_room(file.metadata, where=where, limit=limit)
    try:
        # pyarrow's threads may outlive a short command, whose process they then abort at its end.
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DataError(f"{where}: expected a readable Parquet file, found: {first_line(error)}") from None
    kept = _pandas_notes(file.schema_arrow)
    coded = (
        [] if plain else [c["name"] for c in kept.get("columns", []) if c.get("pandas_type") == "categorical"]
    )
    named = frozenset([*spec.categorical, *coded]).difference([spec.weights])

    def read_columns(names: Sequence[str]) -> tuple[list[Column], list[str], list[str]]:
        faults = list[str]()
        columns = [_column(pa, name, table[name], as_text=name in named, faults=faults) for name in names]
        return columns, [], faults

    def read_labels(name: str) -> tuple[list[Label | None], str]:
        kind = _label_type(pa, file.schema_arrow.field(name), where)
        return _labels(table[name].to_pylist(), f"{where}: column {quote(name)}"), kind

    header = file.schema_arrow.names
    index = [n for n in kept.get("index_columns", []) if n in header and not plain]
    return Table(
        header=header,
        index=index,
        read_columns=read_columns,
        read_labels=read_labels,
        read_cells=lambda name: _cells(pa, table[name]),
    )


def _labels(values: Sequence[Any], where: str) -> list[Label | None]:
    """Return labels of one type: whole numbers, truth values or texts as they are, others as texts."""
    for row, value in enumerate(values):
        if isinstance(value, float) and math.isinf(value):
            raise DataError(f"{where}, row {row}: expected a finite number, found {value}")
    gone = [value is None or value != value or value == "" for value in values]  # noqa: PLR0124 - NaN
    kinds = {type(value) for value, missing in zip(values, gone, strict=True) if not missing}
    plain = len(kinds) == 1 and kinds <= {int, bool, str, float}
    return [
        None if missing else value if plain else str(value)
        for value, missing in zip(values, gone, strict=True)
    ]


def _cells(pa: Any, cells: Any) -> NDArray[Any]:
    """Return the cells of a column: numbers and moments as NumPy has them, others as objects."""
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    kind = cells.type
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return np.asarray(cells.cast(pa.timestamp("us"), safe=False).to_numpy())
    numeric = (pa.types.is_integer, pa.types.is_floating)
    if cells.null_count == 0 and any(is_number(kind) for is_number in numeric):
        return np.asarray(cells.to_numpy(zero_copy_only=False))
    found = np.empty(len(cells), dtype=object)
    found[:] = cells.to_pylist()
    return found


def _label_type(pa: Any, column: Any, where: str) -> str:
    """Return the type of the labels of a target column."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if _is_text(pa, kind):
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


def _is_text(pa: Any, kind: Any) -> bool:
    texts = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
    return any(is_text(kind) for is_text in texts)


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


def _pandas_notes(schema: Any) -> dict[str, Any]:
    """Return what pandas has noted in a file about its index and its categories; nothing where it has not."""
    try:
        notes = json.loads((schema.metadata or {})[b"pandas"])
        columns = [column for column in notes.get("columns", []) if isinstance(column.get("name"), str)]
        index = [name for name in notes.get("index_columns", []) if isinstance(name, str)]
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}
    return {"columns": columns, "index_columns": index}


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


def _column(pa: Any, name: str, cells: Any, *, as_text: bool, faults: list[str]) -> Column:
    """Return a column of a file; what it cannot be is added to ``faults``."""
    kind = cells.type.value_type if pa.types.is_dictionary(cells.type) else cells.type
    if _is_text(pa, kind) or as_text:
        return _texts(pa, name, cells)
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(kind)
    numeric = (pa.types.is_boolean, pa.types.is_integer, pa.types.is_floating, pa.types.is_decimal)
    if any(is_number(kind) for is_number in numeric):
        return _numbers(pa, name, cells)
    if pa.types.is_null(kind):
        return Numbers(name=name, values=np.full(len(cells), np.nan))
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        moments = cells.cast(pa.timestamp("us"), safe=False)
        return Dates(name=name, values=moments.to_numpy().astype("M8[us]"))
    mend = f"ignore = [{quote(name)}] leaves the column out"
    faults.append(f"column {quote(name)}: expected numbers, texts or dates, found {kind}; {mend}")
    return Numbers(name=name, values=np.zeros(len(cells)))


def _numbers(pa: Any, name: str, cells: Any) -> Numbers:
    if pa.types.is_boolean(cells.type):
        cells = cells.cast(pa.int8())
    values = cells.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
    numbers = np.array(values, dtype=np.float64)
    return Numbers(name=name, values=numbers)


def _texts(pa: Any, name: str, cells: Any) -> Texts:
    if pa.types.is_dictionary(cells.type) and not _is_text(pa, cells.type.value_type):
        cells = cells.cast(cells.type.value_type)
    if pa.types.is_floating(cells.type):  # spelled as Python does
        cells = pa.chunked_array([pa.array([None if v is None else str(v) for v in cells.to_pylist()])])
    elif pa.types.is_boolean(cells.type):
        spelled = {None: None, True: "True", False: "False"}
        cells = pa.chunked_array([pa.array([spelled[v] for v in cells.to_pylist()])])
    whole = cells if pa.types.is_dictionary(cells.type) else cells.cast(pa.string()).dictionary_encode()
    found = whole.unify_dictionaries().combine_chunks()
    entries = found.dictionary.cast(pa.string()).dictionary_encode()  # an entry may come twice, or be empty
    used = entries.indices.take(found.indices).dictionary_encode()  # in the order of rows
    labels = entries.dictionary.take(used.dictionary).to_pylist()
    codes = used.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    if "" in labels:  # as good as missing: no text of a table is empty
        codes = np.where(codes == labels.index(""), -1, codes)
    return Texts(name=name, labels=labels, codes=codes)
