"""Studies as files: tables, bundles, and how any file is written whole."""

from hpsearch.report.exports.bundle import Bundle, opened_bundle, taken_in, write_bundle
from hpsearch.report.exports.export import FORMATS, ExportError, replacing
from hpsearch.report.exports.new_file import write_new
from hpsearch.report.exports.tables import TABLES, Curves, Table, Trials

__all__ = [
    "FORMATS",
    "TABLES",
    "Bundle",
    "Curves",
    "ExportError",
    "Table",
    "Trials",
    "opened_bundle",
    "replacing",
    "taken_in",
    "write_bundle",
    "write_new",
]
