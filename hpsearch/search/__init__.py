"""The search: pure functions of a study and its history.

The history (trials as columns), the sampling of new trials (rounds, boxes, TPE, a Gaussian process), the
rungs at which a trial stops early, the rules that end a study, the confirmation of the winner, and statistics
of what was found.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.search.confirmation.finalists import ranking as ranking
    from hpsearch.search.confirmation.finalists import winner as winner
    from hpsearch.search.confirmation.race import DEFAULT as DEFAULT
    from hpsearch.search.confirmation.race import RULE as RULE
    from hpsearch.search.confirmation.race import Candidate as Candidate
    from hpsearch.search.confirmation.smoothing import expected_values as expected_values
    from hpsearch.search.confirmation.verdict import BaselineScore as BaselineScore
    from hpsearch.search.confirmation.verdict import EnsembleScore as EnsembleScore
    from hpsearch.search.confirmation.verdict import Verdict as Verdict
    from hpsearch.search.digest import fingerprint as fingerprint
    from hpsearch.search.digest import history_digests as history_digests
    from hpsearch.search.digest import study_digest as study_digest
    from hpsearch.search.digest import trial_digest as trial_digest
    from hpsearch.search.history import History as History
    from hpsearch.search.history import TrialState as TrialState
    from hpsearch.search.history import may_start as may_start
    from hpsearch.search.importance import RESULTS_LEAST as RESULTS_LEAST
    from hpsearch.search.importance import RESULTS_MOST as RESULTS_MOST
    from hpsearch.search.importance import Importance as Importance
    from hpsearch.search.importance import importances as importances
    from hpsearch.search.plan import ConfirmPlan as ConfirmPlan
    from hpsearch.search.plan import Plan as Plan
    from hpsearch.search.plan import SearchPlan as SearchPlan
    from hpsearch.search.rungs import Rung as Rung
    from hpsearch.search.rungs import agreement as agreement
    from hpsearch.search.rungs import judge as judge
    from hpsearch.search.sampling.stages import Proposal as Proposal
    from hpsearch.search.stage import MODEL_NAMES as MODEL_NAMES
    from hpsearch.search.stage import PROPOSED as PROPOSED
    from hpsearch.search.stage import Stage as Stage
    from hpsearch.search.stop import Stopped as Stopped
    from hpsearch.search.stop import StopRule as StopRule
    from hpsearch.search.stop import may_stop as may_stop
    from hpsearch.search.stop import stop_rule as stop_rule
    from hpsearch.search.stop import time_is_up as time_is_up

_HOMES = {
    "BaselineScore": "hpsearch.search.confirmation.verdict",
    "Candidate": "hpsearch.search.confirmation.race",
    "ConfirmPlan": "hpsearch.search.plan",
    "DEFAULT": "hpsearch.search.confirmation.race",
    "EnsembleScore": "hpsearch.search.confirmation.verdict",
    "History": "hpsearch.search.history",
    "Importance": "hpsearch.search.importance",
    "MODEL_NAMES": "hpsearch.search.stage",
    "PROPOSED": "hpsearch.search.stage",
    "Plan": "hpsearch.search.plan",
    "Proposal": "hpsearch.search.sampling.stages",
    "RESULTS_LEAST": "hpsearch.search.importance",
    "RESULTS_MOST": "hpsearch.search.importance",
    "RULE": "hpsearch.search.confirmation.race",
    "Rung": "hpsearch.search.rungs",
    "SearchPlan": "hpsearch.search.plan",
    "Stage": "hpsearch.search.stage",
    "StopRule": "hpsearch.search.stop",
    "Stopped": "hpsearch.search.stop",
    "TrialState": "hpsearch.search.history",
    "Verdict": "hpsearch.search.confirmation.verdict",
    "agreement": "hpsearch.search.rungs",
    "expected_values": "hpsearch.search.confirmation.smoothing",
    "fingerprint": "hpsearch.search.digest",
    "history_digests": "hpsearch.search.digest",
    "importances": "hpsearch.search.importance",
    "judge": "hpsearch.search.rungs",
    "may_start": "hpsearch.search.history",
    "may_stop": "hpsearch.search.stop",
    "ranking": "hpsearch.search.confirmation.finalists",
    "stop_rule": "hpsearch.search.stop",
    "study_digest": "hpsearch.search.digest",
    "time_is_up": "hpsearch.search.stop",
    "trial_digest": "hpsearch.search.digest",
    "winner": "hpsearch.search.confirmation.finalists",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
