"""The loop of one worker: claim, train, report, finish."""

from hpsearch.worker.delivery import deliver
from hpsearch.worker.identity import unlike_first
from hpsearch.worker.loop import Loop
from hpsearch.worker.models import MODELS, FoundModel, save_networks
from hpsearch.worker.places import carry_data, find_data, load_data, own_data
from hpsearch.worker.process import run_worker, store_delivery
from hpsearch.worker.replay import Replay, replay
from hpsearch.worker.session import Settled, await_study, make_objective, work
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
    "await_study",
    "carry_data",
    "confirm_terms",
    "deliver",
    "find_data",
    "load_data",
    "make_objective",
    "own_data",
    "replay",
    "run_worker",
    "save_networks",
    "search_terms",
    "store_delivery",
    "unlike_first",
    "work",
]
