"""The ledger: all SQL of hpsearch."""

from hpsearch.store.attempts.checkpoints import StoredCheckpoint
from hpsearch.store.attempts.study_row import StudyRow
from hpsearch.store.database.connection import Database
from hpsearch.store.database.url import masked, sqlite_address
from hpsearch.store.foreign.trials import curve_steps
from hpsearch.store.ledger import Ledger, opened, previewed
from hpsearch.store.nursings.records import (
    HeldNursing,
    Intervention,
    NursedEpoch,
    NursingPlan,
    NursingRow,
    StaleNursingError,
)
from hpsearch.store.reader import Reader
from hpsearch.store.records.records import (
    Claim,
    Maker,
    Result,
    Spent,
    Study,
    WorkerIdentity,
    expect_search,
)
from hpsearch.store.schema.backup import backup as backup_database
from hpsearch.store.schema.integrity import check as check_database
from hpsearch.store.schema.nursing_tables import InterventionKind, NursingState
from hpsearch.store.schema.tables import Control
from hpsearch.store.schema.versions import REVISIONS, current_schema, upgrade_schema
from hpsearch.store.status.active_workers import ActiveWorker
from hpsearch.store.status.events import Event, EventKind
from hpsearch.store.status.overview import StudyOverview
from hpsearch.store.status.snapshot import Snapshot
from hpsearch.store.status.status import Status
from hpsearch.store.studies.control import RefusedError
from hpsearch.store.studies.find import StaleTermsError, Terms
from hpsearch.store.transfer.anonymous import anonymous, ordinals
from hpsearch.store.transfer.pack import StudyDump, portable_path, renamed
from hpsearch.store.transfer.records import StudyRecords
from hpsearch.store.trials.durations import ClaimDuration
from hpsearch.store.trials.export_rows import ExportRow
from hpsearch.store.trials.history import KnownHistory
from hpsearch.store.trials.metadata import TrialMetadata
from hpsearch.store.trials.trial_row import Round, TrialRow
from hpsearch.store.workers.activity import Activity, WorkerRow
from hpsearch.store.workers.environments import BITS, differences, mixtures

__all__ = [
    "BITS",
    "REVISIONS",
    "ActiveWorker",
    "Activity",
    "Claim",
    "ClaimDuration",
    "Control",
    "Database",
    "Event",
    "EventKind",
    "ExportRow",
    "HeldNursing",
    "Intervention",
    "InterventionKind",
    "KnownHistory",
    "Ledger",
    "Maker",
    "NursedEpoch",
    "NursingPlan",
    "NursingRow",
    "NursingState",
    "Reader",
    "RefusedError",
    "Result",
    "Round",
    "Snapshot",
    "Spent",
    "StaleNursingError",
    "StaleTermsError",
    "Status",
    "StoredCheckpoint",
    "Study",
    "StudyDump",
    "StudyOverview",
    "StudyRecords",
    "StudyRow",
    "Terms",
    "TrialMetadata",
    "TrialRow",
    "WorkerIdentity",
    "WorkerRow",
    "anonymous",
    "backup_database",
    "check_database",
    "current_schema",
    "curve_steps",
    "differences",
    "expect_search",
    "masked",
    "mixtures",
    "opened",
    "ordinals",
    "portable_path",
    "previewed",
    "renamed",
    "sqlite_address",
    "upgrade_schema",
]
