"""``hpsearch worker``: join a study."""

import os
import signal
from collections.abc import Callable
from typing import Annotated

import typer

from hpsearch.cli.options import (
    DEFAULT_LEASE_S,
    DEFAULT_PATIENCE_S,
    DEFAULT_STORAGE,
    Lease,
    Patience,
    Quiet,
    Storage,
    StudyName,
    say,
)
from hpsearch.errors import ExitCode


def worker(  # noqa: PLR0913 - Typer reads options as arguments
    *,
    study: StudyName = None,
    storage: Storage = DEFAULT_STORAGE,
    fleet: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="Workers expected in all: how many trials to take at a time."),
    ] = 1,
    wait: Annotated[
        float,
        typer.Option(min=0.0, metavar="SECONDS", help="How long to wait for a study that is not there yet."),
    ] = 0.0,
    lease: Lease = DEFAULT_LEASE_S,
    patience: Patience = DEFAULT_PATIENCE_S,
    quiet: Quiet = False,
) -> None:
    """Join a study as one more worker, from this or any other machine, until it is settled.

    The first Ctrl-C or SIGTERM lets it finish what it trains, the second hands that back at once.

    Example: hpsearch worker --study digits
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.store import Ledger
    from hpsearch.worker import Aborted, Stop, await_study, store_delivery, work

    stop = Stop()
    stop.obey([signal.SIGINT, signal.SIGTERM])
    news: Callable[[str], None] = (lambda _line: None) if quiet else say
    ledger = Ledger(storage, create=wait > 0, lease_s=lease, patience_s=patience)
    try:
        if not await_study(ledger, study, wait_s=wait, stop=stop, say=news):
            raise typer.Exit(ExitCode.HANDED_BACK)
        settled = work(ledger, study, stop=stop, fleet=fleet, say=news)
        if settled is None:
            raise typer.Exit(ExitCode.HANDED_BACK)
        if store_delivery(ledger, settled, stop, fleet=fleet) is None:
            raise typer.Exit(ExitCode.HANDED_BACK)
    except Aborted:
        raise typer.Exit(ExitCode.HANDED_BACK) from None
    finally:
        ledger.close()
    if not quiet:
        say(f"study {settled.study.name!r} is settled: hpsearch best --study {settled.study.name}")
