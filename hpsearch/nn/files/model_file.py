"""Model files: trained networks or fitted estimators, and a card that describes them."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hpsearch.errors import DataError
from hpsearch.estimators.saved import SavedEstimator
from hpsearch.inputs.bins import BinnedColumn
from hpsearch.nn.config import SettingError
from hpsearch.nn.files.binned_columns import as_binned, binned_from_json, binned_to_json
from hpsearch.nn.files.category_columns import (
    CategoryColumn,
    CategoryColumnLike,
    as_categories,
    categories_from_json,
    categories_to_json,
)
from hpsearch.nn.files.ensemble import Ensemble
from hpsearch.nn.files.filled_columns import (
    FilledColumnLike,
    FillRule,
    as_fill_rules,
    fill_rules_from_json,
    fill_rules_to_json,
)
from hpsearch.nn.files.input_scaling import InputScaling, Scaler, as_scaling, taken_scaling
from hpsearch.nn.files.json import labels_from_json
from hpsearch.nn.files.members import members_from, members_to_card, members_to_tensors
from hpsearch.nn.files.rows import RowLayout, feature_rows, scaled_rows
from hpsearch.nn.files.tensor_file import ModelFileError, TensorFile, read_tensors, write_tensors
from hpsearch.nn.files.versions import program_versions
from hpsearch.nn.network import Network
from hpsearch.table.rules import TableRules
from hpsearch.types import Float64Array, FloatArray, Json, JsonScalar

KIND = "model"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedModel:
    """A model as it was saved, or several whose predictions are averaged, with the scaling of their inputs.

    Attributes:
        networks: One network, or the members of an ensemble; of a study of estimators, these.
        scaler: The scaling of inputs before the network, or ``None`` for none.
        features: Names of the features, in order, where they were given.
        categories: Columns of texts, each of which is several features.
        filled: Columns of numbers whose missing cells are filled.
        rules: The rules by which its table was read, where they were given.
        binned: Features of numbers that have bins.
        data_hash: Hash of the data that it was trained on, where it was given.
        metrics: Numbers that were saved with it.
        about: Further facts that were saved with it.
        versions: The versions of the programs that saved it.
    """

    networks: tuple[Network | SavedEstimator, ...]
    scaler: InputScaling | None
    features: tuple[str, ...] | None
    categories: tuple[CategoryColumn, ...]
    filled: tuple[FillRule, ...]
    rules: TableRules | None
    binned: tuple[BinnedColumn, ...]
    data_hash: str | None
    metrics: Mapping[str, JsonScalar]
    about: Mapping[str, JsonScalar]
    versions: Mapping[str, str]

    @property
    def network(self) -> Network | SavedEstimator:
        """The network; of an ensemble, the first."""
        return self.networks[0]

    @property
    def classes(self) -> NDArray[Any]:
        """The labels, ``(n_classes,)``; ``(0,)`` where values are predicted."""
        return self.network.classes

    def predict(self, X: ArrayLike) -> NDArray[Any]:
        """Return labels ``(n,)``, or values: ``(n,)`` of one output, ``(n, n_outputs)`` of several.

        Args:
            X: ``(n, n_columns)``, before scaling, as ``layout`` has them. In a data frame they are found by
                their names, in any order, others are ignored, and new categories count as missing.

        Raises:
            DataError: ``X`` is of another shape, lacks a column, or has a cell that is no finite number, or
                is missing in a column that lacked none; the message names column and row.
        """
        Y = self._whole.predict(self._scaled(X))
        return Y[:, 0] if self.network.predicts_values and Y.shape[1] == 1 else Y

    def predict_proba(self, X: ArrayLike) -> Float64Array:
        """Return the probability of each class, ``(n, n_classes)``.

        Args:
            X: As for ``predict``.

        Raises:
            DataError: As for ``predict``, or values are predicted.
        """
        return self._whole.predict_proba(self._scaled(X))

    @property
    def layout(self) -> RowLayout:
        """The columns of the rows that it takes."""
        return RowLayout(
            n_features=self.network.sizes[0],
            features=self.features,
            categories=self.categories,
            filled=self.filled,
            rules=self.rules,
            binned=self.binned,
        )

    @property
    def _whole(self) -> Network | SavedEstimator | Ensemble:
        return self.network if len(self.networks) == 1 else Ensemble(self.networks)

    def _scaled(self, X: ArrayLike) -> FloatArray:
        rows = feature_rows(X, self.layout)
        return scaled_rows(rows, self.layout, self.scaler, self.network.dtype)


def save_model(  # noqa: PLR0913 - a card has many entries
    model: Any,
    path: str | os.PathLike[str],
    *,
    scaler: Scaler | None = None,
    metrics: Mapping[str, JsonScalar] | None = None,
    data_hash: str | None = None,
    features: Sequence[str] | None = None,
    categories: Sequence[CategoryColumnLike] = (),
    filled: Sequence[FilledColumnLike] = (),
    rules: TableRules | None = None,
    binned: Sequence[BinnedColumn] = (),
    about: Mapping[str, JsonScalar] | None = None,
) -> None:
    """Write a network, or several as an ensemble, to one ``.safetensors`` file, the card in its metadata.

    Args:
        model: A ``Network``, a fitted ``MLPClassifier`` or ``MLPRegressor``, a ``SavedEstimator``, or a list.
        path: The file; an existing one is replaced.
        scaler: How its inputs were scaled: ``mean`` and ``scale``, each ``(n_features,)``, and perhaps a
            ``rotation``, ``(n_features, n_features)``, or ``clipped`` features. Rows then come unscaled.
        metrics: Numbers to keep with it, such as its test accuracy.
        data_hash: Hash of the data that it was trained on.
        features: Names of the features, ``n_features`` of them; by default the columns of the data frame
            that an estimator was fitted on.
        categories: Columns of texts, each of which is several features, in order: ``name``, ``first``,
            ``labels``. Predictions then take rows in which such a column is one, and holds texts.
        filled: Columns of numbers in which cells may be missing: ``feature``, ``median``, ``indicator``.
            Predictions then fill them, and take rows without the indicators.
        rules: The rules by which its table was read. Predictions then read texts and dates alike.
        binned: Features of numbers that have bins: predictions then take rows without the bins.
        about: Further facts to keep with it.

    Raises:
        SettingError: There is no network, or what goes with it does not fit.
        ModelFileError: The file cannot be written.
    """
    networks = _networks(model)
    features = getattr(model, "feature_names_in_", None) if features is None else features
    tensors = members_to_tensors(networks)
    n_features = networks[0].sizes[0]
    scaling = None if scaler is None else as_scaling(scaler, n_features)
    tensors |= scaling.tensors() if scaling else {}
    if features is not None and len(features) != n_features:
        raise SettingError("features", f"expected {n_features} names, found {len(features)}")
    card = {**members_to_card(networks), "metrics": _checked(metrics or {}), "versions": program_versions()}
    card["categories"] = categories_to_json(as_categories(categories, n_features))
    rarer: dict[str, list[Json]] = {
        "clipped": list(scaling.clipped) if scaling else [],
        "binned": binned_to_json(as_binned(binned, n_features)),
        "filled": fill_rules_to_json(as_fill_rules(filled, n_features)),
    }
    card |= {name: entries for name, entries in rarer.items() if entries}
    if rules is not None:
        card["rules"] = rules.to_json()
    card |= {"data_hash": data_hash, "features": None if features is None else list(map(str, features))}
    write_tensors(path, tensors, kind=KIND, card={**card, "about": dict(about or {})})


def _networks(model: Any) -> list[Network | SavedEstimator]:
    """Return the members of what is to be saved."""
    networks = list(model) if isinstance(model, list | tuple) else [getattr(model, "network_", model)]
    for network in networks:
        if not isinstance(network, Network | SavedEstimator):
            raise SettingError("model", f"expected a network or a fitted estimator, found {network!r}")
    _check_alike(networks)
    return networks


def load_model(path: str | os.PathLike[str]) -> LoadedModel:
    """Read a file that ``save_model`` wrote; nothing in a file is ever run.

    Args:
        path: The file.

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
    except (DataError, SettingError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path}: not a model that can be: {error}") from error


