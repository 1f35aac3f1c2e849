"""Portfolios: settings that were good elsewhere, in the order in which a new study tries them."""

from hpsearch.portfolio.distillation import FinishedStudy, distilled
from hpsearch.portfolio.file import read_portfolio, shipped_portfolio, write_portfolio
from hpsearch.portfolio.portfolio import DataSize, Portfolio, PortfolioError, SourceTask, kind_of
from hpsearch.portfolio.start import learned_start

__all__ = [
    "DataSize",
    "FinishedStudy",
    "Portfolio",
    "PortfolioError",
    "SourceTask",
    "distilled",
    "kind_of",
    "learned_start",
    "read_portfolio",
    "shipped_portfolio",
    "write_portfolio",
]
