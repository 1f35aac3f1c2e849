"""The scaling of a network's inputs."""

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from hpsearch.nn.config import SettingError
from hpsearch.types import Float64Array, FloatArray


class Scaler(Protocol):
    """The map ``(x - mean) / scale`` of inputs; a ``rotation``, where there is one, comes after it."""

    @property
    def mean(self) -> Float64Array:
        """The number that is subtracted, ``(d,)``."""

    @property
    def scale(self) -> Float64Array:
        """The divisor, ``(d,)``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputScaling:
    """The map ``(x - mean) / scale``, feature by feature, and then ``x @ rotation`` if there is one.

    Attributes:
        mean: The number that is subtracted, ``(d,)``, finite.
        scale: The divisor, ``(d,)``, finite and above 0.
        rotation: The matrix that rows are multiplied by, ``(d, d)``, finite, or ``(0, 0)`` for none.

    Raises:
        SettingError: Shapes differ, or a number is outside its range.
    """

    mean: Float64Array
    scale: Float64Array
    rotation: Float64Array = field(default_factory=lambda: np.empty((0, 0)))

    def __post_init__(self) -> None:
        shapes = self.mean.shape, self.scale.shape
        if self.mean.ndim != 1 or shapes[0] != shapes[1]:
            raise SettingError("scaler", f"expected mean and scale of one shape (d,), found {shapes}")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.scale).all() and (self.scale > 0).all()):
            raise SettingError("scaler", "expected finite numbers and scales above 0, found others")
        square = (len(self.mean), len(self.mean))
        if self.rotation.shape not in {(0, 0), square} or not np.isfinite(self.rotation).all():
            raise SettingError(
                "scaler", f"expected a rotation {square} of finite numbers, found {self.rotation.shape}"
            )

    def apply(self, X: ArrayLike, dtype: DTypeLike) -> FloatArray:
        """Return scaled rows of a type, ``(n, d)`` to the same shape; infinite where the type ends."""
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = (np.asarray(X, np.float64) - self.mean) / self.scale
            turned: FloatArray = (scaled @ self.rotation if self.rotation.size else scaled).astype(dtype)
        return turned


def as_scaling(scaler: Scaler, n_features: int) -> InputScaling:
    """Return the scaling of ``n_features`` inputs, as a copy.

    Raises:
        SettingError: It is no scaling, or one of another number of features.
    """
    try:
        mean, scale = (np.array(numbers, np.float64) for numbers in (scaler.mean, scaler.scale))
    except AttributeError as error:
        raise SettingError("scaler", f"expected an object with mean and scale, found {scaler!r}") from error
    if mean.shape != (n_features,):
        raise SettingError("scaler", f"expected mean and scale ({n_features},), found {mean.shape}")
    rotation = np.array(getattr(scaler, "rotation", np.empty((0, 0))), np.float64)
    return InputScaling(mean=mean, scale=scale, rotation=rotation)
