"""Studies as tables in files."""

from hpsearch.report.exports.export import FORMATS
from hpsearch.report.exports.tables import TABLES, Curves, Table, Trials

__all__ = [
    "FORMATS",
    "TABLES",
    "Curves",
    "Table",
    "Trials",
]
