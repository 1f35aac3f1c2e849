"""A network from the entries of a model file."""

from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from hpsearch.nn.config import SettingError, whole_number
from hpsearch.nn.files.json import as_tuples, saved_config
from hpsearch.nn.network import Network


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
