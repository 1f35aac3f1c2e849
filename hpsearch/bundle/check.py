"""The check of a bundle's content: it is unpacked into a database of its own, which is read as any other.

So a bundle is held against the rules by which ``db check`` judges a database, and nothing else knows them.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hpsearch.data import load_dataset
from hpsearch.errors import BundleError, ContractError, DataError, StorageError, first_line
from hpsearch.objective import data_rules
from hpsearch.store import Ledger, Study, StudyDump, check_database
from hpsearch.study_file import Purpose, child_seed, confirmation_name, expect_new_name, spec_from_dict


def expect_study(dump: StudyDump) -> None:
    """Refuse content that is not one sound search with what confirms it.

    Raises:
        BundleError: Says what is wrong: a cell, a promise of the ledger, or what cannot be read.
    """
    _expect_names(dump)
    with (
        TemporaryDirectory(prefix="hpsearch-") as scratch,
        closing(Ledger(f"sqlite:///{scratch}/bundle.db", create=True)) as ledger,
    ):
        try:
            ledger.unpack(dump, base=scratch)
            damage = [finding for finding in check_database(ledger.database) if finding.is_damage]
            if damage:
                raise BundleError(f"expected a sound study, found: {damage[0]}")
            for records in dump.studies:
                _read(ledger, ledger.find_study(records.head["name"]))
        except (ContractError, StorageError) as error:
            found = first_line(error).replace(f"sqlite:///{scratch}/bundle.db: ", "")
            raise BundleError(f"expected a sound study, found: {found}") from error


def expect_data(contract: Mapping[str, Any], base: Path) -> None:
    """Refuse data in the folder ``base`` with another hash than the contract has.

    Raises:
        BundleError: They have another hash, or are none.
    """
    spec, wanted = spec_from_dict(contract["study"]), contract["data_hash"]
    seed, rules = child_seed(spec.seed, Purpose.SPLIT), data_rules(spec.version)
    try:
        found = load_dataset(spec.data, seed=seed, base=base, rules=rules).content_hash
    except DataError as error:
        raise BundleError(f"data: {str(error).replace(f'{base}/', '')}") from error
    if found != wanted:
        raise BundleError(f"data: expected the data of the study (hash {wanted[:12]}), found {found[:12]}")


def _expect_names(dump: StudyDump) -> None:
    search, *companions = (records.head for records in dump.studies)
    expect_new_name(search["name"])
    called = search["contract"]["study"]["name"]
    if called != search["name"]:
        raise BundleError(f"expected a study of one name, found {search['name']!r} and {called!r}")
    for head in companions:
        if not head["name"].startswith(confirmation_name(search["name"])):
            raise BundleError(f"expected studies that confirm {search['name']!r}, found {head['name']!r}")


def _read(ledger: Ledger, study: Study) -> None:
    """Read all that any command reads of a study."""
    ledger.snapshot(study, fingerprint=True)
    for verb in (ledger.rounds, ledger.workers, ledger.epochs, ledger.first_worker):
        verb(study)
    n_rows = sum(1 for _ in ledger.rows(study))
    ledger.metadata(study, n_rows)
    if n_rows:
        ledger.trial(study, 0)
