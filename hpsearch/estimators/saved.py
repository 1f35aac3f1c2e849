"""Fitted estimators as bytes: written and read by skops, which runs no code of a file."""

import io
import json
import zipfile
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.errors import DataError, HpsearchError, MissingPackageError
from hpsearch.estimators.columns import ColumnEncoding
from hpsearch.estimators.estimator import KNOWN
from hpsearch.estimators.predictions import probabilities
from hpsearch.types import Float64Array

PLAIN_TYPES = ("collections.OrderedDict", "collections.defaultdict", "scipy.interpolate._bsplines.BSpline")
"""Types of other packages that are read from a file, beside those that skops trusts itself."""

_PARTIAL, _CHECK = "functools.partial", "sklearn.utils.validation.check_array"
_SCORES = "sklearn.feature_selection."
_INSTALL = "install it: pip install 'hpsearch[estimators]'"


class EstimatorFileError(HpsearchError):
    """A saved estimator holds types of unknown packages: fit it again, or save it in another way."""


class SavedEstimator:
    """A fitted estimator as a model file holds it, with the encoding of its columns.

    Args:
        content: The estimator as skops has written it.
        name: What a study file calls it.
        encoding: How features become its columns.
        n_features: Features before the encoding.
        classes: The labels, ``(n_classes,)``; ``(0,)`` where values are predicted.

    Attributes:
        content: As above.
        name: As above.
        classes: As above.
        sizes: ``(n_features, n_outputs)``.
        dtype: The type of numbers that it takes.
        encoding: As above.
    """

    dtype = np.dtype(np.float32)  # as it was fitted: the rows of a data set are float32

    def __init__(
        self, content: bytes, *, name: str, encoding: ColumnEncoding, n_features: int, classes: NDArray[Any]
    ) -> None:
        self.content, self.name, self.encoding, self.classes = content, name, encoding, classes
        self.sizes = (n_features, len(classes) or 1)

    @property
    def predicts_values(self) -> bool:
        """Whether it predicts values, not classes."""
        return not len(self.classes)

    @cached_property
    def estimator(self) -> Any:
        """The estimator itself, which takes rows that ``encoding`` has encoded.

        Raises:
            MissingPackageError: skops or the package of the estimator is not installed.
            EstimatorFileError: It holds types of unknown packages.
        """
        try:
            import skops.io  # noqa: PLC0415 - an extra, and slow
        except ImportError:
            raise MissingPackageError(f"expected the package skops, found none; {_INSTALL}") from None
        found = skops.io.get_untrusted_types(data=self.content)
        strange = [name for name in found if not _is_known(name)]
        strange += [name for name in _functions(self.content) if name in found and not _is_harmless(name)]
        if strange:
            raise EstimatorFileError(f"expected types of {', '.join(KNOWN)}, found {', '.join(strange)}")
        try:
            return skops.io.loads(self.content, trusted=found)
        except ImportError as error:
            raise MissingPackageError(f"{self.name}: expected its package, found none: {error}") from None

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of each row, ``(n,)``, or its value, ``(n, 1)``, for ``X`` ``(n, n_features)``."""
        found = np.asarray(self.estimator.predict(self.encoding.apply(np.asarray(X))))
        if self.predicts_values:
            return found.astype(np.float64).reshape(len(found), -1)
        labels: NDArray[Any] = self.classes[found.reshape(-1).astype(np.int64)]
        return labels

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``, for ``X`` ``(n, n_features)``.

        Raises:
            DataError: It predicts values.
        """
        if self.predicts_values:
            raise DataError("expected an estimator of classes, found one of values; use predict")
        rows = self.encoding.apply(np.asarray(X))
        labels = np.asarray(self.estimator.predict(rows)).reshape(-1).astype(np.int64)
        found: Float64Array = probabilities(self.estimator, rows, labels, len(self.classes))
        return found


def _is_known(name: str) -> bool:
    """Return whether a type of a known package has this name, or one of ``PLAIN_TYPES``."""
    return name.partition(".")[0] in KNOWN or name in {*PLAIN_TYPES, _PARTIAL}


def _is_harmless(name: str) -> bool:
    """Return whether a function may be in a file: the check of rows of histogram boosting, or a score."""
    return name == _CHECK or name.startswith(_SCORES)


def _functions(content: bytes) -> list[str]:
    """Return the functions that a file holds, and ``functools.partial`` where it fixes arguments of another.

    An estimator calls its functions, so a file must not choose any function, nor what it is called with.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        nodes = [json.loads(file.read("schema.json"))]
    found = list[str]()
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            if node.get("__loader__") == "FunctionNode":
                found.append(_name(node))
            if node.get("__loader__") == "PartialNode" and _name(node["content"]["func"]) != _CHECK:
                found.append(_PARTIAL)
            nodes += node.values()
        elif isinstance(node, list):
            nodes += node
    return found


def _name(node: dict[str, Any]) -> str:
    return f"{node.get('__module__')}.{node.get('__class__')}"


def expect_skops() -> None:
    """Refuse to go on where estimators cannot be written.

    Raises:
        MissingPackageError: skops is not installed.
    """
    from importlib.util import find_spec  # noqa: PLC0415 - only where a model is saved

    if find_spec("skops") is None:
        raise MissingPackageError(f"expected the package skops to write an estimator, found none; {_INSTALL}")


def missing_of(filled: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    """Return ``(feature, indicator)`` of the columns that have an indicator of missing numbers."""
    return tuple((column.feature, column.indicator) for column in filled if column.indicator >= 0)
