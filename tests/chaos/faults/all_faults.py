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
}
"""Name -> fault."""
