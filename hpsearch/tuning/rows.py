"""The search over a model for rows in memory, from Python and without a file."""

import hashlib
import io
import tempfile
import tomllib
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hpsearch.api import check_study, load_model, start
from hpsearch.data.cache import cache_root
from hpsearch.errors import DataError
from hpsearch.files import whole_file
from hpsearch.nn import LoadedModel
from hpsearch.objective import draft_study
from hpsearch.objective.mlp.layers import HIDDEN, has_layers
from hpsearch.report.view import StudyView
from hpsearch.store import Ledger
from hpsearch.study_file import DataSpec, Document, build_study, parameter_table
from hpsearch.worker import Stop, save_study_model

_TARGET = "target"


def tune(  # noqa: PLR0913 - each has a default
    X: Any,
    y: ArrayLike,
    *,
    model: str | None = None,
    space: Mapping[str, Any] | None = None,
    trials: int = 60,
    metric: str | None = None,
    name: str = "tuned",
    seed: int = 0,
    storage: str | None = None,
    workers: int | None = None,
    progress: bool | None = None,
    **settings: Any,
) -> StudyView:
    """Search the settings of a model for rows in memory, confirm the winner, and return the study.

    It is what ``hpsearch init`` and ``hpsearch start`` do with a table. The rows are written to a file in the
    cache folder, where workers find them, and the same call goes on where an earlier one ended.

    Args:
        X: ``(n, d)``: numbers, or a data frame with texts, dates and missing cells as well.
        y: ``(n,)``: labels, or numbers for a regression.
        model: A name that ``hpsearch init --model`` takes, such as ``"random-forest"``; ``None`` for a
            network.
        space: Parameter -> what ``[space]`` of a study file has, in place of the usual one; a list stands for
            its choices.
        trials: Number of trials, exactly.
        metric: What trials are judged by; accuracy or R2 by default.
        name: The study's name.
        seed: The study's seed.
        storage: The database; by default that of ``HPSEARCH_STORAGE``, or ``sqlite:///hpsearch.db``.
        workers: How many are launched; one a core by default.
        progress: Whether a line says where the study stands, as ``hpsearch.start`` has it.
        settings: Further tables of a study file by name, over the usual ones: ``data``, ``model_settings``
            (the table ``[model]``), ``search``, ``stop``, ``confirm``; and ``parallelism``, ``attempts``.

    Returns:
        The study: ``.best.params``, ``.best.test``, ``.plot_history()``...; a notebook shows its report.

    Raises:
        DataError: Nothing can be learned from the rows.
        StudyFileError: A setting cannot be.
        ContractError: A study of this name exists with other rows or settings.
        NoSuccessError: Every trial failed.

    Example:
        >>> study = hpsearch.tune(X, y, model="random-forest", trials=40)  # doctest: +SKIP
        >>> hpsearch.load_winner(study).predict(X[:3])  # doctest: +SKIP
        array(['setosa', 'setosa', 'setosa'], dtype='<U10')
    """
    data = _written(X, y)
    file = data.with_name("<study>")
    target = _TARGET if data.suffix == ".csv" else None
    draft = draft_study(DataSpec(source=str(data), target=target), file=file, metric=metric, model=model)
    usual = {**tomllib.loads(draft.text), "name": name, "seed": seed, "trials": trials}
    spec = check_study(build_study(_over(usual, space, settings), Document(path=file)))
    return start(spec, storage=storage, workers=workers, progress=progress)


def _over(
    usual: Mapping[str, Any], space: Mapping[str, Any] | None, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the tables of a drafted study with those that were given."""
    values = {key: value for key, value in usual.items() if key != "parallelism"}
    # A study that an earlier version began with this call has no learned start, and goes on with this call.
    values["search"] = {key: value for key, value in usual["search"].items() if key != "start"}
    if space is not None:
        values["space"] = {key: parameter_table(value) for key, value in space.items()}
        values["model"] = {key: value for key, value in values.get("model", {}).items() if key not in space}
    for given, value in settings.items():
        key = "model" if given == "model_settings" else given
        merges = isinstance(value, Mapping) and isinstance(values.get(key), Mapping)
        values[key] = {**values[key], **value} if merges else value
    model = values.get("model")
    if isinstance(model, Mapping) and has_layers((*values["space"], *model)):
        # Depth and width stand in place of the layers that were drafted, not of those that were given.
        own = HIDDEN in settings.get("model_settings", {})
        values["model"] = {key: value for key, value in model.items() if own or key != HIDDEN}
    return values


def load_winner(study: StudyView, *, ensemble: bool = False) -> LoadedModel:
    """Return the winner of a study, or its ensemble, as a model that predicts rows.

    It is trained again to the same bits, as ``hpsearch export winner`` does.

    Args:
        study: The study.
        ensemble: Whether the ensemble is wanted.

    Raises:
        NotFoundError: There is no winner yet, or no ensemble.
        ContractError: The data here are not the data of the study.
        MissingPackageError: It is an estimator, and skops is not installed.
    """
    with tempfile.TemporaryDirectory() as folder, closing(Ledger(study.storage)) as ledger:
        path = Path(folder) / "model.safetensors"
        what = "ensemble" if ensemble else "winner"
        save_study_model(ledger, ledger.find_study(study.name), what, path, stop=Stop())
        return load_model(path)


def _written(X: Any, y: ArrayLike) -> Path:
    """Return the file of rows in memory, named by its content.

    Raises:
        DataError: They are no rows with a target each.
    """
    target = np.asarray(y)
    if target.ndim != 1 or len(target) != len(X):
        raise DataError(f"y: expected a label or a number for each of {len(X)} rows, found {target.shape}")
    if hasattr(X, "to_csv"):
        if _TARGET in X.columns:
            raise DataError(f"X: expected no column {_TARGET!r}, which is the name that y gets; rename it")
        content, suffix = X.assign(**{_TARGET: target}).to_csv(index=False).encode(), ".csv"
    else:
        rows = np.ascontiguousarray(X)
        if rows.ndim != 2 or rows.dtype.kind not in "biuf":
            found = f"{rows.dtype} {rows.shape}"
            raise DataError(f"X: expected numbers (n, d) or a data frame, found {found}")
        content, suffix = _archive(rows, target), ".npz"
    path = cache_root() / "rows" / f"{hashlib.sha256(content).hexdigest()[:32]}{suffix}"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            file.write_bytes(content)
    return path


def _archive(X: Any, y: Any) -> bytes:
    file = io.BytesIO()
    np.savez(file, X=X, y=y.astype("U") if y.dtype == object else y)
    return file.getvalue()
