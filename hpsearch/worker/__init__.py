"""The loop of one worker: claim, train, report, finish."""

from hpsearch.worker.data.contract import as_begun, search_terms
from hpsearch.worker.data.difference import expect_same_data
from hpsearch.worker.data.inputs import FoundInputs, LeaveError, read_inputs
from hpsearch.worker.data.locate import carry_data, load_data, own_data, with_data
from hpsearch.worker.identity import expect_alike, unlike_first
from hpsearch.worker.loop.stop import Aborted, Stop
from hpsearch.worker.outcome.model_export import save_study_model
from hpsearch.worker.outcome.replay import replay
from hpsearch.worker.process import run_worker, store_verdict
from hpsearch.worker.session import await_study, work

__all__ = [
    "Aborted",
    "FoundInputs",
    "LeaveError",
    "Stop",
    "as_begun",
    "await_study",
    "carry_data",
    "expect_alike",
    "expect_same_data",
    "load_data",
    "own_data",
    "read_inputs",
    "replay",
    "run_worker",
    "save_study_model",
    "search_terms",
    "store_verdict",
    "unlike_first",
    "with_data",
    "work",
]
