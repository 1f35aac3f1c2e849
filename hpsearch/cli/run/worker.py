"""``hpsearch worker``: join a study."""

import os
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Annotated, Any

import typer

from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    Allow,
    Artifacts,
    Lease,
    Notice,
    Patience,
    Quiet,
    Storage,
    StudyFlag,
    StudyName,
    say,
)
from hpsearch.cli.studies import chosen_study
from hpsearch.defaults import LEASE_S, NOTICE_S, PATIENCE_S
from hpsearch.errors import ExitCode, to_type
from hpsearch.signals import ENDING
from hpsearch.signals import notice as within

LEAVING_S = 2.0
"""A worker that waits for a study ends within so many seconds of a signal."""


def worker(  # noqa: PLR0913 - Typer reads options as arguments
    study: StudyName = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    fleet: Annotated[
        int,
        typer.Option(min=1, metavar="N", help="The total number of workers; each takes its share of trials."),
    ] = 1,
    wait: Annotated[
        float,
        typer.Option(min=0.0, metavar="SECONDS", help="The time to wait for a study to be created."),
    ] = 0.0,
    artifacts: Artifacts = None,
    allow: Allow = False,
    lease: Lease = LEASE_S,
    patience: Patience = PATIENCE_S,
    notice: Notice = NOTICE_S,
    quiet: Quiet = False,
) -> None:
    """Join a study as one more worker, on any machine.

    The worker works until the study is settled. After Ctrl-C or SIGTERM the worker takes no new trials. It
    saves the trials that it cannot finish within the notice and hands them back, and another worker continues
    them. After a second signal it hands them back at the next epoch.

    The worker runs a function or a command of the study only with --allow.

    Example: hpsearch worker digits
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.artifacts import artifacts_address
    from hpsearch.store import Ledger
    from hpsearch.worker import Aborted, Stop, await_study, store_verdict, work

    if artifacts is not None:
        artifacts = artifacts_address(artifacts)
    stop = Stop(notice_s=notice)
    stop.obey(ENDING)
    news: Callable[[str], None] = (lambda _line: None) if quiet else say
    try:
        with within(LEAVING_S):  # around all of it, so that each end of this command has its own exit code
            opening = partial(Ledger, storage, lease_s=lease, patience_s=patience)
            found = await_study(opening, study, wait_s=wait, stop=stop, say=news)
            if found is None:
                raise typer.Exit(ExitCode.HANDED_BACK)
            with closing(found) as ledger, within(notice):
                where: dict[str, Any] = {"fleet": fleet, "artifacts": artifacts, "allow": allow}
                name = chosen_study(ledger, study, quiet=quiet).name
                settled = work(ledger, name, stop=stop, say=news, **where)
                if settled is None:
                    raise typer.Exit(ExitCode.HANDED_BACK)
                if store_verdict(ledger, settled, stop, **where) is None:
                    raise typer.Exit(ExitCode.HANDED_BACK)
    except Aborted:
        raise typer.Exit(ExitCode.HANDED_BACK) from None
    if not quiet:
        say(f"study {settled.study.name!r} is settled: {to_type('best', settled.study.name)}")
