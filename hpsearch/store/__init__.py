"""The ledger: all SQL of hpsearch."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hpsearch.store.attempts.checkpoints import StoredCheckpoint as StoredCheckpoint
    from hpsearch.store.attempts.study_row import StudyRow as StudyRow
    from hpsearch.store.database.connection import Database as Database
    from hpsearch.store.database.url import address_flag as address_flag
    from hpsearch.store.database.url import masked as masked
    from hpsearch.store.database.url import sqlite_address as sqlite_address
    from hpsearch.store.foreign.trials import curve_steps as curve_steps
    from hpsearch.store.ledger import Ledger as Ledger
    from hpsearch.store.ledger import opened as opened
    from hpsearch.store.ledger import previewed as previewed
    from hpsearch.store.nursings.records import HeldNursing as HeldNursing
    from hpsearch.store.nursings.records import Intervention as Intervention
    from hpsearch.store.nursings.records import NursedEpoch as NursedEpoch
    from hpsearch.store.nursings.records import NursingPlan as NursingPlan
    from hpsearch.store.nursings.records import NursingRow as NursingRow
    from hpsearch.store.nursings.records import StaleNursingError as StaleNursingError
    from hpsearch.store.reader import Reader as Reader
    from hpsearch.store.records.records import Claim as Claim
    from hpsearch.store.records.records import Maker as Maker
    from hpsearch.store.records.records import Result as Result
    from hpsearch.store.records.records import Spent as Spent
    from hpsearch.store.records.records import Study as Study
    from hpsearch.store.records.records import WorkerIdentity as WorkerIdentity
    from hpsearch.store.records.records import expect_search as expect_search
    from hpsearch.store.schema.backup import backup_database as backup_database
    from hpsearch.store.schema.integrity import check_database as check_database
    from hpsearch.store.schema.nursing_tables import InterventionKind as InterventionKind
    from hpsearch.store.schema.nursing_tables import NursingState as NursingState
    from hpsearch.store.schema.tables import Control as Control
    from hpsearch.store.schema.versions import REVISIONS as REVISIONS
    from hpsearch.store.schema.versions import current_schema as current_schema
    from hpsearch.store.schema.versions import upgrade_schema as upgrade_schema
    from hpsearch.store.status.active_workers import ActiveWorker as ActiveWorker
    from hpsearch.store.status.events import Event as Event
    from hpsearch.store.status.events import EventKind as EventKind
    from hpsearch.store.status.overview import StudyOverview as StudyOverview
    from hpsearch.store.status.snapshot import Snapshot as Snapshot
    from hpsearch.store.status.status import Status as Status
    from hpsearch.store.studies.control import RefusedError as RefusedError
    from hpsearch.store.studies.family import StudyContents as StudyContents
    from hpsearch.store.studies.find import StaleTermsError as StaleTermsError
    from hpsearch.store.studies.find import Terms as Terms
    from hpsearch.store.transfer.anonymous import anonymous as anonymous
    from hpsearch.store.transfer.anonymous import file_names as file_names
    from hpsearch.store.transfer.anonymous import ordinals as ordinals
    from hpsearch.store.transfer.anonymous import without_places as without_places
    from hpsearch.store.transfer.pack import StudyDump as StudyDump
    from hpsearch.store.transfer.pack import portable_path as portable_path
    from hpsearch.store.transfer.pack import renamed as renamed
    from hpsearch.store.transfer.records import StudyRecords as StudyRecords
    from hpsearch.store.trials.durations import AttemptSpan as AttemptSpan
    from hpsearch.store.trials.durations import ClaimDuration as ClaimDuration
    from hpsearch.store.trials.export_rows import ExportRow as ExportRow
    from hpsearch.store.trials.history import KnownHistory as KnownHistory
    from hpsearch.store.trials.metadata import TrialMetadata as TrialMetadata
    from hpsearch.store.trials.trial_row import Round as Round
    from hpsearch.store.trials.trial_row import TrialRow as TrialRow
    from hpsearch.store.workers.activity import Activity as Activity
    from hpsearch.store.workers.activity import WorkerRow as WorkerRow
    from hpsearch.store.workers.environments import BITS as BITS
    from hpsearch.store.workers.environments import differences as differences
    from hpsearch.store.workers.environments import mixtures as mixtures

_HOMES = {
    "AttemptSpan": "hpsearch.store.trials.durations",
    "ActiveWorker": "hpsearch.store.status.active_workers",
    "Activity": "hpsearch.store.workers.activity",
    "BITS": "hpsearch.store.workers.environments",
    "Claim": "hpsearch.store.records.records",
    "ClaimDuration": "hpsearch.store.trials.durations",
    "Control": "hpsearch.store.schema.tables",
    "Database": "hpsearch.store.database.connection",
    "Event": "hpsearch.store.status.events",
    "EventKind": "hpsearch.store.status.events",
    "ExportRow": "hpsearch.store.trials.export_rows",
    "HeldNursing": "hpsearch.store.nursings.records",
    "Intervention": "hpsearch.store.nursings.records",
    "InterventionKind": "hpsearch.store.schema.nursing_tables",
    "KnownHistory": "hpsearch.store.trials.history",
    "Ledger": "hpsearch.store.ledger",
    "Maker": "hpsearch.store.records.records",
    "NursedEpoch": "hpsearch.store.nursings.records",
    "NursingPlan": "hpsearch.store.nursings.records",
    "NursingRow": "hpsearch.store.nursings.records",
    "NursingState": "hpsearch.store.schema.nursing_tables",
    "REVISIONS": "hpsearch.store.schema.versions",
    "Reader": "hpsearch.store.reader",
    "RefusedError": "hpsearch.store.studies.control",
    "Result": "hpsearch.store.records.records",
    "Round": "hpsearch.store.trials.trial_row",
    "Snapshot": "hpsearch.store.status.snapshot",
    "Spent": "hpsearch.store.records.records",
    "StaleNursingError": "hpsearch.store.nursings.records",
    "StaleTermsError": "hpsearch.store.studies.find",
    "Status": "hpsearch.store.status.status",
    "StoredCheckpoint": "hpsearch.store.attempts.checkpoints",
    "Study": "hpsearch.store.records.records",
    "StudyContents": "hpsearch.store.studies.family",
    "StudyDump": "hpsearch.store.transfer.pack",
    "StudyOverview": "hpsearch.store.status.overview",
    "StudyRecords": "hpsearch.store.transfer.records",
    "StudyRow": "hpsearch.store.attempts.study_row",
    "Terms": "hpsearch.store.studies.find",
    "TrialMetadata": "hpsearch.store.trials.metadata",
    "TrialRow": "hpsearch.store.trials.trial_row",
    "WorkerIdentity": "hpsearch.store.records.records",
    "WorkerRow": "hpsearch.store.workers.activity",
    "address_flag": "hpsearch.store.database.url",
    "anonymous": "hpsearch.store.transfer.anonymous",
    "backup_database": "hpsearch.store.schema.backup",
    "check_database": "hpsearch.store.schema.integrity",
    "current_schema": "hpsearch.store.schema.versions",
    "curve_steps": "hpsearch.store.foreign.trials",
    "differences": "hpsearch.store.workers.environments",
    "expect_search": "hpsearch.store.records.records",
    "file_names": "hpsearch.store.transfer.anonymous",
    "masked": "hpsearch.store.database.url",
    "mixtures": "hpsearch.store.workers.environments",
    "opened": "hpsearch.store.ledger",
    "ordinals": "hpsearch.store.transfer.anonymous",
    "portable_path": "hpsearch.store.transfer.pack",
    "previewed": "hpsearch.store.ledger",
    "renamed": "hpsearch.store.transfer.pack",
    "sqlite_address": "hpsearch.store.database.url",
    "upgrade_schema": "hpsearch.store.schema.versions",
    "without_places": "hpsearch.store.transfer.anonymous",
}
"""Name -> the module that has it, which is imported when the name is first asked for."""

__all__ = list(_HOMES)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """Import a name when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)
