"""Checkpoints as files: one lane a file, without pickle."""

import os

import numpy as np

from hpsearch.nn.cards import as_tuples, config_from_json, config_to_json
from hpsearch.nn.checkpoint import Checkpoint
from hpsearch.nn.config import SettingError, whole_number
from hpsearch.nn.tensor_file import ModelFileError, TensorFile, read_tensors, write_tensors
from hpsearch.types import Json

KIND = "checkpoint"
ARRAYS = ("parameters", "moments", "order", "order_bits", "dropout_bits")


def save_checkpoint(checkpoint: Checkpoint, path: str | os.PathLike[str]) -> None:
    """Write the state of a lane to one ``.safetensors`` file.

    Raises:
        ModelFileError: The file cannot be written.
    """
    tensors = {name: np.ascontiguousarray(getattr(checkpoint, name)) for name in ARRAYS}
    tensors["first_loss"] = np.array([checkpoint.first_loss])
    card: dict[str, Json] = {
        "config": config_to_json(checkpoint.config),
        "step": checkpoint.step,
        "epoch": checkpoint.epoch,
        "sizes": checkpoint.sizes,
        "blocks": checkpoint.blocks,
    }
    write_tensors(path, tensors, kind=KIND, card=card)


def load_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Read what ``save_checkpoint`` wrote, bit for bit; nothing in a file is ever run.

    Raises:
        ModelFileError: The file is missing, cut short, altered, of another version or not a checkpoint.
    """
    file = read_tensors(path, kind=KIND)
    try:
        return _checkpoint(file)
    except KeyError as error:
        raise ModelFileError(f"{path}: expected {error.args[0]} in a checkpoint, found none") from error
    except (SettingError, TypeError, ValueError) as error:
        raise ModelFileError(f"{path}: not a checkpoint that can be: {error}") from error


def _checkpoint(file: TensorFile) -> Checkpoint:
    card, tensors = file.card, file.tensors
    return Checkpoint(
        config=config_from_json(card["config"]),
        step=whole_number("step", card["step"], least=0),
        epoch=whole_number("epoch", card["epoch"], least=0),
        sizes=tuple(whole_number("sizes", size) for size in card["sizes"]),
        blocks=as_tuples(card.get("blocks", [])),
        first_loss=float(tensors["first_loss"][0]),
        **{name: tensors[name] for name in ARRAYS},
    )
