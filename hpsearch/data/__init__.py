"""The examples.

Sources (built-in data sets, files, OpenML), their tables as features and labels, the stratified split, the
scaling of inputs, and the cache, which workers of a machine share.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.data.cache import cache_root as cache_root
    from hpsearch.data.cache import cached_dataset as cached_dataset
    from hpsearch.data.dataset import Dataset as Dataset
    from hpsearch.data.examples import Examples as Examples
    from hpsearch.data.examples import Label as Label
    from hpsearch.data.examples import strata_of as strata_of
    from hpsearch.data.load import load_carried as load_carried
    from hpsearch.data.load import load_dataset as load_dataset
    from hpsearch.data.packing import from_bytes as from_bytes
    from hpsearch.data.packing import to_bytes as to_bytes
    from hpsearch.data.rows import ArrayRows as ArrayRows
    from hpsearch.data.rows import open_rows as open_rows
    from hpsearch.data.rules import FIRST_RULES as FIRST_RULES
    from hpsearch.data.rules import PRESENT_RULES as PRESENT_RULES
    from hpsearch.data.rules import DataRules as DataRules
    from hpsearch.data.sources import OPENML as OPENML
    from hpsearch.data.sources import SOURCES as SOURCES
    from hpsearch.data.sources import TABLES as TABLES
    from hpsearch.data.sources import find_source as find_source
    from hpsearch.data.sources import is_file as is_file
    from hpsearch.data.sources import open_table as open_table
    from hpsearch.data.split import Split as Split
    from hpsearch.data.split import fold_numbers as fold_numbers
    from hpsearch.data.split import split_rows as split_rows
    from hpsearch.data.tables.target import Target as Target
    from hpsearch.data.tables.target import guess_target as guess_target
    from hpsearch.data.tables.unpack import is_packed as is_packed
    from hpsearch.data.tables.unpack import kind_of as kind_of

_HOMES = {
    "ArrayRows": "hpsearch.data.rows",
    "DataRules": "hpsearch.data.rules",
    "Dataset": "hpsearch.data.dataset",
    "Examples": "hpsearch.data.examples",
    "FIRST_RULES": "hpsearch.data.rules",
    "Label": "hpsearch.data.examples",
    "OPENML": "hpsearch.data.sources",
    "PRESENT_RULES": "hpsearch.data.rules",
    "SOURCES": "hpsearch.data.sources",
    "Split": "hpsearch.data.split",
    "TABLES": "hpsearch.data.sources",
    "Target": "hpsearch.data.tables.target",
    "cache_root": "hpsearch.data.cache",
    "cached_dataset": "hpsearch.data.cache",
    "find_source": "hpsearch.data.sources",
    "fold_numbers": "hpsearch.data.split",
    "from_bytes": "hpsearch.data.packing",
    "guess_target": "hpsearch.data.tables.target",
    "is_file": "hpsearch.data.sources",
    "is_packed": "hpsearch.data.tables.unpack",
    "kind_of": "hpsearch.data.tables.unpack",
    "load_carried": "hpsearch.data.load",
    "load_dataset": "hpsearch.data.load",
    "open_rows": "hpsearch.data.rows",
    "open_table": "hpsearch.data.sources",
    "split_rows": "hpsearch.data.split",
    "strata_of": "hpsearch.data.examples",
    "to_bytes": "hpsearch.data.packing",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
