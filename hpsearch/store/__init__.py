"""The ledger: all SQL of hpsearch."""

from hpsearch.store.address import masked
from hpsearch.store.columns import Known
from hpsearch.store.control import RefusedError
from hpsearch.store.ledger import LEASE_S, Ledger, opened
from hpsearch.store.records import (
    Beat,
    Claim,
    Delivery,
    Result,
    Schedule,
    Status,
    Study,
    TrialRow,
    WorkerIdentity,
)
from hpsearch.store.rows import ExportRow
from hpsearch.store.studies import StaleTermsError, Terms
from hpsearch.store.tables import Control

__all__ = [
    "LEASE_S",
    "Beat",
    "Claim",
    "Control",
    "Delivery",
    "ExportRow",
    "Known",
    "Ledger",
    "RefusedError",
    "Result",
    "Schedule",
    "StaleTermsError",
    "Status",
    "Study",
    "Terms",
    "TrialRow",
    "WorkerIdentity",
    "masked",
    "opened",
]