def _check_alike(networks: Sequence[Network | SavedEstimator]) -> None:
    Ensemble(networks)
    for network in networks:
        if network.sizes[0] != networks[0].sizes[0]:
            raise SettingError(
                "model", f"expected networks of {networks[0].sizes[0]} features, found {network.sizes[0]}"
            )


def _checked(metrics: Mapping[str, JsonScalar]) -> dict[str, JsonScalar]:
    for name, number in metrics.items():
        if isinstance(number, float) and not math.isfinite(number):
            raise SettingError("metrics", f"expected finite numbers, found {name} = {number!r}")
    return dict(metrics)


def _model(file: TensorFile) -> LoadedModel:
    card, tensors = file.card, dict(file.tensors)
    classes = np.arange(0) if card["classes"] is None else labels_from_json(card["classes"])
    networks = members_from(card, tensors, classes)
    _check_alike(networks)
    n_features = networks[0].sizes[0]
    scaler = taken_scaling(tensors, clipped=card.get("clipped", ()), n_features=n_features)
    if tensors:
        raise SettingError("tensors", f"expected no others, found {sorted(tensors)}")
    features = card.get("features")
    model = LoadedModel(
        networks=tuple(networks),
        scaler=scaler,
        features=None if features is None else tuple(features),
        categories=categories_from_json(card.get("categories", []), n_features),
        filled=fill_rules_from_json(card.get("filled", []), n_features),
        binned=binned_from_json(card.get("binned", []), n_features),
        rules=TableRules.from_json(card["rules"]) if "rules" in card else None,
        data_hash=card["data_hash"],
        metrics=card["metrics"],
        about=card.get("about", {}),
        versions=card["versions"],
    )
    model.layout.names  # noqa: B018 - it refuses columns that overlap
    return model
