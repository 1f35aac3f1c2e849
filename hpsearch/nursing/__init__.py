"""One model, nursed: a training that a person watches and steers, beside the many trials of a search."""

from hpsearch.nursing.export import save_nursed
from hpsearch.nursing.nursing import Nursing
from hpsearch.nursing.replay import NursingReplay, replay_nursings
from hpsearch.nursing.requests import InterventionError, InterventionRequest, ScriptLine, read_request
from hpsearch.nursing.start import begun, nurse

__all__ = [
    "InterventionError",
    "InterventionRequest",
    "Nursing",
    "NursingReplay",
    "ScriptLine",
    "begun",
    "nurse",
    "read_request",
    "replay_nursings",
    "save_nursed",
]
