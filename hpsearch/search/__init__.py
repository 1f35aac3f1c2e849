"""The search: pure functions of a study and its history.

The history (trials as columns), the sampling of new trials (rounds, boxes, TPE), the rungs at which a trial
stops early, the rules that end a study, the confirmation of the winner, and statistics of what was found.
"""

from hpsearch.search.confirmation.finalists import finalists, ranking, winner
from hpsearch.search.confirmation.gaussian_process import smoothed
from hpsearch.search.confirmation.race import DEFAULT, RULE, Candidate, Standing
from hpsearch.search.confirmation.verdict import EnsembleScore, Verdict
from hpsearch.search.digest import history_digests, study_digest, trial_digest
from hpsearch.search.history import History, TrialState, may_start
from hpsearch.search.importance import Importance, importances
from hpsearch.search.plan import ConfirmPlan, Plan, SearchPlan
from hpsearch.search.rungs import Rung, agreement, judge, rungs, thresholds
from hpsearch.search.sampling.box import Box, next_box
from hpsearch.search.sampling.stages import Proposal
from hpsearch.search.stage import PROPOSED, Stage
from hpsearch.search.stop import Stopped, StopRule, stop_rule, time_is_up

__all__ = [
    "DEFAULT",
    "PROPOSED",
    "RULE",
    "Box",
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
    "Standing",
    "StopRule",
    "Stopped",
    "TrialState",
    "Verdict",
    "agreement",
    "finalists",
    "history_digests",
    "importances",
    "judge",
    "may_start",
    "next_box",
    "ranking",
    "rungs",
    "smoothed",
    "stop_rule",
    "study_digest",
    "thresholds",
    "time_is_up",
    "trial_digest",
    "winner",
]
