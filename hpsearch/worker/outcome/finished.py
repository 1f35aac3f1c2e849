"""Finished studies, as a portfolio learns from them."""

from collections.abc import Sequence

from hpsearch.errors import HpsearchError, to_type
from hpsearch.portfolio import DataSize, FinishedStudy, PortfolioError
from hpsearch.store import Reader, Study, expect_search
from hpsearch.worker.data.inputs import StudyInputs
from hpsearch.worker.data.start import size_of


def finished_studies(ledger: Reader, names: Sequence[str]) -> list[FinishedStudy]:
    """Return studies whose trials are all settled, by their names or all in the database.

    Args:
        ledger: Where they are.
        names: Their names; none for every finished search.

    Raises:
        NotFoundError: There is no study of a name, or it confirms a search.
        PortfolioError: A study that is named is not finished.
    """
    found = []
    for name in names or ledger.study_names():
        study = ledger.find_study(name)
        if not names and study.recorded is not None:
            continue
        expect_search(study)
        if ledger.status(study).finished:
            history = ledger.history(study).history
            found.append(FinishedStudy(spec=study.spec, history=history, size=_size(study)))
        elif names:
            raise PortfolioError(
                f"study {name!r}: expected all trials to be settled; {to_type('start FILE')} ends it"
            )
    return found


def _size(study: Study) -> DataSize:
    """Return the size of a study's data; nothing is known where they are not on this machine."""
    if not study.spec.has_data:
        return DataSize()
    try:
        return size_of(StudyInputs(study).data())
    except HpsearchError:
        return DataSize()
