"""``hpsearch start``: search, confirm, print the winner."""

import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hpsearch.cli.complete import ENGINES, complete_start, one_of
from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    Artifacts,
    AsJson,
    Lease,
    Notice,
    Patience,
    Quiet,
    Storage,
    Verbose,
    print_json,
    print_text,
    say,
    setting,
    storage_flag,
)
from hpsearch.defaults import LEASE_S, NOTICE_S, PATIENCE_S
from hpsearch.errors import ExitCode
from hpsearch.signals import ENDING

if TYPE_CHECKING:
    from hpsearch.cli.run.screen import Show
    from hpsearch.notify import Notifier
    from hpsearch.report import Summary
    from hpsearch.worker import Stop

ENDED_BY: dict[int | None, ExitCode] = {
    signal.SIGHUP: ExitCode.HUNG_UP,
    signal.SIGINT: ExitCode.INTERRUPTED,
    signal.SIGTERM: ExitCode.TERMINATED,
}

RUNNING = "Ctrl-C saves what is in training and stops within {notice:g} s"
DRAINING = "stopping within {notice:g} s; Ctrl-C saves what is in training at once"

StudyFile = Annotated[
    Path,
    typer.Argument(
        help="The study: a TOML file, or the name of one that ships with hpsearch: digits, wine, ...",
        metavar="FILE",
        autocompletion=complete_start,
    ),
]
Engine = Annotated[
    str | None,
    setting(
        "HPSEARCH_ENGINE",
        "The engine that starts workers: local, dask, slurm or ray.",
        metavar="NAME",
        autocompletion=one_of(*ENGINES),
    ),
]
Address = Annotated[
    str | None,
    setting(
        "HPSEARCH_ADDRESS",
        "The address of the scheduler of Dask or Ray; without it, a cluster on this machine.",
        metavar="ADDRESS",
    ),
]
Workers = Annotated[
    int | None,
    setting(
        "HPSEARCH_WORKERS",
        "The number of workers to start; by default one per core.",
        metavar="N",
        short="-w",
        min=1,
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="A setting in place of the file's, such as model.epochs=20; the value is TOML; may be repeated.",
    ),
]
Trials = Annotated[
    int | None,
    typer.Option(
        min=1,
        metavar="N",
        help="The number of trials, in place of the file's; a larger number continues a finished study.",
    ),
]
Target = Annotated[
    float | None,
    typer.Option(
        metavar="ACCURACY", help="End when a trial reaches this value of the metric; overrides the file."
    ),
]
Hours = Annotated[
    float | None,
    typer.Option(
        metavar="HOURS", help="End this many hours after the study was created; overrides the file."
    ),
]
Plateau = Annotated[
    int | None,
    typer.Option(metavar="N", help="End after this many trials without a new best; overrides the file."),
]

Strict = Annotated[
    bool | None,
    typer.Option(
        "--strict/--no-strict",
        help="Refuse workers whose software or processor differs from the first worker's; by default, warn.",
        show_default=False,
    ),
]
Notify = Annotated[
    str | None,
    setting(
        "HPSEARCH_NOTIFY",
        "At the end, or when the search fails, post the result as JSON to this http(s) address.",
        metavar="URL",
    ),
]


