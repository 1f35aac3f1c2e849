"""The confirmation of a study of Optuna's: its best trials run again on fresh seeds."""

from hpsearch.confirmation.confirm import confirm
from hpsearch.confirmation.result import ConfirmedStudy, ConfirmingRun, RacedTrial
from hpsearch.confirmation.seeded_trial import SeededTrial

__all__ = ["ConfirmedStudy", "ConfirmingRun", "RacedTrial", "SeededTrial", "confirm"]
