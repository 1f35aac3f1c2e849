"""Trained networks as files: weights and a card that says what they are."""

import math
import os
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from hpsearch.nn.cards import (
    as_tuples,
    config_from_json,
    config_to_json,
    labels_from_json,
    labels_to_json,
)
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.nn.network import Network
from hpsearch.nn.tensor_file import ModelFileError, TensorFile, read_tensors, write_tensors
from hpsearch.types import Float64Array, FloatArray, Json, JsonScalar

KIND = "model"


class Scaler(Protocol):
    """The map ``(x - mean) / scale`` of inputs; ``mean`` and ``scale`` are ``(d,)``."""

    @property
    def mean(self) -> Float64Array:
        """What is taken away, ``(d,)``."""

    @property
    def scale(self) -> Float64Array:
        """What is divided by, ``(d,)``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InputScaling:
    """The map ``(x - mean) / scale``, feature by feature.

    Attributes:
        mean: What is taken away, ``(d,)``, finite.
        scale: What is divided by, ``(d,)``, finite and above 0.

    Raises:
        SettingError: Shapes differ, or a number is outside its range.
    """

    mean: Float64Array
    scale: Float64Array

    def __post_init__(self) -> None:
        shapes = self.mean.shape, self.scale.shape
        if self.mean.ndim != 1 or shapes[0] != shapes[1]:
            raise SettingError("scaler", f"expected mean and scale of one shape (d,), found {shapes}")
        if not (np.isfinite(self.mean).all() and np.isfinite(self.scale).all() and (self.scale > 0).all()):
            raise SettingError("scaler", "expected finite numbers and scales above 0, found others")

    def apply(self, X: ArrayLike, dtype: DTypeLike) -> FloatArray:
        """Return scaled rows of a type, ``(n, d)`` to the same shape; infinite where the type ends."""
        with np.errstate(over="ignore", invalid="ignore"):
            scaled: FloatArray = ((np.asarray(X, np.float64) - self.mean) / self.scale).astype(dtype)
        return scaled


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedModel:
    """A network as it was saved, with the scaling of its inputs.

    Attributes:
        network: The network.
        scaler: How inputs are scaled before the network sees them, or ``None`` for not at all.
        data_hash: Hash of the data that it was trained on, where it was given.
        metrics: Numbers that were saved with it.
        versions: Which versions of what saved it.
    """

    network: Network
    scaler: InputScaling | None
    data_hash: str | None
    metrics: Mapping[str, JsonScalar]
    versions: Mapping[str, str]

    @property
    def classes(self) -> NDArray[Any]:
        """The labels, ``(n_classes,)``; ``(0,)`` where values are predicted."""
        return self.network.classes

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return labels ``(n,)``, or values: ``(n,)`` of one output, ``(n, n_outputs)`` of several.

        Args:
            X: ``(n, n_features)``, as they were before scaling.

        Raises:
            DataError: ``X`` is of another shape.
        """
        Y = self.network.predict(self._scaled(X))
        return Y[:, 0] if self.network.predicts_values and Y.shape[1] == 1 else Y

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``.

        Args:
            X: ``(n, n_features)``, as they were before scaling.

        Raises:
            DataError: ``X`` is of another shape, or values are predicted.
        """
        return self.network.predict_proba(self._scaled(X))

    def _scaled(self, X: ArrayLike) -> ArrayLike:
        rows = np.asarray(X)
        if self.scaler is None or rows.ndim != 2 or rows.shape[1] != len(self.scaler.mean):
            return rows
        return self.scaler.apply(rows, self.network.parameters.dtype)


def save_model(
    model: Any,
    path: str | os.PathLike[str],
    *,
    scaler: Scaler | None = None,
    metrics: Mapping[str, JsonScalar] | None = None,
    data_hash: str | None = None,
) -> None:
    """Write a network to one ``.safetensors`` file, its card in the file's metadata.

    Args:
        model: A ``Network``, or a fitted ``MLPClassifier`` or ``MLPRegressor``.
        path: Where to; a file there is replaced.
        scaler: How its inputs were scaled: ``mean`` and ``scale``, each ``(n_features,)``.
        metrics: Numbers to keep with it, such as its test accuracy.
        data_hash: Hash of the data that it was trained on.

    Raises:
        SettingError: There is no network, or what goes with it does not fit.
        ModelFileError: The file cannot be written.
    """
    network = getattr(model, "network_", model)
    if not isinstance(network, Network):
        raise SettingError("model", f"expected a network or a fitted estimator, found {model!r}")
    tensors: dict[str, NDArray[Any]] = {"parameters": np.ascontiguousarray(network.parameters)}
    if scaler is not None:
        scaling = _scaling(scaler, network.sizes[0])
        tensors |= {"scaler.mean": scaling.mean, "scaler.scale": scaling.scale}
    write_tensors(
        path, tensors, kind=KIND, card=_card(network, metrics=dict(metrics or {}), data_hash=data_hash)
    )


def load_model(path: str | os.PathLike[str]) -> LoadedModel:
    """Read a network that ``save_model`` wrote; nothing in a file is ever run.

    Args:
        path: Where from.

    Raises:
        ModelFileError: The file is missing, cut short, altered, of another version or not a model.

    Example:
        >>> load_model("digits.safetensors").predict(X)  # doctest: +SKIP
        array([7, 2, 1])
    """
    file = read_tensors(path, kind=KIND)
    try:
        return _model(file)
    except KeyError as error:
        raise ModelFileError(f"{path}: expected {error.args[0]} in a saved model, found none") from error
    except (SettingError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path}: not a model that can be: {error}") from error


def _card(network: Network, *, metrics: Mapping[str, JsonScalar], data_hash: str | None) -> dict[str, Json]:
    for name, number in metrics.items():
        if isinstance(number, float) and not math.isfinite(number):
            raise SettingError("metrics", f"expected finite numbers, found {name} = {number!r}")
    return {
        "config": config_to_json(network.config),
        "sizes": network.sizes,
        "blocks": network.blocks,
        "classes": None if network.predicts_values else labels_to_json(network.classes),
        "metrics": metrics,
        "data_hash": data_hash,
        "versions": {
            "hpsearch": _version("hpsearch"),
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
    }


def _model(file: TensorFile) -> LoadedModel:
    card, tensors = file.card, dict(file.tensors)
    parameters = tensors.pop("parameters")
    scaler = None
    if "scaler.mean" in tensors:
        scaler = InputScaling(mean=tensors.pop("scaler.mean"), scale=tensors.pop("scaler.scale"))
    if tensors:
        raise SettingError("tensors", f"expected no others, found {sorted(tensors)}")
    network = Network(
        config=config_from_json(card["config"]),
        sizes=tuple(whole_number("sizes", size) for size in card["sizes"]),
        blocks=as_tuples(card.get("blocks", [])),
        parameters=parameters,
        classes=np.arange(0) if card["classes"] is None else labels_from_json(card["classes"]),
    )
    _check_network(network)
    if scaler is not None:
        _scaling(scaler, network.sizes[0])
    return LoadedModel(
        network=network,
        scaler=scaler,
        data_hash=card["data_hash"],
        metrics=card["metrics"],
        versions=card["versions"],
    )


def _check_network(network: Network) -> None:
    sizes, hidden = network.sizes, network.config.hidden
    if len(sizes) < 2 or sizes[1:-1] != hidden:
        raise SettingError("sizes", f"expected (n_features, *{hidden}, n_outputs), found {sizes}")
    wanted = (network.layout.n_parameters,)
    if network.parameters.shape != wanted or network.parameters.dtype.kind != "f":
        found = network.parameters
        raise SettingError("parameters", f"expected real numbers {wanted}, found {found.dtype} {found.shape}")
    if not (network.predicts_values or len(network.classes) == sizes[-1]):
        raise SettingError("classes", f"expected {sizes[-1]} labels, found {len(network.classes)}")


def _scaling(scaler: Scaler, n_features: int) -> InputScaling:
    try:
        mean, scale = (np.array(numbers, np.float64) for numbers in (scaler.mean, scaler.scale))
    except AttributeError as error:
        raise SettingError("scaler", f"expected an object with mean and scale, found {scaler!r}") from error
    if np.size(getattr(scaler, "rotation", ())):
        raise SettingError(
            "scaler", "expected mean and scale alone, found a rotation; whiten rows beforehand"
        )
    if mean.shape != (n_features,):
        raise SettingError("scaler", f"expected mean and scale ({n_features},), found {mean.shape}")
    return InputScaling(mean=mean, scale=scale)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"
