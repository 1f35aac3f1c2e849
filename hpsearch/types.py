"""Aliases for arrays and JSON; docstrings name the axes where they are used."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
"""Real numbers; float32 in training, float64 in gradient checks."""

Float32Array: TypeAlias = NDArray[np.float32]
Float64Array: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.int64]
BoolArray: TypeAlias = NDArray[np.bool_]

JsonScalar: TypeAlias = str | int | float | bool | None
Json: TypeAlias = JsonScalar | Sequence["Json"] | Mapping[str, "Json"]
