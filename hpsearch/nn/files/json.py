"""Settings and labels as plain JSON, and back."""

import dataclasses
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.memory import memory_limit
from hpsearch.nn.config import MLPConfig, SettingError
from hpsearch.nn.layout import Layout
from hpsearch.nn.one_hot import Blocks
from hpsearch.types import Json

KINDS = "biufUOM"
"""NumPy's kinds of types that labels may have.

Bools, whole and real numbers, strings, objects of these, dates.
"""


def config_to_json(config: MLPConfig) -> dict[str, Json]:
    """Return settings by name; tuples become lists once they are written."""
    return dataclasses.asdict(config)


def config_from_json(saved: object) -> MLPConfig:
    """Return the settings that ``config_to_json`` made JSON of.

    Raises:
        SettingError: It is something else, or a setting is unknown or not possible.

    Example:
        >>> config_from_json({"hidden": [8], "lr": 0.1}).hidden
        (8,)
    """
    if not isinstance(saved, dict):
        raise SettingError("config", f"expected settings by name, found {saved!r}")
    known = {field.name for field in dataclasses.fields(MLPConfig)}
    unknown = sorted(set(saved) - known)
    if unknown:
        raise SettingError("config", f"expected settings of a network, found {unknown[0]!r}")
    return MLPConfig(**{name: as_tuples(value) for name, value in saved.items()})


def saved_config(saved: object, *, sizes: tuple[int, ...], blocks: Blocks, n_parameters: int) -> MLPConfig:
    """Return the settings of a saved network.

    Older files call ``"prelu_shared"`` by the name ``"prelu"``: the number of parameters says which of the
    two it is. It is equal where every hidden layer has one unit, and there the two are the same function.

    Args:
        saved: What ``config_to_json`` made JSON of.
        sizes: Width of every layer.
        blocks: The blocks of one-hot features.
        n_parameters: Parameters that were saved with it.

    Raises:
        SettingError: It is something else, or a setting is unknown or not possible.
    """
    config = config_from_json(saved)
    if config.activation != "prelu":
        return config
    shared = dataclasses.replace(config, activation="prelu_shared")
    layout = Layout.of(shared, n_features=sizes[0], n_outputs=sizes[-1], blocks=blocks)
    return shared if layout.n_parameters == n_parameters else config


def as_tuples(value: Any) -> Any:
    """Return a value with every list in it as a tuple."""
    return tuple(as_tuples(part) for part in value) if isinstance(value, list) else value


def labels_to_json(labels: NDArray[Any]) -> dict[str, Json]:
    """Return labels ``(n,)`` and their type as plain JSON.

    Raises:
        SettingError: A label is not a string, bool, whole number, finite real number or date.

    Example:
        >>> labels_to_json(np.array(["cat", "dog"]))
        {'dtype': '<U3', 'labels': ['cat', 'dog']}
    """
    if labels.dtype.kind == "T":  # NumPy's strings of any length, which have no name in a file
        labels = np.array(labels.tolist())
    if labels.dtype.kind not in KINDS or labels.dtype == np.longdouble:
        raise SettingError("classes", f"expected strings, bools, numbers or dates, found {labels.dtype}")
    if labels.dtype.kind == "M":
        if np.isnat(labels).any():
            raise SettingError("classes", "expected dates, found NaT")
        return {"dtype": labels.dtype.str, "labels": np.datetime_as_string(labels).tolist()}
    plain = labels.tolist()
    for label in plain:
        if not isinstance(label, str | bool | int | float) or (
            isinstance(label, float) and not math.isfinite(label)
        ):
            raise SettingError("classes", f"expected strings, bools or finite numbers, found {label!r}")
    return {"dtype": labels.dtype.str, "labels": plain}


def labels_from_json(saved: object) -> NDArray[Any]:
    """Return the labels ``(n,)`` that ``labels_to_json`` made JSON of.

    Raises:
        SettingError: It is something else.
        DataError: The type is of so many characters that the labels would take too much memory.

    Example:
        >>> labels_from_json({"dtype": "|b1", "labels": [False, True]})
        array([False,  True])
    """
    if not isinstance(saved, dict) or not isinstance(saved.get("labels"), list):
        raise SettingError("classes", f"expected labels and their type, found {saved!r}")
    try:
        dtype = np.dtype(saved["dtype"])
        size = f"{len(saved['labels']):,} labels of {dtype}"
        memory_limit().expect(dtype.itemsize * len(saved["labels"]), where="classes", found=size)
        labels = np.array(saved["labels"], dtype)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise SettingError("classes", f"expected labels of one type, found {error}") from error
    if labels.ndim != 1 or labels_to_json(labels) != saved:
        raise SettingError("classes", f"expected labels of type {saved['dtype']}, found {saved['labels']!r}")
    return labels
