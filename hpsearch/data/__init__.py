"""Loading, splitting, scaling and sharing the examples."""

from hpsearch.data.cache import cache_root
from hpsearch.data.columns import Roles
from hpsearch.data.dataset import Dataset
from hpsearch.data.examples import Categorical, Label
from hpsearch.data.load import load_dataset
from hpsearch.data.scale import SCALINGS, Scaling, fit_inputs, fit_scaling
from hpsearch.data.sources import SOURCES
from hpsearch.data.split import Shares, Split, split_rows
from hpsearch.data.whiten import Whitening, fit_whitening

__all__ = [
    "SCALINGS",
    "SOURCES",
    "Categorical",
    "Dataset",
    "Label",
    "Roles",
    "Scaling",
    "Shares",
    "Split",
    "Whitening",
    "cache_root",
    "fit_inputs",
    "fit_scaling",
    "fit_whitening",
    "load_dataset",
    "split_rows",
]
