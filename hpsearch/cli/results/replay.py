"""``hpsearch replay``: compute a study again and compare."""

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsearch.cli.options import (
    DEFAULT_STORAGE,
    Allow,
    AsJson,
    Quiet,
    Storage,
    StudyFlag,
    StudyName,
    print_json,
    print_text,
    say,
)
from hpsearch.cli.studies import chosen_study
from hpsearch.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hpsearch.nursing import NursingReplay
    from hpsearch.store import Ledger, Study


def replay(  # noqa: PLR0913 - options
    study: StudyName = None,
    file: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", help="A bundle to check instead of a study in a database.", show_default=False
        ),
    ] = None,
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    train: Annotated[bool, typer.Option("--train", help="Also train every trial again.")] = False,
    allow: Allow = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Compute every trial of a study again, and compare.

    The trials are computed from the contract alone. The command prints any difference, and then ends with 1.
    --train also trains every nursing again, from its interventions. Trials with enqueued parameters are left
    out. The command imports nothing from a bundle; if the bundle has no data, they must be in this folder. A
    function or a command runs only with --allow.

    Example: hpsearch replay digits --train
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)
    from hpsearch.nursing import replay_nursings
    from hpsearch.report.numbers.provenance import hashes_of
    from hpsearch.search import fingerprint
    from hpsearch.worker import replay as compute

    with _opened(file, study, storage, train=train, quiet=quiet) as (ledger, found):
        news: Callable[[str], None] = (lambda _line: None) if quiet or as_json else say
        result = compute(ledger, found, train=train, allow=allow, say=news)
        nursings = replay_nursings(ledger, found, say=news) if train else []
        line = fingerprint(found.space, ledger.history(found).history)
    lines = [str(difference) for difference in result.differences]
    lines += [f"{found.name}: nursing {one.number}: {one.first}" for one in nursings if one.first]
    counts = {"proposals": result.proposals, "trainings": result.trainings, "by_hand": result.by_hand}
    if as_json:
        hashes = hashes_of(found, fingerprint=line)
        about = {"schema_version": 1, "study": found.name, **hashes, **counts}
        again = [
            {"nursing": one.number, "epochs": one.epochs, "fingerprint": one.fingerprint} for one in nursings
        ]
        print_json({**about, "nursings": again, "differences": lines})
    else:
        _print(found.name, counts, nursings, lines)
    if lines:
        raise typer.Exit(ExitCode.FAILED)


def _print(
    name: str, counts: "Mapping[str, int]", nursings: "Sequence[NursingReplay]", lines: "Sequence[str]"
) -> None:
    for difference in lines:
        print_text(difference)
    done = f"{counts['proposals']} proposals and {counts['trainings']} trainings"
    done += f" and {len(nursings)} nursings" if nursings else ""
    print_text(
        f"{name}: {done} computed again: " + (f"{len(lines)} differences" if lines else "no difference")
    )
    for one in nursings:
        print_text(f"nursing {one.number}: fingerprint {one.fingerprint}")


@contextmanager
def _opened(
    file: Path | None, study: str | None, storage: str, *, train: bool, quiet: bool
) -> "Iterator[tuple[Ledger, Study]]":
    """Give the study of a bundle, or one of a database."""
    if file is None:
        from hpsearch.store import opened

        with opened(storage) as ledger:
            yield ledger, chosen_study(ledger, study, quiet=quiet)
        return
    from hpsearch.bundle import taken_in

    with taken_in(file, base=Path.cwd(), needs_data=train) as (ledger, found):
        yield ledger, found if study is None else ledger.find_study(study)
