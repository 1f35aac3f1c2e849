"""The width of a stack: how many lanes train side by side."""

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.layout import Layout
from hpsearch.nn.one_hot import Blocks
from hpsearch.nn.optimizers import OPTIMIZERS

CACHE_BYTES = 6 << 20
"""The memory that the lanes of a stack may occupy: about one core's share of the last-level cache.

Measured on a core with 1 MiB of second-level and a share of 32 MiB of third-level cache, in microseconds a
lane and step: 64-64-64-10, batch 64 (0.3 MiB a lane): 118 alone, 78 at 4 lanes, 69 at 16, 68 at 32, 70 at
64; 784-100-10, batch 100 (1.9 MiB): 603 alone, 579 at 4, 605 at 8, 653 at 16; 784-512-512-10, batch 128
(15 MiB): 6085 alone, 6494 at 4. So calls saved outweigh the second-level cache; the third sets the limit.
"""

WIDEST = 32
"""More lanes save nothing more: softmax regression on 64 features gains 10 % from 32 to 64, others lose."""


def stack_width(config: MLPConfig, n_features: int, n_classes: int, *, blocks: Blocks = ()) -> int:
    """Return how many lanes of this structure train fastest side by side, 1 or more.

    Parameters, gradients, the penalty's scratch, the optimizer's moments and the activations of all lanes
    should stay in cache. The width never changes a result.

    Args:
        config: Any lane's settings; only its structure matters.
        n_features: Features of a row.
        n_classes: Classes.
        blocks: The features that are the categories of one column.

    Example:
        >>> stack_width(MLPConfig(hidden=(512, 512), batch_size=128), 784, 10)
        1
    """
    n_bytes = lane_bytes(config, n_features, n_classes, blocks=blocks, rows=config.batch_size)
    return max(1, min(WIDEST, CACHE_BYTES // n_bytes))


def lane_bytes(config: MLPConfig, n_features: int, n_classes: int, *, blocks: Blocks = (), rows: int) -> int:
    """Return the bytes of a lane of this structure in training.

    Args:
        config: Its settings.
        n_features: Features of a row.
        n_classes: Classes.
        blocks: The features that are the categories of one column.
        rows: Rows of a batch.
    """
    layout = Layout.of(config, n_features=n_features, n_outputs=n_classes, blocks=blocks)
    arrays = 3 + OPTIMIZERS[config.optimizer].n_moments
    inputs = n_features + (layout.widths[0] + layout.n_vectors if layout.blocks else 0)
    activations = rows * (inputs + 3 * sum(config.hidden) + 2 * n_classes)
    return 4 * (arrays * layout.n_parameters + activations)
