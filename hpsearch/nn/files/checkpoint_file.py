"""Checkpoint files: one lane each, as bytes or on disk, without pickle."""

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hpsearch.nn.config import SettingError, whole_number
from hpsearch.nn.files.json import as_tuples, config_to_json, saved_config
from hpsearch.nn.files.tensor_file import (
    ModelFileError,
    TensorFile,
    pack_tensors,
    read_tensors,
    unpack_tensors,
    write_tensors,
)
from hpsearch.nn.training.checkpoint import Checkpoint
from hpsearch.types import Json

KIND = "checkpoint"
LANES = "lanes"
ARRAYS = ("parameters", "moments", "order", "order_bits", "dropout_bits")


def save_checkpoint(checkpoint: Checkpoint, path: str | os.PathLike[str]) -> None:
    """Write the state of a lane to one ``.safetensors`` file.

    Raises:
        ModelFileError: The file cannot be written.
    """
    write_tensors(path, _tensors(checkpoint), kind=KIND, card=_card(checkpoint))


def checkpoint_to_bytes(checkpoint: Checkpoint) -> bytes:
    """Return the state of a lane as the bytes of a checkpoint file."""
    return pack_tensors(_tensors(checkpoint), kind=KIND, card=_card(checkpoint))


def lanes_to_bytes(lanes: Sequence[Checkpoint]) -> bytes:
    """Return the state of the lanes of a training as bytes; one lane has the bytes of a checkpoint.

    Args:
        lanes: One, or more of one config at one step, trained on equally many rows.
    """
    if len(lanes) == 1:
        return checkpoint_to_bytes(lanes[0])
    each = [_tensors(lane) for lane in lanes]
    stacked = {name: np.stack([tensors[name] for tensors in each]) for name in each[0]}
    return pack_tensors(stacked, kind=KIND, card={**_card(lanes[0]), LANES: len(lanes)})


def lanes_from_bytes(content: bytes, *, source: str) -> tuple[Checkpoint, ...]:
    """Return the lanes in bytes of ``lanes_to_bytes``, bit for bit; nothing in them is ever run.

    Args:
        content: The bytes.
        source: The origin of the bytes, for messages.

    Raises:
        ModelFileError: They are cut short, altered, of another version or no checkpoints.
    """
    file = unpack_tensors(content, kind=KIND, source=source)
    if LANES not in file.card:
        return (_checkpoint(file, source),)
    lanes = range(len(file.tensors["parameters"]) if "parameters" in file.tensors else 0)
    if len(lanes) != file.card[LANES] or any(len(stacked) != len(lanes) for stacked in file.tensors.values()):
        raise ModelFileError(f"{source}: expected the arrays of {file.card[LANES]} lanes, found others")
    parts = [{name: stacked[lane] for name, stacked in file.tensors.items()} for lane in lanes]
    return tuple(_checkpoint(file._replace(tensors=part), source) for part in parts)


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read a file that ``save_checkpoint`` wrote, bit for bit; nothing in a file is ever run.

    Raises:
        ModelFileError: The file is missing, cut short, altered, of another version or not a checkpoint.
    """
    return _checkpoint(read_tensors(path, kind=KIND), path)


def checkpoint_from_bytes(content: bytes, *, source: str) -> Checkpoint:
    """Return the checkpoint in bytes of ``checkpoint_to_bytes``, bit for bit; nothing in them is ever run.

    Args:
        content: The bytes.
        source: The origin of the bytes, for messages.

    Raises:
        ModelFileError: They are cut short, altered, of another version or not a checkpoint.
    """
    return _checkpoint(unpack_tensors(content, kind=KIND, source=source), source)


def _tensors(checkpoint: Checkpoint) -> dict[str, NDArray[Any]]:
    tensors = {name: np.ascontiguousarray(getattr(checkpoint, name)) for name in ARRAYS}
    return tensors | {"first_loss": np.array([checkpoint.first_loss])}


def _card(checkpoint: Checkpoint) -> dict[str, Json]:
    return {
        "config": config_to_json(checkpoint.config),
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "sizes": checkpoint.sizes,
        "blocks": checkpoint.blocks,
    }


def _checkpoint(file: TensorFile, source: str | os.PathLike[str]) -> Checkpoint:
    try:
        return _of(file)
    except KeyError as error:
        raise ModelFileError(f"{source}: expected {error.args[0]} in a checkpoint, found none") from error
    except (SettingError, TypeError, ValueError) as error:
        raise ModelFileError(f"{source}: not a checkpoint that can be: {error}") from error


def _of(file: TensorFile) -> Checkpoint:
    card, tensors = file.card, file.tensors
    sizes = tuple(whole_number("sizes", size) for size in card["sizes"])
    blocks = as_tuples(card.get("blocks", []))
    n_parameters = len(tensors["parameters"])
    return Checkpoint(
        config=saved_config(card["config"], sizes=sizes, blocks=blocks, n_parameters=n_parameters),
        step=whole_number("step", card["step"], least=0),
        epoch=whole_number("epoch", card["epoch"], least=0),
        sizes=sizes,
        blocks=blocks,
        first_loss=float(tensors["first_loss"][0]),
        **{name: tensors[name] for name in ARRAYS},
    )
