"""``hpsearch predict``: what a saved model predicts for the rows of a file."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hpsearch.cli.complete import file_with
from hpsearch.cli.options import AsJson, Quiet, print_json, say

if TYPE_CHECKING:
    from hpsearch.report.exports.predictions import PredictionTable

SCHEMA_VERSION = 1
"""Of the JSON document."""

FORMS = ("csv", "parquet", "json")
"""Forms of a file of predictions, by its ending."""


def predict(  # noqa: PLR0913 - options
    model: Annotated[
        Path, typer.Argument(metavar="MODEL", help="The model file that hpsearch export has written.")
    ],
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="The file with the rows: a table like the study's, or .npz."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file to write: .csv, .parquet or .json; by default CSV goes to standard output.",
            autocompletion=file_with(*FORMS),
        ),
    ] = None,
    proba: Annotated[bool, typer.Option("--proba", help="Add the probability of each class.")] = False,
    raw: Annotated[
        bool, typer.Option("--raw", help="Do not change texts that a spreadsheet may run as formulas.")
    ] = False,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Predict the rows of a file with a model, one line per row.

    Columns are found by their names, in any order; further columns are ignored. The file is read by the
    rules of the study for dates, the decimal mark and missing cells. If the file has the target, the command
    also prints the metric of the study.

    Example: hpsearch predict winner.safetensors new.csv --proba -o predicted.csv
    """
    form = _form(output)
    _expect_another(output, model, file)
    from hpsearch.nn import load_model
    from hpsearch.prediction.prediction import predict_file
    from hpsearch.report.exports.predictions import PredictionTable

    found = predict_file(load_model(model), file, proba=proba)
    table = PredictionTable(found, raw=raw)
    document: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "model": str(model),
        "file": str(file),
        "metric": found.metric,
        "value": found.value,
    }
    document |= {"rows": len(found.labels), **table.by_column()}
    notes = [] if quiet else list(found.notes)
    if output is None:
        _print(table, document if as_json else None)
    else:
        _write(table, document, output, form=form)
        notes += [] if quiet or as_json else [f"{len(found.labels):,} predictions written to {output}"]
        if as_json:
            print_json({name: cells for name, cells in document.items() if not isinstance(cells, list)})
    for note in notes:
        say(note)


def _write(table: "PredictionTable", document: dict[str, Any], output: Path, *, form: str) -> None:
    from hpsearch.files import replacing
    from hpsearch.report.exports.export import FORMATS

    with replacing(output) as stream:
        if form == "json":
            json.dump(document, stream, sort_keys=True, ensure_ascii=False, allow_nan=False)
            stream.write("\n")
        else:
            FORMATS[form](table, stream)


def _print(table: "PredictionTable", document: dict[str, Any] | None) -> None:
    from hpsearch.report.exports.export import FORMATS

    if document is not None:
        print_json(document)
        return
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    FORMATS["csv"](table, sys.stdout)


def _form(output: Path | None) -> str:
    form = "csv" if output is None else output.suffix.lower().removeprefix(".")
    if form not in FORMS:
        endings = ", ".join(f".{name}" for name in FORMS)
        raise typer.BadParameter(
            f"expected a file that ends in one of {endings}, found {str(output)!r}", param_hint="--output"
        )
    return form


def _expect_another(output: Path | None, *inputs: Path) -> None:
    """Refuse to write over what is read."""
    for path in inputs:
        if output is not None and output.exists() and path.exists() and output.samefile(path):
            raise typer.BadParameter(
                f"expected another file than {str(path)!r}, which is read", param_hint="--output"
            )
