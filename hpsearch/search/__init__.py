"""The search: pure functions of a study and its history.

The history (trials as columns), the sampling of new trials (rounds, boxes, TPE, a Gaussian process), the
rungs at which a trial stops early, the rules that end a study, the confirmation of the winner, and statistics
of what was found.
"""

from hpsearch.search.confirmation.finalists import ranking, winner
from hpsearch.search.confirmation.race import DEFAULT, RULE, Candidate
from hpsearch.search.confirmation.verdict import BaselineScore, EnsembleScore, Verdict
from hpsearch.search.digest import fingerprint, history_digests, study_digest, trial_digest
from hpsearch.search.history import History, TrialState, may_start
from hpsearch.search.importance import RESULTS_MOST, Importance, importances
from hpsearch.search.plan import ConfirmPlan, Plan, SearchPlan
from hpsearch.search.rungs import Rung, agreement, judge
from hpsearch.search.sampling.stages import Proposal
from hpsearch.search.stage import MODEL_NAMES, PROPOSED, Stage
from hpsearch.search.stop import Stopped, StopRule, may_stop, stop_rule, time_is_up

__all__ = [
    "DEFAULT",
    "MODEL_NAMES",
    "PROPOSED",
    "RESULTS_MOST",
    "RULE",
    "BaselineScore",
    "Candidate",
    "ConfirmPlan",
    "EnsembleScore",
    "History",
    "Importance",
    "Plan",
    "Proposal",
    "Rung",
    "SearchPlan",
    "Stage",
    "StopRule",
    "Stopped",
    "TrialState",
    "Verdict",
    "agreement",
    "fingerprint",
    "history_digests",
    "importances",
    "judge",
    "may_start",
    "may_stop",
    "ranking",
    "stop_rule",
    "study_digest",
    "time_is_up",
    "trial_digest",
    "winner",
]
