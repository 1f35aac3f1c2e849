"""The ledger: all SQL of hpsearch."""

from hpsearch.store.address import masked
from hpsearch.store.at_work import AtWork, InHand
from hpsearch.store.backup import backup as backup_database
from hpsearch.store.check import Finding
from hpsearch.store.check import check as check_database
from hpsearch.store.checkpoints import Saved
from hpsearch.store.columns import Known
from hpsearch.store.control import RefusedError
from hpsearch.store.database import Database
from hpsearch.store.environments import BITS, differences, mixtures
from hpsearch.store.events import Event, EventKind
from hpsearch.store.ledger import LEASE_S, Ledger, opened
from hpsearch.store.origins import Origins
from hpsearch.store.portable import Book
from hpsearch.store.progress import DELIVER, Progress
from hpsearch.store.reader import Reader
from hpsearch.store.records import Beat, Claim, Result, Schedule, Spent, Study, WorkerIdentity, spec_of
from hpsearch.store.rows import ExportRow
from hpsearch.store.schema import REVISIONS, current_schema, upgrade_schema
from hpsearch.store.studies import StaleTermsError, Terms
from hpsearch.store.sweep import look_after
from hpsearch.store.tables import Control
from hpsearch.store.timesheets import Activity, WorkerRow
from hpsearch.store.transfer import Parcel, portable_path, renamed
from hpsearch.store.views import Delivery, Round, Status, TrialRow
from hpsearch.store.vitals import Vitals

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
