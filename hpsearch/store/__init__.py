"""The ledger: all SQL of hpsearch."""

from hpsearch.store.columns import Known
from hpsearch.store.database import masked
from hpsearch.store.ledger import Ledger, opened
from hpsearch.store.records import Claim, Delivery, Result, Schedule, Status, Study, TrialRow, WorkerIdentity
from hpsearch.store.rows import ExportRow
from hpsearch.store.studies import Terms

__all__ = [
    "Claim",
    "Delivery",
    "ExportRow",
    "Known",
    "Ledger",
    "Result",
    "Schedule",
    "Status",
    "Study",
    "Terms",
    "TrialRow",
    "WorkerIdentity",
    "masked",
    "opened",
]
