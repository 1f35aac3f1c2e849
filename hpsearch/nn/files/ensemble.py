"""An ensemble: the average of several models."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.nn.config import SettingError
from hpsearch.types import Float64Array


class Member(Protocol):
    """A member of an ensemble: a ``LoadedModel`` or a ``Network``."""

    @property
    def classes(self) -> NDArray[Any]:
        """The labels, ``(n_classes,)``; ``(0,)`` where values are predicted."""

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return labels or values of rows ``(n, n_features)``."""

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return probabilities ``(n, n_classes)`` of rows ``(n, n_features)``."""


class Ensemble:
    """The average of models: of their probabilities, or of the values that they predict.

    Args:
        members: One or more models of the same classes; each scales its inputs in its own way.

    Attributes:
        classes: ``(n_classes,)``, the labels; ``(0,)`` where values are predicted.

    Raises:
        SettingError: There is no member, or their classes differ.

    Source: L. K. Hansen and P. Salamon, "Neural network ensembles", IEEE Transactions on Pattern Analysis and
    Machine Intelligence, 1990; averaging: M. P. Perrone and L. N. Cooper, "When networks disagree", 1993.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        if not members:
            raise SettingError("members", "expected at least one model, found none")
        self.classes = members[0].classes
        for place, member in enumerate(members):
            if member.classes.tolist() != self.classes.tolist():
                raise SettingError(
                    "members",
                    f"expected the classes {self.classes.tolist()} of member 0 in every one, "
                    f"found {member.classes.tolist()} in member {place}",
                )
        self._members = tuple(members)

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the mean of the members' probabilities, ``(n, n_classes)``, for ``(n, n_features)``.

        Raises:
            DataError: ``X`` is of another shape, or values are predicted.
        """
        return np.asarray(np.mean([member.predict_proba(X) for member in self._members], axis=0))

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return the label of the highest mean probability, ``(n,)``, or the mean of predicted values.

        Raises:
            DataError: ``X`` is of another shape.
        """
        if not len(self.classes):
            return np.asarray(np.mean([member.predict(X) for member in self._members], axis=0))
        labels: NDArray[Any] = self.classes[self.predict_proba(X).argmax(axis=1)]
        return labels
