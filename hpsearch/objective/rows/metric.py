"""The metric of a study of networks."""

from hpsearch.metrics import METRICS, Metric
from hpsearch.study_file import StudySpec


def row_metric(spec: StudySpec) -> Metric:
    """Return the metric of a study of networks, which is computed from rows."""
    return METRICS[spec.metric.name]
