"""The states of a trial as Optuna's tables name them."""

from hpsearch.search import TrialState

OPTUNA_STATES = {
    TrialState.RUNNING: "RUNNING",
    TrialState.COMPLETE: "COMPLETE",
    TrialState.PRUNED: "PRUNED",
    TrialState.FAILED: "FAIL",
    TrialState.WAITING: "WAITING",
}
"""State -> its name in the column ``trials.state``."""

STATES = {name: state for state, name in OPTUNA_STATES.items()}
"""The name in that column -> the state."""
