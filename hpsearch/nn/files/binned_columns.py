"""The bins of numbers in a model file."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from hpsearch.inputs.bins import BinnedColumn
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.types import Json

_KEY = "binned"


def as_binned(columns: Sequence[BinnedColumn], n_features: int) -> tuple[BinnedColumn, ...]:
    """Return columns, checked against the number of features.

    Raises:
        SettingError: A feature is out of range, or is made twice.
    """
    made = [feature for column in columns for feature in column.features]
    taken = [*made, *{column.feature for column in columns}]
    if len(set(taken)) < len(taken) or not all(0 <= feature < n_features for feature in taken):
        raise SettingError(_KEY, f"expected different features below {n_features}, found {sorted(taken)}")
    return tuple(columns)


def binned_to_json(columns: Sequence[BinnedColumn]) -> list[Json]:
    """Return columns as plain JSON."""
    return [asdict(column) for column in columns]


def binned_from_json(saved: Any, n_features: int) -> tuple[BinnedColumn, ...]:
    """Return the columns that ``binned_to_json`` wrote.

    Raises:
        KeyError, SettingError, TypeError, ValueError: They are none.
    """
    columns = [
        BinnedColumn(
            feature=whole_number(_KEY, c["feature"], least=0),
            first=whole_number(_KEY, c["first"], least=0),
            edges=tuple(map(float, c["edges"])),
        )
        for c in saved
    ]
    return as_binned(columns, n_features)
