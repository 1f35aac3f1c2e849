"""The scaling of a network's inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from hpsearch.inputs.clip import smooth_clip
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.types import Float64Array, FloatArray


class Scaler(Protocol):
    """The map ``(x - mean) / scale`` of inputs; a ``rotation`` or ``clipped`` features may come after it."""

    @property
    def mean(self) -> Float64Array:
        """The number that is subtracted, ``(d,)``."""

    @property
    def scale(self) -> Float64Array:
        """The divisor, ``(d,)``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputScaling:
    """The map ``(x - mean) / scale``, feature by feature, then ``x @ rotation`` or a smooth clip.

    Attributes:
        mean: The number that is subtracted, ``(d,)``, finite.
        scale: The divisor, ``(d,)``, finite and above 0.
        rotation: The matrix that rows are multiplied by, ``(d, d)``, finite, or ``(0, 0)`` for none.
        clipped: Features that are smoothly clipped at the end, by their places.

    Raises:
        SettingError: Shapes differ, or a number is outside its range.
    """

    mean: Float64Array
    scale: Float64Array
    rotation: Float64Array = field(default_factory=lambda: np.empty((0, 0)))
    clipped: tuple[int, ...] = ()

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
        places = [whole_number("scaler.clipped", place, least=0) for place in self.clipped]
        if len({*places}) < len(places) or max(places, default=0) >= len(self.mean):
            raise SettingError(
                "scaler",
                f"expected each of the {len(self.mean)} features clipped once at most, found {places}",
            )
        object.__setattr__(self, "clipped", tuple(places))

    def apply(self, X: ArrayLike, dtype: DTypeLike) -> FloatArray:
        """Return scaled rows of a type, ``(n, d)`` to the same shape; infinite where the type ends."""
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = (np.asarray(X, np.float64) - self.mean) / self.scale
            turned = scaled @ self.rotation if self.rotation.size else scaled
            clipped: FloatArray = smooth_clip(turned, self.clipped) if self.clipped else turned
            return clipped.astype(dtype)

    def tensors(self) -> dict[str, Float64Array]:
        """Return its arrays by their names in a model file."""
        arrays = {"scaler.mean": self.mean, "scaler.scale": self.scale}
        return arrays | ({"scaler.rotation": self.rotation} if self.rotation.size else {})


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
    clipped = tuple(getattr(scaler, "clipped", ()))
    return InputScaling(mean=mean, scale=scale, rotation=rotation, clipped=clipped)


def taken_scaling(
    tensors: dict[str, NDArray[Any]], *, clipped: Sequence[int], n_features: int
) -> InputScaling | None:
    """Return the scaling that a model file holds, its arrays taken out of ``tensors``; ``None`` for none.

    Raises:
        KeyError: An array is missing.
        SettingError: The arrays are no scaling of so many features.
    """
    if "scaler.mean" not in tensors:
        return None
    ends = {name: tensors.pop(f"scaler.{name}") for name in ("mean", "scale")}
    rotation = tensors.pop("scaler.rotation", np.empty((0, 0)))
    return as_scaling(InputScaling(**ends, rotation=rotation, clipped=tuple(clipped)), n_features)
