"""``hpsearch init``: a study file to begin with."""

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import Annotated

import typer

from hpsearch.cli.complete import METRICS, TASKS, complete_data, complete_model, complete_study_file, one_of
from hpsearch.cli.options import Quiet, say

Source = Annotated[
    str,
    typer.Argument(
        help="A table (.csv, .parquet, ...), an .npz file, openml:NUMBER, or a name: digits, wine, ...",
        metavar="NAME_OR_DATA",
        autocompletion=complete_data,
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="The study file to write; by default NAME.toml in this folder. - prints it.",
        autocompletion=complete_study_file,
    ),
]
Target = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="The column of a table that is to be predicted.")
]
Task = Annotated[
    str | None,
    typer.Option(
        metavar="TASK",
        help="classification or regression, if the target does not show which.",
        autocompletion=one_of(*TASKS),
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(metavar="COLUMN", help="The column that says how much each row counts in training."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMNS", help="Columns to leave out, with commas between; may be repeated."),
]
Categorical = Annotated[
    list[str] | None,
    typer.Option(
        metavar="COLUMNS",
        help="Columns of numbers that are categories, with commas between; may be repeated.",
    ),
]
Metric = Annotated[
    str | None,
    typer.Option(
        metavar="METRIC",
        help="The metric that scores trials: accuracy, log_loss, r2, mae, ...",
        autocompletion=one_of(*METRICS),
    ),
]
Model = Annotated[
    str | None,
    typer.Option(
        metavar="MODEL",
        help="The model to tune: a network by default, or random-forest, histogram-boosting, lightgbm, ...",
        autocompletion=complete_model,
    ),
]


def init(  # noqa: PLR0913 - Typer reads options as arguments
    source: Source,
    *,
    output: Output = None,
    target: Target = None,
    task: Task = None,
    weights: Weights = None,
    ignore: Ignore = None,
    categorical: Categorical = None,
    metric: Metric = None,
    model: Model = None,
    quiet: Quiet = False,
) -> None:
    """Write a study file for your data.

    The file has comments, and settings that suit the size of the data. The command does not overwrite an
    existing file. It also writes .hpsearch/study.schema.json, by which editors complete and check the file.

    Example: hpsearch init flowers.csv --target species
    """
    from hpsearch.diagnosis.schema import SCHEMA_LINE
    from hpsearch.files import STDOUT, write_new
    from hpsearch.objective import draft_study, study_name
    from hpsearch.study_file import DataSpec

    data = DataSpec(
        source=source,
        target=target,
        task=task,
        weights=weights,
        ignore=_names(ignore),
        categorical=_names(categorical),
    )
    file = output or Path(f"{study_name(source)}.toml")
    draft = draft_study(data, file=Path("study.toml") if file == STDOUT else file, metric=metric, model=model)
    if file == STDOUT:
        sys.stdout.buffer.write(draft.text.encode())
        return
    written = write_new(file, f"{SCHEMA_LINE}\n{draft.text}")
    _copy_schema(file.parent)
    if quiet:
        return
    say(f"{file}: {'written' if written else 'is there already, with the same content'}")
    if draft.target is not None:
        column = f"the target is the column {draft.target.name!r} ({draft.target.why})"
        say(f"{column}; --target names another")
    for line in draft.news:
        say(line)
    name = quote(str(file))
    say(f"\nnext:\n  hpsearch check {name}\n  hpsearch start {name}")


def _copy_schema(folder: Path) -> None:
    """Write what editors check a study file by; a study is none the worse without."""
    from hpsearch.diagnosis.schema import COPY, copy_schema
    from hpsearch.errors import reason_of

    try:
        copy_schema(folder)
    except OSError as error:
        say(f"{folder / COPY}: not written, so editors do not check study files here: {reason_of(error)}")


def _names(given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the columns that an option names; a name with a comma in it stands in quotes."""
    return tuple(name for row in csv.reader(given or (), skipinitialspace=True) for name in row if name)
