"""``hpsearch export``: a study as tables, as a model, or as one file for another machine."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hpsearch.cli.complete import EXPORTS, TABLES, complete_export, one_of, study_or
from hpsearch.cli.options import DEFAULT_STORAGE, Storage, StudyFlag, say
from hpsearch.cli.studies import chosen_study

if TYPE_CHECKING:
    from hpsearch.store import Ledger, Study

WHAT = {
    "trials": "one row a trial: parameters, curve, value, times",
    "curves": "one row an epoch: number, epoch, accuracy",
    "winner": "the winner's network, as safetensors",
    "ensemble": "the ensemble's networks, as safetensors",
    "nursed": "the network of a nursing after any of its epochs",
    "bundle": "the whole study in one file, for hpsearch import and replay",
}
"""What can be exported, and as what."""


Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="csv|jsonl|parquet",
        autocompletion=one_of(*TABLES),
        help="The format of a table; by default that of the file's ending, or csv.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="The file to write; by default a table goes to standard output.",
        autocompletion=complete_export,
    ),
]
Exported = Annotated[
    str | None,
    typer.Argument(
        metavar="STUDY",
        help="The name of the study; by default the newest one.",
        show_default=False,
        autocompletion=study_or(*WHAT),
    ),
]
Nursed = Annotated[
    int | None, typer.Option("--nursing", metavar="NUMBER", help="The nursing whose network is written.")
]
NursedAfter = Annotated[
    int | None,
    typer.Option(
        "--epoch", metavar="EPOCH", help="The epoch of the network; by default the last one.", min=1
    ),
]


def export(  # noqa: PLR0913 - options
    study: Exported = None,
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="; ".join(f"{name}: {text}" for name, text in WHAT.items()),
            autocompletion=one_of(*WHAT),
        ),
    ] = "trials",
    *,
    _study: StudyFlag = None,
    storage: Storage = DEFAULT_STORAGE,
    format_: Format = None,
    nursing: Nursed = None,
    epoch: NursedAfter = None,
    output: Output = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="Do not change texts that a spreadsheet may run as formulas.")
    ] = False,
    with_data: Annotated[
        bool, typer.Option("--with-data", help="Include the data file in a bundle.")
    ] = False,
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Leave out machines, processes and paths in a bundle.")
    ] = False,
) -> None:
    """Write trials or curves, a model, or the whole study to a file.

    An existing file is replaced only when the new one is complete. A model is trained again, with the same
    bits; the winner is the network of the first seed. The saved model takes rows in the format of the data
    file.

    Example: hpsearch export digits winner --output digits.safetensors
    """
    from hpsearch.report.foreign import expect_more
    from hpsearch.store import opened

    _expect_what(what, output)
    is_table = what in {"trials", "curves"}
    if not (is_table or output):
        raise typer.BadParameter(f"expected a file for the {what}, found none", param_hint="--output")
    _expect_of_use(what, raw=raw, with_data=with_data, anonymous=anonymous, form=format_)
    _expect_nursed(what, nursing=nursing, epoch=epoch)
    form = _format(format_, output) if is_table else None
    with opened(storage, foreign=True) as ledger:
        found = _found(ledger, study)
        if not is_table:
            expect_more(found, what)
        if form is not None:
            _table(ledger, found, what, form=form, output=output, raw=raw)
        elif output and what == "bundle":
            _bundle(ledger, found, output, with_data=with_data, anonymous=anonymous)
        elif output and nursing is not None:
            _nursed(ledger, found, nursing, output, epoch=epoch)
        elif output:
            _model(ledger, found, what, output)


def _expect_what(what: str, output: Path | None) -> None:
    """Refuse what cannot be exported, and the file of a table for what is no table."""
    from hpsearch.errors import did_you_mean

    if what not in WHAT:
        found = f"{what!r}{did_you_mean(what, list(WHAT))}"
        raise typer.BadParameter(f"expected one of {', '.join(WHAT)}, found {found}", param_hint="WHAT")
    if what in EXPORTS and output and output.suffix.removeprefix(".").lower() in TABLES:
        expected = " or ".join(f".{ending}" for ending in EXPORTS[what])
        found = f"expected a file that ends in {expected} for the {what}, found {output.name!r}"
        raise typer.BadParameter(found, param_hint="--output")


def _found(ledger: "Ledger", name: str | None) -> "Study":
    """Return the study; where there is none of that name, the word may be a mistyped WHAT."""
    from hpsearch.errors import NotFoundError, did_you_mean

    try:
        return chosen_study(ledger, name)
    except NotFoundError:
        if name is not None and did_you_mean(name, list(WHAT)):
            _expect_what(name, None)
        raise


def _expect_of_use(what: str, *, raw: bool, with_data: bool, anonymous: bool, form: str | None) -> None:
    """Refuse an option that would change nothing: no table and no model names a machine."""
    is_table, is_bundle = what in {"trials", "curves"}, what == "bundle"
    given = {"--raw": raw and not is_table, "--format": form is not None and not is_table}
    of_bundle = {"--with-data": with_data and not is_bundle, "--anonymous": anonymous and not is_bundle}
    for option, idle in (given | of_bundle).items():
        if idle:
            wanted = "a bundle" if option in of_bundle else "a table"
            raise typer.BadParameter(f"expected {wanted}, found {what!r}", param_hint=option)


def _expect_nursed(what: str, *, nursing: int | None, epoch: int | None) -> None:
    """Refuse a nursed network without its nursing, and a nursing for anything else."""
    if what == "nursed" and nursing is None:
        raise typer.BadParameter("expected the number of a nursing, found none", param_hint="--nursing")
    for option, given in {"--nursing": nursing, "--epoch": epoch}.items():
        if given is not None and what != "nursed":
            raise typer.BadParameter(f"expected nursed, found {what!r}", param_hint=option)


def _format(form: str | None, output: Path | None) -> str:
    from hpsearch.report.exports.export import FORMATS

    default = output.suffix.removeprefix(".") if output and output.suffix else "csv"
    name = default if form is None else form
    if name not in FORMATS:
        *others, last = FORMATS
        raise typer.BadParameter(
            f"expected {', '.join(others)} or {last}, found {name!r}", param_hint="--format"
        )
    if name == "parquet" and output is None and sys.stdout.isatty():
        raise typer.BadParameter(
            "Parquet is no text: expected --output FILE or a pipe, found a terminal", param_hint="--format"
        )
    return name


def _table(  # noqa: PLR0913 - what, how, where
    ledger: "Ledger", study: "Study", what: str, *, form: str, output: Path | None, raw: bool
) -> None:
    from hpsearch.files import replacing
    from hpsearch.report.exports.export import FORMATS
    from hpsearch.report.exports.tables import TABLES

    table = TABLES[what](ledger, study, raw=raw)
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        FORMATS[form](table, sys.stdout)
        return
    with replacing(output) as file:
        n_rows = FORMATS[form](table, file)
    say(f"{n_rows} {'trials' if what == 'trials' else 'epochs'} written to {output}")


def _model(ledger: "Ledger", study: "Study", what: str, output: Path) -> None:
    from hpsearch.metrics import METRICS
    from hpsearch.number import rounded
    from hpsearch.worker import Stop, save_study_model

    model = save_study_model(ledger, study, what, output, stop=Stop())
    title = METRICS[model.metric].title
    say(f"{model.what}: test {title} {rounded(model.value)}, written to {output}")
    if model.found == model.stored:
        say(f"trained again for this; the study's test {title} came out as before: {rounded(model.stored)}")
    else:
        say(
            f"trained again for this; the study's test {title} came out as {rounded(model.found)}, before as "
            f"{rounded(model.stored)}: another processor or other versions round otherwise"
        )


def _nursed(ledger: "Ledger", study: "Study", number: int, output: Path, *, epoch: int | None) -> None:
    from hpsearch.number import rounded
    from hpsearch.nursing import save_nursed

    point = save_nursed(ledger, study, number, output, epoch=epoch)
    title = study.spec.metric.title
    value = "" if point.value is None else f": validation {title} {rounded(point.value)}"
    say(f"nursing {number} after epoch {point.epoch}{value}, written to {output}")


def _bundle(ledger: "Ledger", study: "Study", output: Path, *, with_data: bool, anonymous: bool) -> None:
    from hpsearch.bundle import write_bundle
    from hpsearch.data.sources import is_file
    from hpsearch.files import replacing
    from hpsearch.store import anonymous as without_names
    from hpsearch.store import expect_search
    from hpsearch.worker import own_data

    spec, data = expect_search(study).spec, None
    source = spec.data.source
    if with_data and not spec.has_data:
        say("hpsearch knows no data of its trials, so there is nothing to add; bring its code along by hand")
    elif with_data and not is_file(source):
        say(f"{source} is no file: hpsearch finds these data everywhere, so there is nothing to add")
    elif with_data:
        own_data(study)  # refuses data that are not the study's
        data = (Path(study.base) / source).read_bytes()
    with replacing(output) as file:
        n_trials = ledger.pack(
            study,
            lambda dump: write_bundle(without_names(dump) if anonymous else dump, file.buffer, data=data),
        )
    say(f"{n_trials} trials of {study.name} written to {output}")
