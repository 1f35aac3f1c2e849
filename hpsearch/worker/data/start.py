"""The portfolio of a study, and what it gives the study for its first trials."""

from hpsearch.data import Dataset
from hpsearch.portfolio import (
    DataSize,
    PortfolioError,
    kind_of,
    learned_start,
    read_portfolio,
    shipped_portfolio,
)
from hpsearch.study_file import LearnedStart, StudySpec

NOTHING_FITS = (
    "search.start: no setting of the portfolio lies in the ranges of [space]: the search starts at random"
)


def find_start(spec: StudySpec, dataset: Dataset | None) -> LearnedStart:
    """Return what a portfolio gives a study: its own one, or the one that comes with hpsearch.

    Args:
        spec: The study.
        dataset: Its data; ``None`` where its trials learn from no rows.

    Raises:
        PortfolioError: The file cannot be read, or is of another kind of objective; or the study names none,
            and the one that comes with hpsearch knows networks alone.
    """
    kind, own = kind_of(spec.objective), spec.search.portfolio
    portfolio = shipped_portfolio() if own is None else read_portfolio(spec.base / own)
    if portfolio.kind != kind:
        where = spec.document.path
        if own is None:
            raise PortfolioError(
                f"{where}: search.start: the portfolio that comes with hpsearch knows networks alone; name "
                "one of your own as search.portfolio, which hpsearch learn makes from finished studies"
            )
        found = f"found one of kind {portfolio.kind!r}"
        raise PortfolioError(
            f"{where}: search.portfolio: expected a portfolio of kind {kind!r}, {found}: {own}"
        )
    return learned_start(portfolio, spec.space, DataSize() if dataset is None else size_of(dataset))


def size_of(dataset: Dataset) -> DataSize:
    """Return the size of a data set."""
    rows = len(dataset.y_train) + len(dataset.y_val) + len(dataset.y_test)
    return DataSize(rows=rows, features=dataset.X_train.shape[1], classes=len(dataset.classes))
