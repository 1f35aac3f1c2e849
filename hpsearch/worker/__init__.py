"""The loop of one worker: claim, train, report, finish."""

from hpsearch.worker.data.contract import confirm_terms, search_terms
from hpsearch.worker.data.locate import carry_data, find_data, load_data, own_data
from hpsearch.worker.identity import unlike_first
from hpsearch.worker.loop.loop import Loop
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.delivery import deliver
from hpsearch.worker.outcome.model_export import MODELS, FoundModel, save_networks
from hpsearch.worker.outcome.replay import Replay, replay
from hpsearch.worker.process import run_worker, store_verdict
from hpsearch.worker.session import Settled, await_study, make_objective, work

__all__ = [
    "MODELS",
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
    "store_verdict",
    "unlike_first",
    "work",
]
