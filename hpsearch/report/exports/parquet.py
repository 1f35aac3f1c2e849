"""A table as a Parquet file: typed columns, written in row groups as they are read."""

from itertools import islice
from typing import Any, TextIO

from hpsearch.errors import MissingPackageError
from hpsearch.report.exports.tables import ColumnType, ExportTable

ROW_GROUP = 10_000
"""Rows that are written at a time: 10 MiB with 3 parameters and 5 epochs."""


def write_parquet(table: ExportTable, file: TextIO) -> int:
    """Write a table to the bytes behind a text file; return the number of its rows.

    Times are UTC with microseconds. What is missing is null; a number that is not finite stays what it is.

    Raises:
        MissingPackageError: PyArrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - 0.3 s, and an extra
        import pyarrow.parquet as pq  # noqa: PLC0415 - as above
    except ImportError as error:
        raise MissingPackageError(
            "Parquet: expected the package pyarrow, found none; pip install 'hpsearch[frames]'"
        ) from error
    schema = pa.schema(_types(pa, table))
    n_rows = 0
    with pq.ParquetWriter(file.buffer, schema) as writer:
        rows = table.records()
        while records := list(islice(rows, ROW_GROUP)):
            writer.write_table(pa.Table.from_pylist(records, schema))
            n_rows += len(records)
    return n_rows


def _types(pa: Any, table: ExportTable) -> list[tuple[str, Any]]:
    types = {
        ColumnType.INT: pa.int64(),
        ColumnType.FLOAT: pa.float64(),
        ColumnType.BOOL: pa.bool_(),
        ColumnType.TEXT: pa.string(),
        ColumnType.TIME: pa.timestamp("us", tz="UTC"),
        ColumnType.CURVE: pa.list_(pa.float64()),
    }
    return [(name, types[kind]) for name, kind in table.columns.items()]
