"""The figures of the gallery by name, in its order; a file is named after each."""

from look import Plate

from figures.activations import ACTIVATION_PLATE
from figures.batch_norm import BATCH_NORM_PLATE
from figures.gradients import GRADIENT_PLATE
from figures.optimizers import OPTIMIZER_PLATE
from figures.overfitting import OVERFITTING_PLATE

PLATES: dict[str, Plate] = {
    "optimizers": OPTIMIZER_PLATE,
    "activations": ACTIVATION_PLATE,
    "gradients": GRADIENT_PLATE,
    "batch_norm": BATCH_NORM_PLATE,
    "overfitting": OVERFITTING_PLATE,
}

__all__ = ["PLATES"]
