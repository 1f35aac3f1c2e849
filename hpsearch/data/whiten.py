"""Whitening of the inputs: mean 0, variance 1 and no correlation, fitted on the training rows."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hpsearch.types import Float32Array, Float64Array

EPS = 1e-5
"""Added to every eigenvalue, as a share of the largest: directions without variance are not blown up."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Whitening:
    """The map ``(x - mean) @ rotation``.

    Attributes:
        mean: What is taken away, ``(d,)``.
        rotation: What is multiplied by, ``(d, d)``.
    """

    mean: Float64Array
    rotation: Float64Array

    def apply(self, X: Float64Array | Float32Array) -> Float32Array:
        """Return whitened rows, ``(n, d)`` to the same shape; infinite where float32 ends."""
        with np.errstate(over="ignore", invalid="ignore"):
            return ((X - self.mean) @ self.rotation).astype(np.float32)


def fit_whitening(
    X: Float64Array | Float32Array, *, kind: Literal["pca", "zca"], eps: float = EPS
) -> Whitening:
    """Return the whitening that training rows call for.

    With the covariance ``C = (X - mean)^T (X - mean) / n = U diag(l) U^T``, PCA whitening is
    ``x U diag(1 / sqrt(l + eps l_max))``, in order of falling variance; ZCA whitening turns the result back,
    ``x U diag(1 / sqrt(l + eps l_max)) U^T``, and is so the whitening that changes the rows least. Of the two
    signs of a column of ``U`` the one whose largest element is positive is taken.

    Args:
        X: Training rows, ``(n, d)``.
        kind: ``"pca"`` or ``"zca"``.
        eps: Added to every eigenvalue, as a share of the largest, 0 or more.

    Source: A. J. Bell and T. J. Sejnowski, "The independent components of natural scenes are edge filters",
    1997, section 3 (both, without eps); A. Krizhevsky, "Learning multiple layers of features from tiny
    images", 2009, appendix A (ZCA).

    Example:
        >>> X = np.array([[1.0, 1.0], [-1.0, -1.0], [2.0, -2.0], [-2.0, 2.0]])
        >>> Z = fit_whitening(X, kind="zca", eps=0.0).apply(X)
        >>> (Z.T @ Z / 4).round(6).tolist()
        [[1.0, 0.0], [0.0, 1.0]]
    """
    rows = X.astype(np.float64)
    mean = rows.mean(axis=0)
    rows -= mean
    variances, U = np.linalg.eigh(rows.T @ rows / len(rows))
    variances, U = np.maximum(variances[::-1], 0), U[:, ::-1]
    U = U * np.sign(U[np.abs(U).argmax(axis=0), np.arange(U.shape[1])])
    floor = max(eps * variances[0], np.finfo(np.float64).tiny)
    rotation = U / np.sqrt(variances + floor)
    return Whitening(mean=mean, rotation=rotation @ U.T if kind == "zca" else rotation)
