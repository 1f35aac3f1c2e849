"""Metrics: what is measured on rows, one metric a file."""

from collections.abc import Mapping

from hpsearch.metrics.accuracy import ACCURACY
from hpsearch.metrics.balanced_accuracy import BALANCED_ACCURACY
from hpsearch.metrics.f1 import F1
from hpsearch.metrics.log_loss import LOG_LOSS
from hpsearch.metrics.mae import MAE
from hpsearch.metrics.measure import Measure
from hpsearch.metrics.metric import Metric, Predicted, PredictionKind, Truth
from hpsearch.metrics.r2 import R2
from hpsearch.metrics.rmse import RMSE
from hpsearch.metrics.roc_auc import ROC_AUC

METRICS: Mapping[str, Metric] = {
    "accuracy": ACCURACY,
    "balanced_accuracy": BALANCED_ACCURACY,
    "f1": F1,
    "log_loss": LOG_LOSS,
    "roc_auc": ROC_AUC,
    "r2": R2,
    "rmse": RMSE,
    "mae": MAE,
}
"""Name -> metric; first metrics of classes, then metrics of numbers."""

__all__ = ["METRICS", "Measure", "Metric", "Predicted", "PredictionKind", "Truth"]
