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
        metavar="STUDY",
        help="The names of finished studies; by default all in the database.",
        show_default=False,
        autocompletion=complete_study,
    ),
]


def learn(
    studies: Studies = None,
    *,
    storage: Storage = DEFAULT_STORAGE,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="The file to write.")] = Path(
        "portfolio.json"
    ),
    as_json: AsJson = False,
) -> None:
    """Collect the best settings of finished studies in a portfolio, which new studies try first.

    Each study contributes its best settings. Their order is such that the first few are good in all of the
    studies. A study file uses them with start = "learned" and portfolio = "portfolio.json" in its table
    [search]. All studies must be of one kind: networks, estimators, functions or commands.

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
