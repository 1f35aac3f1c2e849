"""``hpsearch check``: is this study file right, and what does it mean?"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hpsearch.cli.options import DEFAULT_STORAGE, AsJson, print_json, print_text, say
from hpsearch.cli.run.start import (
    Address,
    Engine,
    Hours,
    Plateau,
    Settings,
    StudyFile,
    Target,
    Trials,
    Workers,
    given_terms,
    read_settings,
)
from hpsearch.errors import DataError, Fault, HpsearchError, StorageError

if TYPE_CHECKING:
    from hpsearch.data import Dataset
    from hpsearch.diagnosis.settings import Setting
    from hpsearch.study_file import StudySpec
    from hpsearch.worker.data.inputs import FoundInputs

PATHS = {
    "trials": "trials",
    "target": "stop.target",
    "hours": "stop.hours",
    "plateau": "stop.plateau",
    "engine": "fleet.engine",
    "address": "fleet.address",
    "workers": "fleet.workers",
}
"""Name of an option -> the setting that it stands for."""
_KEYS = ("study", "fleet", "origins", "rows", "cost", "data_hash", "code")
"""Keys of the document that a study has and a refused file has not."""


def check(  # noqa: PLR0913 - Typer reads options as arguments
    context: typer.Context,
    study_file: StudyFile,
    *,
    settings: Settings = None,
    trials: Trials = None,
    target: Target = None,
    hours: Hours = None,
    plateau: Plateau = None,
    engine: Engine = None,
    address: Address = None,
    workers: Workers = None,
    measure: Annotated[
        bool, typer.Option("--time", help="Train two epochs to estimate the time of a trial.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check a study file and its data.

    The command prints every setting and its source. It creates no study. It prints warnings on standard
    error. With --json each fault is an object with its line and column, also if the file is refused.

    Example: hpsearch check studies/digits.toml --time
    """
    from hpsearch.engine import ONE_THREAD

    os.environ.update(ONE_THREAD)  # as a worker trains
    from hpsearch.diagnosis.settings import settings_of

    given = given_terms(
        trials=trials,
        target=target,
        hours=hours,
        plateau=plateau,
        engine=engine,
        address=address,
        workers=workers,
    )
    typed = read_settings(settings)
    inputs = _inputs(study_file, given | {"settings": typed}, as_json=as_json)
    found = settings_of(inputs.spec, {PATHS[name]: _origin(context, name) for name in given})
    document = _document(inputs, found, measure=measure)
    if as_json:
        print_json(document)
    else:
        _print_text(study_file, found, document)


def _inputs(study_file: Path, given: Mapping[str, Any], *, as_json: bool) -> "FoundInputs":
    """Return a study and what it is evaluated on; where it is refused, print its faults for a program."""
    from hpsearch.api import load_study_file
    from hpsearch.worker import read_inputs

    spec = None
    try:
        spec = load_study_file(study_file, **given)
        return read_inputs(spec)
    except HpsearchError as error:
        if as_json:
            print_json(_refused(error, study_file, spec))
        raise


def _document(inputs: "FoundInputs", settings: "Sequence[Setting]", *, measure: bool) -> dict[str, Any]:
    from hpsearch.diagnosis.settings import cost, doubts
    from hpsearch.objective import training_rows
    from hpsearch.study_file import faults_of_doubts, spec_to_dict

    spec, dataset = inputs.spec, inputs.dataset
    warned = doubts(spec, dataset)
    return {
        "schema_version": 1,
        "faults": [asdict(fault) for fault in faults_of_doubts(spec, warned)],
        "study": spec_to_dict(spec),
        "fleet": asdict(spec.fleet),
        "origins": {setting.path: setting.origin for setting in settings},
        "rows": None if dataset is None else _rows(dataset, training_rows(spec, dataset)),
        "cost": None if dataset is None else cost(spec, dataset, timed=measure).to_json(),
        "warnings": warned,
        "notes": [] if dataset is None else list(dataset.notes),
        "data_hash": None if dataset is None else dataset.content_hash,
        "code": None if inputs.code is None else dict(inputs.code.hashes),
    }


def _refused(error: HpsearchError, study_file: Path, spec: "StudySpec | None") -> dict[str, Any]:
    """Return the document of a study that is refused: its faults, and null for what it would have."""
    found = getattr(error, "faults", ()) or (
        [Fault(file=str(study_file), message=str(error))]
        if spec is None
        else [spec.document.fault("data.source" if isinstance(error, DataError) else "", str(error))]
    )
    faults = [asdict(fault) for fault in found]
    return {**dict.fromkeys(_KEYS), "schema_version": 1, "faults": faults, "warnings": [], "notes": []}


def _rows(dataset: "Dataset", n_train: int) -> dict[str, int]:
    """Return the rows of each set; with folds all rows outside the test split score a trial."""
    return {
        "train": n_train,
        "validation": len(dataset.X_val) or len(dataset.X_train),
        "test": len(dataset.X_test),
        "features": dataset.X_train.shape[1],
        "classes": len(dataset.classes),
    }


def _print_text(study_file: Path, settings: "Sequence[Setting]", document: Mapping[str, Any]) -> None:
    doubts = list(document["warnings"])
    table = [(setting.origin, _named(setting.path), setting.value) for setting in settings]
    table += [("data", f"rows.{name}", value) for name, value in (document["rows"] or {}).items()]
    table += [("code", f"code.{name}", value) for name, value in (document["code"] or {}).items()]
    costs = {name: value for name, value in (document["cost"] or {}).items() if value is not None}
    table += [(_source(name), f"cost.{name}", value) for name, value in costs.items()]
    table.append(_storage(doubts))
    width = max(len(origin) for origin, _, _ in table)
    print_text(
        "\n".join(f"{origin:<{width}}  {path} = {_shown(path, value)}" for origin, path, value in table)
    )
    print_text(f"{study_file}: all right" + (", with doubts" if doubts else ""))
    for line in (*document["notes"], *doubts):
        say(f"hpsearch: {study_file}: {line}")


def _named(path: str) -> str:
    """Return a path as it is printed: who works is no part of the study."""
    return path if path.startswith("fleet.") else f"study.{path}"


def _origin(context: typer.Context, name: str) -> str:
    """Return what has given an option: its flag, or its variable."""
    source = context.get_parameter_source(name)
    return f"HPSEARCH_{name.upper()}" if source and source.name == "ENVIRONMENT" else f"--{name}"


def _source(name: str) -> str:
    return "measured" if name == "seconds_per_trial" else "computed"


def _shown(name: str, value: object) -> str:
    return f"{value:.2g}" if name == "cost.seconds_per_trial" else str(value)


def _storage(doubts: list[str]) -> tuple[str, str, str]:
    """Return where ``start`` would keep the study, and what says so; a wrong address is a doubt."""
    from hpsearch.store import masked

    given = os.environ.get("HPSEARCH_STORAGE")
    if not given:
        return "default", "storage", DEFAULT_STORAGE
    try:
        return "HPSEARCH_STORAGE", "storage", masked(given)
    except StorageError as error:
        doubts.append(str(error))
        return "HPSEARCH_STORAGE", "storage", "***"
