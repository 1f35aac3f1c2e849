"""Labels of classes: the distinct ones, and the place of each row's label among them."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.types import IntArray


def distinct(name: str, labels: NDArray[Any]) -> NDArray[Any]:
    """Return the distinct labels, sorted.

    Raises:
        ValueError: They are of types that do not sort together.
    """
    try:
        return np.unique(labels)
    except TypeError as error:
        raise ValueError(f"{name}: expected labels of one type that sorts, found others: {error}") from None


def all_classes(classes: ArrayLike) -> NDArray[Any]:
    """Return the classes that the first call of ``partial_fit`` names, sorted.

    Raises:
        ValueError: They are no list of labels, empty, missing, or do not sort.
    """
    labels = np.asarray(classes)
    if labels.ndim != 1 or not len(labels):
        raise ValueError(f"classes: expected the labels that y may have, in a list, found {classes!r}")
    found = distinct("classes", labels)
    if found.dtype.kind == "f" and not np.isfinite(found).all():
        raise ValueError(f"classes: expected finite numbers, found {found.tolist()}")
    return found


def places(name: str, labels: NDArray[Any], classes: NDArray[Any]) -> IntArray:
    """Return the place of each row's label in the sorted classes, ``(n,)``.

    Raises:
        ValueError: A label is not among the classes.
    """
    found = distinct(name, labels)
    if found.dtype.kind == classes.dtype.kind == "M":  # dates, in units that may differ
        unseen = np.setdiff1d(found, classes).tolist()
    else:  # as Python compares them: NumPy would take a number for its text
        known = set(classes.tolist())
        unseen = [label for label in found.tolist() if label not in known]
    if unseen:
        raise ValueError(f"{name}: expected labels among {classes.tolist()}, found {unseen[0]!r}")
    codes: IntArray = np.searchsorted(classes, labels).astype(np.int64)
    return codes
