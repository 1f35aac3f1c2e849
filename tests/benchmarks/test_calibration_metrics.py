"""The interval of every metric covers as often as it says."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from calibration_metrics import covered

from hpsearch.metrics import METRICS


@pytest.mark.sampled
@pytest.mark.parametrize("name", METRICS)
def test_intervals_cover(name):
    """Of 300 studies with 300 rows and five networks 91 to 99 % cover: three standard errors around 95 %."""
    share, width = covered(METRICS[name], rows=300, seeds=5, studies=300)
    assert 0.91 <= share <= 0.99
    assert width > 0
