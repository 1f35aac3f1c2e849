"""Portfolios as files: the one that comes with hpsearch, and a user's own."""

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hpsearch.files import read_file, replacing
from hpsearch.portfolio.portfolio import DataSize, Portfolio, PortfolioError, SourceTask

SHIPPED = Path(__file__).with_name("default.json")
"""The portfolio that comes with hpsearch; ``benchmarks/portfolio.py`` makes it."""
_LARGEST = 2**24
_AGAIN = "hpsearch learn --output FILE makes one from finished studies"


def read_portfolio(path: Path) -> Portfolio:
    """Return the portfolio of a file.

    Raises:
        PortfolioError: The file cannot be read, or holds something else.
    """
    try:
        data = read_file(path, most=_LARGEST + 1)
    except FileNotFoundError:
        raise PortfolioError(f"{path}: expected a portfolio, found no file there; {_AGAIN}") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise PortfolioError(f"{path}: expected a readable portfolio, found: {why.lower()}") from None
    if len(data) > _LARGEST:
        raise PortfolioError(f"{path}: expected a portfolio of at most 16 MiB, found a larger file")
    try:
        return _portfolio(json.loads(data.decode()))
    except PortfolioError as error:
        raise PortfolioError(f"{path}: {error}") from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise PortfolioError(
            f"{path}: expected a portfolio, found another file or a damaged one; {_AGAIN}"
        ) from None


@cache
def shipped_portfolio() -> Portfolio:
    """Return the portfolio that comes with hpsearch."""
    return read_portfolio(SHIPPED)


def write_portfolio(portfolio: Portfolio, path: Path) -> None:
    """Write a portfolio to a file, whole or not at all.

    Raises:
        ExportError: The file cannot be written.
    """
    with replacing(path) as file:
        file.write(portfolio_text(portfolio))


def portfolio_text(portfolio: Portfolio) -> str:
    """Return a portfolio as JSON, a line for each setting and each data set."""
    lines = []
    for key, value in portfolio.to_json().items():
        if isinstance(value, list):
            items = ",\n".join(f"  {json.dumps(item)}" for item in value)
            lines.append(f' "{key}": [\n{items}\n ]')
        else:
            lines.append(f' "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _portfolio(note: Mapping[str, Any]) -> Portfolio:
    version = note["schema_version"]
    if version != 1:
        raise PortfolioError(f"expected schema_version 1, found {version!r}; a newer hpsearch has made it")
    return Portfolio(
        kind=note["kind"],
        settings=tuple(_setting(setting) for setting in note["settings"]),
        sources=tuple(_source(source) for source in note["sources"]),
        prior={str(name): _numbers(values) for name, values in note["prior"].items()},
    )


def _setting(note: Mapping[str, Any]) -> dict[str, bool | int | float | str]:
    for name, value in note.items():
        known = isinstance(value, bool | int | float | str)
        if not known or (isinstance(value, float) and not math.isfinite(value)):
            raise PortfolioError(f"settings: expected a number, a text or true of {name!r}, found {value!r}")
    return dict(note)


def _source(note: Mapping[str, Any]) -> SourceTask:
    size = {key: note[key] for key in ("rows", "features", "classes")}
    for key, value in size.items():
        if value is not None and (type(value) is not int or value < 0):
            raise PortfolioError(f"sources: expected a count of {key} or null, found {value!r}")
    regrets = tuple(float(regret) for regret in note["regrets"])
    return SourceTask(name=str(note["name"]), size=DataSize(**size), regrets=regrets)


def _numbers(values: Any) -> tuple[float, float, float]:
    low, middle, high = (float(value) for value in values)
    if not all(map(math.isfinite, (low, middle, high))):
        raise PortfolioError(f"prior: expected finite numbers, found {[low, middle, high]}")
    return low, middle, high
