"""The ledger: all SQL of hpsearch."""

from hpsearch.store.attempts.checkpoints import Saved
from hpsearch.store.database.connection import Database
from hpsearch.store.database.url import masked
from hpsearch.store.ledger import LEASE_S, Ledger, opened
from hpsearch.store.reader import Reader
from hpsearch.store.reap import look_after
from hpsearch.store.records.records import (
    Beat,
    Claim,
    Result,
    Schedule,
    Spent,
    Study,
    WorkerIdentity,
    spec_of,
)
from hpsearch.store.records.views import Delivery, Round, Status, TrialRow
from hpsearch.store.schema.backup import backup as backup_database
from hpsearch.store.schema.integrity import Finding
from hpsearch.store.schema.integrity import check as check_database
from hpsearch.store.schema.tables import Control
from hpsearch.store.schema.versions import REVISIONS, current_schema, upgrade_schema
from hpsearch.store.status.active_workers import AtWork, InHand
from hpsearch.store.status.events import Event, EventKind
from hpsearch.store.status.overview import Vitals
from hpsearch.store.status.progress import DELIVER, Progress
from hpsearch.store.studies.control import RefusedError
from hpsearch.store.studies.opening import StaleTermsError, Terms
from hpsearch.store.transfer.pack import Parcel, portable_path, renamed
from hpsearch.store.transfer.rows import Book
from hpsearch.store.trials.export_rows import ExportRow
from hpsearch.store.trials.history import Known
from hpsearch.store.trials.metadata import Origins
from hpsearch.store.workers.activity import Activity, WorkerRow
from hpsearch.store.workers.environments import BITS, differences, mixtures

__all__ = [
    "BITS",
    "DELIVER",
    "LEASE_S",
    "REVISIONS",
    "Activity",
    "AtWork",
    "Beat",
    "Book",
    "Claim",
    "Control",
    "Database",
    "Delivery",
    "Event",
    "EventKind",
    "ExportRow",
    "Finding",
    "InHand",
    "Known",
    "Ledger",
    "Origins",
    "Parcel",
    "Progress",
    "Reader",
    "RefusedError",
    "Result",
    "Round",
    "Saved",
    "Schedule",
    "Spent",
    "StaleTermsError",
    "Status",
    "Study",
    "Terms",
    "TrialRow",
    "Vitals",
    "WorkerIdentity",
    "WorkerRow",
    "backup_database",
    "check_database",
    "current_schema",
    "differences",
    "look_after",
    "masked",
    "mixtures",
    "opened",
    "portable_path",
    "renamed",
    "spec_of",
    "upgrade_schema",
]
