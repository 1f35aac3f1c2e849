"""The ledger: all SQL of hpsearch."""

from hpsearch.store.address import masked
from hpsearch.store.columns import Known
from hpsearch.store.ledger import Ledger, opened
from hpsearch.store.records import Claim, Delivery, Result, Schedule, Status, Study, TrialRow, WorkerIdentity
from hpsearch.store.studies import Terms

__all__ = [
    "Claim",
    "Delivery",
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
