"""The members of a model file: networks or estimators to tensors and a card, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.estimators.columns import ColumnEncoding
from hpsearch.estimators.saved import SavedEstimator, missing_of
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.nn.files.category_columns import categories_from_json
from hpsearch.nn.files.filled_columns import fill_rules_from_json
from hpsearch.nn.files.json import as_tuples, config_to_json, labels_to_json, saved_config
from hpsearch.nn.network import Network
from hpsearch.types import Json

_ESTIMATORS = "estimators"


def members_to_tensors(members: Sequence[Network | SavedEstimator]) -> dict[str, NDArray[Any]]:
    """Return the tensors of the members of a file, by name."""
    estimators = [member for member in members if isinstance(member, SavedEstimator)]
    names = _names(len(members), "estimator" if estimators else "parameters")
    found = [
        np.frombuffer(member.content, np.uint8)
        if isinstance(member, SavedEstimator)
        else np.ascontiguousarray(member.parameters)
        for member in members
    ]
    return dict(zip(names, found, strict=True))


def members_to_card(members: Sequence[Network | SavedEstimator]) -> dict[str, Json]:
    """Return what a card says of its members: settings, sizes, and the classes that they predict.

    Raises:
        SettingError: Networks and estimators are mixed.
    """
    first = members[0]
    entries: list[dict[str, Json]] = []
    for member in members:
        if isinstance(member, SavedEstimator) != isinstance(first, SavedEstimator):
            raise SettingError("model", "expected networks or estimators, found both")
        if isinstance(member, SavedEstimator):
            entries.append({"name": member.name, "encoding": member.encoding.kind, "sizes": member.sizes})
        else:
            config = config_to_json(member.config)
            entries.append({"config": config, "sizes": member.sizes, "blocks": member.blocks})
    card: dict[str, Json] = {"classes": None if first.predicts_values else labels_to_json(first.classes)}
    if isinstance(first, SavedEstimator):
        return {**card, _ESTIMATORS: entries}
    return {**card, **(entries[0] if len(entries) == 1 else {"networks": entries})}


def members_from(
    card: Mapping[str, Any], tensors: dict[str, NDArray[Any]], classes: NDArray[Any]
) -> list[Network | SavedEstimator]:
    """Return the members of a file.

    Args:
        card: Its card.
        tensors: Its tensors; the members are taken out of them.
        classes: The labels that they predict.

    Raises:
        KeyError, SettingError, TypeError, ValueError: They are none of one model.
    """
    if _ESTIMATORS in card:
        entries = card[_ESTIMATORS]
        names = _names(len(entries), "estimator")
        return [
            saved_estimator(card, entry, tensors.pop(name), classes)
            for name, entry in zip(names, entries, strict=True)
        ]
    entries = card.get("networks", [card])
    names = _names(len(entries), "parameters")
    return [
        saved_network(entry, tensors.pop(name), classes) for name, entry in zip(names, entries, strict=True)
    ]


def saved_estimator(
    card: Mapping[str, Any], entry: Mapping[str, Any], content: NDArray[Any], classes: NDArray[Any]
) -> SavedEstimator:
    """Return the estimator of an entry of a card; its package is imported when it first predicts."""
    n_features, _ = (whole_number("sizes", size) for size in entry["sizes"])
    categories = categories_from_json(card.get("categories", []), n_features)
    blocks = tuple((column.first, column.first + len(column.labels)) for column in categories)
    filled = fill_rules_from_json(card.get("filled", []), n_features)
    encoding = ColumnEncoding(entry["encoding"], blocks=blocks, missing=missing_of(filled))
    return SavedEstimator(
        content.tobytes(), name=str(entry["name"]), encoding=encoding, n_features=n_features, classes=classes
    )


def _names(n: int, kind: str) -> list[str]:
    """Return the names of the tensors of the members."""
    return [kind] if n == 1 else [f"{kind}.{place}" for place in range(n)]


def saved_network(card: Mapping[str, Any], parameters: NDArray[Any], classes: NDArray[Any]) -> Network:
    """Return the network of a card.

    Args:
        card: Its settings, sizes and blocks.
        parameters: Its parameters.
        classes: The labels of its outputs.

    Raises:
        KeyError, SettingError, TypeError, ValueError: They are none of one network.
    """
    sizes = tuple(whole_number("sizes", size) for size in card["sizes"])
    blocks = as_tuples(card.get("blocks", []))
    network = Network(
        config=saved_config(card["config"], sizes=sizes, blocks=blocks, n_parameters=parameters.size),
        sizes=sizes,
        blocks=blocks,
        parameters=parameters,
        classes=classes,
    )
    _check_network(network)
    return network


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
