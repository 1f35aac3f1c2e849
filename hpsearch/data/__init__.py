"""The examples.

Sources (built-in data sets, files, OpenML), their tables as features and labels, the stratified split, the
scaling of inputs, and the cache, which workers of a machine share.
"""

from hpsearch.data.cache import cache_root, cached_dataset
from hpsearch.data.dataset import Dataset
from hpsearch.data.examples import Examples, Label, strata_of
from hpsearch.data.load import load_carried, load_dataset
from hpsearch.data.packing import from_bytes, to_bytes
from hpsearch.data.rows import ArrayRows, open_rows
from hpsearch.data.rules import FIRST_RULES, PRESENT_RULES, DataRules
from hpsearch.data.sources import OPENML, SOURCES, TABLES, find_source, is_file, open_table
from hpsearch.data.split import Split, fold_numbers, split_rows
from hpsearch.data.tables.target import Target, guess_target
from hpsearch.data.tables.unpack import is_packed, kind_of

__all__ = [
    "FIRST_RULES",
    "OPENML",
    "PRESENT_RULES",
    "SOURCES",
    "TABLES",
    "ArrayRows",
    "DataRules",
    "Dataset",
    "Examples",
    "Label",
    "Split",
    "Target",
    "cache_root",
    "cached_dataset",
    "find_source",
    "fold_numbers",
    "from_bytes",
    "guess_target",
    "is_file",
    "is_packed",
    "kind_of",
    "load_carried",
    "load_dataset",
    "open_rows",
    "open_table",
    "split_rows",
    "strata_of",
    "to_bytes",
]
