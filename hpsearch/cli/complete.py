"""Completions that a shell offers when Tab is pressed: at once, or none. They never write and never fail."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import quote, unquote

import typer

from hpsearch.defaults import BUILT_IN, SHIPPED

MODELS = (
    "logistic-regression",
    "random-forest",
    "extra-trees",
    "histogram-boosting",
    "svm",
    "nearest-neighbors",
    "lightgbm",
    "xgboost",
)
"""The names of ``NAMED_ESTIMATORS``, which takes as long; a test compares them, too."""

METRICS = ("accuracy", "balanced_accuracy", "f1", "log_loss", "roc_auc", "r2", "rmse", "mae")
"""The names of ``hpsearch.metrics.METRICS``; a test compares them, and the lists below with what is taken."""
TASKS = ("classification", "regression")
ENGINES = ("local", "dask", "slurm", "ray")
TABLES = ("csv", "jsonl", "parquet")
EXPORTS = dict.fromkeys(("winner", "ensemble", "nursed"), ("safetensors",)) | {"bundle": ("hpsearch",)}
"""What ``export`` writes, where it is no table -> the endings of its file."""

_SQLITE = "sqlite:///"
# The store would take 0.6 s to import, too long after Tab is pressed.
_NAMES = (
    "SELECT study_name FROM studies JOIN hpsearch_studies ON hpsearch_studies.study_id = studies.study_id "
    "WHERE hpsearch_studies.contract NOT LIKE '%\"confirms\":%' ORDER BY study_name"
)
_PATIENCE_S = 0.2
_CONNECT_S = 2  # libpq waits no shorter


def complete_study(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return the names of studies in the database that the command line names so far."""
    with suppress(Exception):  # whatever is wrong with it, a command will say
        return [name for name in _study_names(ctx.params["storage"]) if name.startswith(incomplete)]
    return []


def complete_start(incomplete: str) -> list[str]:
    """Return the studies that ship with hpsearch, and study files."""
    return [name for name in SHIPPED if name.startswith(incomplete)] + complete_study_file(incomplete)


def complete_study_file(incomplete: str) -> list[str]:
    """Return the study files of a folder and of the folders in it."""
    return _files(incomplete, (".toml",))


def complete_data(incomplete: str) -> list[str]:
    """Return data files, and the data that come with hpsearch."""
    return [name for name in BUILT_IN if name.startswith(incomplete)] + _files(
        incomplete, (".csv", ".tsv", ".txt", ".dat", ".data", ".arff", ".parquet", ".npz", ".gz", ".zip")
    )


def complete_model(incomplete: str) -> list[str]:
    """Return the models that ``init --model`` takes."""
    return [name for name in MODELS if name.startswith(incomplete)]


def one_of(*names: str) -> Callable[[str], list[str]]:
    """Return the completion of an option that takes one of a few names."""

    def complete(incomplete: str) -> list[str]:
        return [name for name in names if name.startswith(incomplete)]

    return complete


def study_or(*names: str) -> Callable[[typer.Context, str], list[str]]:
    """Return the completion of a first word that is a study, which may be left out, or one of a few names."""

    def complete(ctx: typer.Context, incomplete: str) -> list[str]:
        return [*complete_study(ctx, incomplete), *one_of(*names)(incomplete)]

    return complete


def file_with(*endings: str) -> Callable[[str], list[str]]:
    """Return the completion of a file to write: those that are there, and a new one with each ending."""

    def complete(incomplete: str) -> list[str]:
        return _written(incomplete, endings)

    return complete


def complete_export(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return files for what ``export`` is to write, by their endings."""
    what = next((word for word in ctx.args if word in EXPORTS), "")  # the parser stops at the open option
    return _written(incomplete, EXPORTS.get(what, TABLES))


def _written(incomplete: str, endings: tuple[str, ...]) -> list[str]:
    there = _files(incomplete, tuple(f".{ending}" for ending in endings))
    stem, dot, begun = Path(incomplete).name.rpartition(".")
    name = incomplete.removesuffix(f".{begun}") if dot else incomplete
    new = [f"{name}.{ending}" for ending in endings if ending.startswith(begun if dot else "")]
    return [*there, *(file for file in new if (stem or not dot) and Path(name).name and file not in there)]


def _files(incomplete: str, endings: tuple[str, ...]) -> list[str]:
    with suppress(OSError, ValueError):
        return sorted(_matching(incomplete, endings))
    return []


def _matching(incomplete: str, endings: tuple[str, ...]) -> Iterator[str]:
    """Yield files whose path begins so; of a folder its files, as a shell would end the word after it."""
    folder, begin = os.path.split(incomplete)
    for entry in os.scandir(folder or "."):
        if not entry.name.startswith(begin) or (entry.name.startswith(".") and not begin):
            continue
        path = str(Path(folder) / entry.name) if folder else entry.name
        if entry.is_dir():
            with suppress(OSError):
                yield from (f"{path}/{file.name}" for file in os.scandir(path) if file.name.endswith(endings))
        elif entry.name.lower().endswith(endings):
            yield path


def _study_names(url: str) -> list[str]:
    if url.startswith(_SQLITE):
        return _from_sqlite(Path(unquote(url.removeprefix(_SQLITE))))
    kind, _, rest = url.partition("://")
    return _from_postgresql(f"postgresql://{rest}") if kind.partition("+")[0] == "postgresql" else []


def _from_sqlite(path: Path) -> list[str]:
    # Without a writer it is opened as immutable: to open a file in WAL mode otherwise makes files beside it.
    in_use = path.with_name(path.name + "-wal").exists()
    address = f"file:{quote(str(path.absolute()))}?mode=ro" + ("" if in_use else "&immutable=1")
    with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_S)) as connection:
        return [name for (name,) in connection.execute(_NAMES)]


def _from_postgresql(url: str) -> list[str]:
    import psycopg
    from psycopg.conninfo import make_conninfo

    limit = "-c statement_timeout=500"
    address = make_conninfo(url, connect_timeout=_CONNECT_S, options=limit, client_encoding="UTF8")
    with psycopg.connect(address) as connection:
        return [name for (name,) in connection.execute(_NAMES)]
