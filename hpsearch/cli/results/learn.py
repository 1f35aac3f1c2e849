"""``hpsearch learn``: finished studies become a portfolio, which new studies try first."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsearch.cli.complete import complete_study
from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, Storage, print_json, print_text, say

if TYPE_CHECKING:
    from hpsearch.portfolio import Portfolio

Studies = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[STUDY]...",
        help="Names of finished studies; all in the database by default.",
        show_default=False,
        autocompletion=complete_study,
    ),
]


def learn(
    studies: Studies = None,
    *,
    storage: Storage = DEFAULT_STORAGE,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where the portfolio goes.")
    ] = Path("portfolio.json"),
    as_json: AsJson = False,
) -> None:
    """Distil finished studies into a portfolio: settings that a new study tries first.

    Each study brings its best settings. They are ordered so that the first few leave little regret in any of
    the studies. A study file takes them with start = "learned" and portfolio = "portfolio.json" in its table
    [search]. Studies must be of one kind: networks, or estimators, or functions, or commands.

    Example: hpsearch learn digits --output portfolio.json
    """
    from hpsearch.portfolio import distilled, write_portfolio
    from hpsearch.store import opened
    from hpsearch.worker.outcome.finished import finished_studies

    with opened(storage) as ledger:
        portfolio = distilled(finished_studies(ledger, studies or []))
    write_portfolio(portfolio, output)
    if as_json:
        print_json({**portfolio.to_json(), "hash": portfolio.hash})
        return
    _print(portfolio)
    say(f"{len(portfolio.settings)} settings of {len(portfolio.sources)} studies written to {output}")


def _print(portfolio: "Portfolio") -> None:
    """Print the first settings, and where good values lie."""
    from hpsearch.report.text import params_line

    for place, setting in enumerate(portfolio.settings[:10], start=1):
        mean = portfolio.regrets[:, place - 1].mean()
        print_text(f"{place:>2}  mean regret {mean:.3f}  {params_line(setting)}")
    for name, (low, middle, high) in portfolio.prior.items():
        print_text(f"good values of {name}: {low:g} to {high:g}, the middle one {middle:g}")
