"""``hpsearch check``: is this study file right, and what does it mean?"""

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from hpsearch.cli.complete import complete_study_file
from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, print_json, say
from hpsearch.cli.start import Hours, Plateau, Target, Trials
from hpsearch.errors import StorageError

PATHS = {"trials": "trials", "target": "stop.target", "hours": "stop.hours", "plateau": "stop.plateau"}
"""Name of an option -> the setting that it stands for."""


def check(  # noqa: PLR0913 - Typer reads options as arguments
    study_file: Annotated[
        Path,
        typer.Argument(help="The study, a TOML file.", metavar="FILE", autocompletion=complete_study_file),
    ],
    *,
    trials: Trials = None,
    target: Target = None,
    hours: Hours = None,
    plateau: Plateau = None,
    measure: Annotated[
        bool, typer.Option("--time", help="Train two epochs to tell how long a trial takes.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a study file and its data; print every setting and where it comes from.

    Nothing is written: neither study nor trial. What is allowed but doubtful is said on standard error.

    Example: hpsearch check studies/digits.toml --time
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)  # as a worker trains
    from hpsearch.api import load_study_file
    from hpsearch.report.check import cost, doubts, leaves
    from hpsearch.spec import spec_to_dict
    from hpsearch.worker import load_data

    options: dict[str, Any] = {"trials": trials, "target": target, "hours": hours, "plateau": plateau}
    given = {name: value for name, value in options.items() if value is not None}
    spec = load_study_file(study_file, **given)
    dataset = load_data(spec, spec.base)
    found = leaves(spec, {PATHS[name]: f"--{name}" for name in given})
    rows = {
        "train": len(dataset.X_train),
        "validation": len(dataset.X_val),
        "test": len(dataset.X_test),
        "features": dataset.X_train.shape[1],
        "classes": len(dataset.classes),
    }
    price = cost(spec, dataset, timed=measure).to_json()
    warnings = doubts(spec, dataset)
    if as_json:
        origins = {leaf.path: leaf.origin for leaf in found}
        print_json(
            {
                "schema_version": 1,
                "study": spec_to_dict(spec),
                "origins": origins,
                "rows": rows,
                "cost": price,
                "warnings": warnings,
                "data_hash": dataset.content_hash,
            }
        )
        return
    table = [(leaf.origin, f"study.{leaf.path}", leaf.value) for leaf in found]
    table += [("data", f"rows.{name}", value) for name, value in rows.items()]
    table += [(_source(name), f"cost.{name}", value) for name, value in price.items() if value is not None]
    table.append(_storage(warnings))
    width = max(len(origin) for origin, _, _ in table)
    typer.echo(
        "\n".join(f"{origin:<{width}}  {path} = {_shown(path, value)}" for origin, path, value in table)
    )
    typer.echo(f"{study_file}: all right" + (", with doubts" if warnings else ""))
    for line in warnings:
        say(f"hpsearch: {study_file}: {line}")


def _source(name: str) -> str:
    return "measured" if name == "seconds_per_trial" else "computed"


def _shown(name: str, value: object) -> str:
    return f"{value:.2g}" if name == "cost.seconds_per_trial" else str(value)


def _storage(warnings: list[str]) -> tuple[str, str, str]:
    """Return where ``start`` would keep the study, and what says so; a wrong address is a doubt."""
    from hpsearch.store import masked

    given = os.environ.get("HPSEARCH_STORAGE")
    if not given:
        return "default", "storage", DEFAULT_STORAGE
    try:
        return "HPSEARCH_STORAGE", "storage", masked(given)
    except StorageError as error:
        warnings.append(str(error))
        return "HPSEARCH_STORAGE", "storage", "***"
