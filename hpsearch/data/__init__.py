"""The examples.

Sources (built-in data sets, files, OpenML), their tables as features and labels, the stratified split, the
scaling of inputs, and the cache, which workers of a machine share.
"""

from hpsearch.data.cache import cache_root
from hpsearch.data.dataset import Dataset
from hpsearch.data.examples import Examples, Label
from hpsearch.data.load import load_carried, load_dataset
from hpsearch.data.packing import from_bytes, to_bytes
from hpsearch.data.sources import OPENML, SOURCES, TABLES, find_source, is_file
from hpsearch.data.split import split_rows
from hpsearch.data.target import Target, guess_target

__all__ = [
    "OPENML",
    "SOURCES",
    "TABLES",
    "Dataset",
    "Examples",
    "Label",
    "Target",
    "cache_root",
    "find_source",
    "from_bytes",
    "guess_target",
    "is_file",
    "load_carried",
    "load_dataset",
    "split_rows",
    "to_bytes",
]