def start(  # noqa: PLR0913 - Typer reads options as arguments
    study_file: StudyFile,
    *,
    storage: Storage = DEFAULT_STORAGE,
    engine: Engine = None,
    address: Address = None,
    workers: Workers = None,
    settings: Settings = None,
    trials: Trials = None,
    target: Target = None,
    hours: Hours = None,
    plateau: Plateau = None,
    artifacts: Artifacts = None,
    strict: Strict = None,
    notify: Notify = None,
    lease: Lease = LEASE_S,
    patience: Patience = PATIENCE_S,
    notice: Notice = NOTICE_S,
    as_json: AsJson = False,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Start a study or continue it, and print the winner.

    After Ctrl-C the workers save their trials. The same command continues.

    Example: hpsearch start studies/digits.toml --set seed=2 --set name=digits-2

    Example: hpsearch start studies/digits.toml --engine dask --workers 8
    """
    notifier = _notifier(notify)
    from hpsearch.engine import prepare_engine

    local = prepare_engine() if engine in {None, "local"} else None  # imports in another process meanwhile
    from hpsearch import api

    given = given_terms(trials=trials, target=target, hours=hours, plateau=plateau)
    given |= given_terms(engine=engine, address=address, workers=workers)
    spec = api.load_study_file(study_file, settings=read_settings(settings), **given)
    limits: Any = {"lease_s": lease, "patience_s": patience, "notice_s": notice, "progress": False}
    stop = _stop(notice)
    with _told(notifier, stop):
        try:
            with _shown(stop, notice, quiet=quiet or as_json, verbose=verbose) as show:
                summary = api.start(
                    spec,
                    storage=storage,
                    artifacts=artifacts,
                    strict=strict,
                    engine=local if spec.fleet.engine == "local" else None,
                    stop=stop,
                    on_status=show,
                    on_end=notifier,
                    **limits,
                ).summary()
        except api.InterruptedStudyError as interrupted:
            say(f"hpsearch: {interrupted}: {_again(study_file, settings, given, storage)}")
            raise typer.Exit(ENDED_BY.get(stop.signal, ExitCode.HANDED_BACK)) from interrupted
        _print_summary(summary, storage, as_json=as_json, quiet=quiet)


def _stop(notice_s: float) -> "Stop":
    """Return how the study is asked to end: by a signal."""
    from hpsearch.worker import Stop

    stop = Stop(notice_s=notice_s)
    stop.obey(ENDING)
    return stop


def _print_summary(summary: "Summary", storage: str, *, as_json: bool, quiet: bool) -> None:
    """Print the winner, and what to type next."""
    from hpsearch.report import summary_text

    if as_json:
        print_json(summary.to_json())
        return
    print_text(summary_text(summary))
    if not quiet:
        say(f"\nnext:\n{_next_commands(summary, storage)}")


def _shown(
    stop: "Stop", notice: float, *, quiet: bool, verbose: bool
) -> "AbstractContextManager[Show | None]":
    """Return a context that gives what shows progress; a screen's last line says what Ctrl-C does next."""
    if quiet:
        return nullcontext()
    from hpsearch.cli.run.screen import shown

    def hint() -> str:
        return (DRAINING if stop.draining else RUNNING).format(notice=notice)

    return shown(sys.stderr, verbose=verbose, hint=hint, keep=False)


def given_terms(**terms: Any) -> dict[str, Any]:
    """Return the terms that were given on the command line, by their names in ``load_study_file``."""
    return {name: value for name, value in terms.items() if value is not None}


def read_settings(texts: list[str] | None) -> dict[str, object]:
    """Return key path -> value of settings that were typed; a key that is given twice is refused."""
    from hpsearch.study_file import read_setting, typed_error

    found: dict[str, object] = {}
    for key, value in map(read_setting, texts or ()):
        if key in found:
            raise typed_error(key, "expected one value, found two")
        found[key] = value
    return found


def _again(study_file: Path, settings: list[str] | None, given: dict[str, Any], storage: str) -> str:
    flags = "".join(f" --set {quote(text)}" for text in settings or ())
    flags += "".join(f" --{name} {quote(str(value))}" for name, value in given.items())
    return f"hpsearch start {quote(str(study_file))}{flags}{storage_flag(storage)}"


def _notifier(url: str | None) -> "Notifier | None":
    """Return what posts the end of the study; refuse a wrong address before anything begins."""
    if not url:
        return None
    from hpsearch.notify import Notifier

    return Notifier(url, say=say)


@contextmanager
def _told(notifier: "Notifier | None", stop: "Stop") -> Iterator[None]:
    """Wait at the end until it is told, and exit with the code of a signal that came before the end."""
    try:
        yield
    finally:
        if notifier is not None:
            notifier.wait()
    if stop.signal is not None:  # the study was done within the notice, but what follows it is not wanted
        raise typer.Exit(ENDED_BY[stop.signal])


def _next_commands(summary: "Summary", storage: str) -> str:
    from hpsearch.report import next_steps_of

    where = storage_flag(storage)
    steps = [step.command for step in next_steps_of(summary, search=summary.study, flags=where)]
    report = f"hpsearch report --study {quote(summary.study)}{where}"
    return "\n".join(f"  {line}" for line in (report, *steps, f"hpsearch dashboard{where}"))
