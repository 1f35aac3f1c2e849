"""``hpsearch check``: is this study file right?"""

from pathlib import Path
from typing import Annotated, Any

import typer

from hpsearch.cli.options import AsJson, print_json


def check(
    study_file: Annotated[Path, typer.Argument(help="The study, a TOML file.", metavar="FILE")],
    *,
    as_json: AsJson = False,
) -> None:
    """Check a study file and its data, and print the study with every default filled in.

    Nothing is written: neither study nor trial.

    Example: hpsearch check studies/digits.toml
    """
    from hpsearch.api import load_study_file
    from hpsearch.spec import spec_to_dict
    from hpsearch.worker import load_data

    spec = load_study_file(study_file)
    dataset = load_data(spec, spec.base)
    rows = {
        "train": len(dataset.X_train),
        "validation": len(dataset.X_val),
        "test": len(dataset.X_test),
        "features": dataset.X_train.shape[1],
        "classes": len(dataset.classes),
    }
    document = {
        "schema_version": 1,
        "study": spec_to_dict(spec),
        "rows": rows,
        "data_hash": dataset.content_hash,
    }
    if as_json:
        print_json(document)
    else:
        typer.echo("\n".join(_lines({"study": document["study"], "rows": rows})))
        typer.echo(f"{study_file}: all right")


def _lines(value: Any, path: str = "") -> list[str]:
    """Return ``path = value`` for each leaf; what has a name has it in its path, as in an error's."""
    if isinstance(value, list) and value and all(isinstance(item, dict) and "name" in item for item in value):
        value = {item["name"]: {key: item[key] for key in item if key != "name"} for item in value}
    if not isinstance(value, dict):
        return [f"{path} = {value}"]
    return [line for key, item in value.items() for line in _lines(item, f"{path}.{key}" if path else key)]
