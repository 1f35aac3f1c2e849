"""The loop of one worker: claim, train, report, finish."""

from hpsearch.worker.delivery import deliver
from hpsearch.worker.loop import Loop
from hpsearch.worker.models import MODELS, FoundModel, save_networks
from hpsearch.worker.process import run_worker, store_delivery
from hpsearch.worker.replay import Replay, replay
from hpsearch.worker.session import Settled, load_data, make_objective, work
from hpsearch.worker.stop import NOTICE_S, Aborted, Stop
from hpsearch.worker.terms import confirm_terms, search_terms

__all__ = [
    "MODELS",
    "NOTICE_S",
    "Aborted",
    "FoundModel",
    "Loop",
    "Replay",
    "Settled",
    "Stop",
    "confirm_terms",
    "deliver",
    "load_data",
    "make_objective",
    "replay",
    "run_worker",
    "save_networks",
    "search_terms",
    "store_delivery",
    "work",
]
