"""``hpsearch worker``: join a study."""

import os
import signal
from typing import Annotated

import typer

from hpsearch.cli.options import (
    DEFAULT_LEASE_S,
    DEFAULT_NOTICE_S,
    DEFAULT_PATIENCE_S,
    DEFAULT_STORAGE,
    Lease,
    Notice,
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
    lease: Lease = DEFAULT_LEASE_S,
    patience: Patience = DEFAULT_PATIENCE_S,
    notice: Notice = DEFAULT_NOTICE_S,
    quiet: Quiet = False,
) -> None:
    """Join a study as one more worker, from this or any other machine, until it is settled.

    At Ctrl-C or SIGTERM it takes nothing more; what it cannot finish within the notice it saves at the end
    of an epoch and hands back, and whoever takes that goes on from there. The second one hands back at once.

    Example: hpsearch worker --study digits
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.store import Ledger
    from hpsearch.worker import Aborted, Stop, store_delivery, work

    stop = Stop(notice_s=notice)
    stop.obey([signal.SIGINT, signal.SIGTERM])
    ledger = Ledger(storage, lease_s=lease, patience_s=patience)
    try:
        settled = work(ledger, study, stop=stop, fleet=fleet, say=(lambda _line: None) if quiet else say)
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
