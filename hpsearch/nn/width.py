"""How many lanes to train side by side."""

from hpsearch.nn.config import MLPConfig
from hpsearch.nn.layout import Layout
from hpsearch.nn.optimizers import OPTIMIZERS

CACHE_BYTES = 1 << 20
WIDEST = 16


def stack_width(config: MLPConfig, n_features: int, n_classes: int) -> int:
    """PLACEHOLDER."""
    layout = Layout(sizes=(n_features, *config.hidden, n_classes))
    arrays = 3 + OPTIMIZERS[config.optimizer].n_moments
    activations = config.batch_size * (n_features + 3 * sum(config.hidden) + 2 * n_classes)
    lane_bytes = 4 * (arrays * layout.n_parameters + activations)
    return max(1, min(WIDEST, CACHE_BYTES // lane_bytes))
