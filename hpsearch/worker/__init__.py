"""The loop of one worker: claim, train, report, finish."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.worker.call import run_worker as run_worker
    from hpsearch.worker.data.contract import as_begun as as_begun
    from hpsearch.worker.data.contract import search_terms as search_terms
    from hpsearch.worker.data.difference import expect_same_data as expect_same_data
    from hpsearch.worker.data.inputs import FoundInputs as FoundInputs
    from hpsearch.worker.data.inputs import LeaveError as LeaveError
    from hpsearch.worker.data.inputs import read_inputs as read_inputs
    from hpsearch.worker.data.locate import carry_data as carry_data
    from hpsearch.worker.data.locate import load_data as load_data
    from hpsearch.worker.data.locate import own_data as own_data
    from hpsearch.worker.data.locate import with_data as with_data
    from hpsearch.worker.identity import expect_alike as expect_alike
    from hpsearch.worker.identity import unlike_first as unlike_first
    from hpsearch.worker.loop.stop import Aborted as Aborted
    from hpsearch.worker.loop.stop import Stop as Stop
    from hpsearch.worker.outcome.model_export import save_study_model as save_study_model
    from hpsearch.worker.outcome.replay import replay as replay
    from hpsearch.worker.process import store_verdict as store_verdict
    from hpsearch.worker.session import await_study as await_study
    from hpsearch.worker.session import work as work

_HOMES = {
    "Aborted": "hpsearch.worker.loop.stop",
    "FoundInputs": "hpsearch.worker.data.inputs",
    "LeaveError": "hpsearch.worker.data.inputs",
    "Stop": "hpsearch.worker.loop.stop",
    "as_begun": "hpsearch.worker.data.contract",
    "await_study": "hpsearch.worker.session",
    "carry_data": "hpsearch.worker.data.locate",
    "expect_alike": "hpsearch.worker.identity",
    "expect_same_data": "hpsearch.worker.data.difference",
    "load_data": "hpsearch.worker.data.locate",
    "own_data": "hpsearch.worker.data.locate",
    "read_inputs": "hpsearch.worker.data.inputs",
    "replay": "hpsearch.worker.outcome.replay",
    "run_worker": "hpsearch.worker.call",
    "save_study_model": "hpsearch.worker.outcome.model_export",
    "search_terms": "hpsearch.worker.data.contract",
    "store_verdict": "hpsearch.worker.process",
    "unlike_first": "hpsearch.worker.identity",
    "with_data": "hpsearch.worker.data.locate",
    "work": "hpsearch.worker.session",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
