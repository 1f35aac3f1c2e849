"""One model, nursed: a training that a person watches and steers, beside the many trials of a search."""

from hpsearch.nursing.export import save_nursed
from hpsearch.nursing.nursing import Nursing
from hpsearch.nursing.replay import NursingReplay, replay_nursings
from hpsearch.nursing.requests import (
    InterventionError,
    InterventionRequest,
    ScriptLine,
    expect_reason,
    read_request,
)
from hpsearch.nursing.start import begun, nurse

__all__ = [
    "InterventionError",
    "InterventionRequest",
    "Nursing",
    "NursingReplay",
    "ScriptLine",
    "begun",
    "expect_reason",
    "nurse",
    "read_request",
    "replay_nursings",
    "save_nursed",
]
