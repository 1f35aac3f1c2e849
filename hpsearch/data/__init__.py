"""Loading, splitting, scaling and sharing the examples."""

from hpsearch.data.cache import cache_root
from hpsearch.data.dataset import Dataset
from hpsearch.data.examples import Label
from hpsearch.data.load import load_dataset
from hpsearch.data.scale import Scaling, fit_scaling
from hpsearch.data.sources import SOURCES
from hpsearch.data.split import Shares, Split, split_rows

__all__ = [
    "SOURCES",
    "Dataset",
    "Label",
    "Scaling",
    "Shares",
    "Split",
    "cache_root",
    "fit_scaling",
    "load_dataset",
    "split_rows",
]
