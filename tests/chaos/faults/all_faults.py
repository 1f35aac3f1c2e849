"""The map of all faults: what a plan draws from."""

from tests.chaos.faults.database_faults import (
    Cut,
    CutCommit,
    Freeze,
    LockFile,
    LockStudy,
    Reset,
    RestartFast,
    RestartImmediate,
    Slices,
    Slow,
    TerminateBackends,
)
from tests.chaos.faults.neighbor_faults import ForeignRows, KillHelpers, KillTracker, NeighborDeleted
from tests.chaos.faults.process_faults import (
    HandBack,
    Join,
    KillAll,
    KillForkServer,
    KillLauncher,
    KillTrial,
    KillWorker,
    PauseWorker,
    StopAll,
    StopWorker,
    TakeAway,
)
from tests.chaos.faults.setting_faults import ChangeSettings, ForbidWrites

FAULTS = {
    "kill worker": KillWorker,
    "kill launcher": KillLauncher,
    "kill fork server": KillForkServer,
    "kill all": KillAll,
    "stop worker": StopWorker,
    "pause worker": PauseWorker,
    "stop all": StopAll,
    "hand back": HandBack,
    "take away": TakeAway,
    "join": Join,
    "lock file": LockFile,
    "lock study": LockStudy,
    "restart fast": RestartFast,
    "restart immediate": RestartImmediate,
    "terminate backends": TerminateBackends,
    "cut": Cut,
    "reset": Reset,
    "cut commit": CutCommit,
    "slow": Slow,
    "slices": Slices,
    "freeze": Freeze,
    "change settings": ChangeSettings,
    "forbid writes": ForbidWrites,
    "neighbor deleted": NeighborDeleted,
    "foreign rows": ForeignRows,
    "kill tracker": KillTracker,
    "kill helpers": KillHelpers,
    "kill trial": KillTrial,
}
"""Name -> fault."""


def faults_of(database, study):
    """Return the names of the faults that can happen to a study of a kind of objective on a database."""
    return [n for n, fault in FAULTS.items() if database in fault.databases and study in fault.studies]
