"""Estimators by name: found in a package or in a file, and made with settings."""

import difflib
import importlib
import importlib.util
import inspect
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

NOTHING = "None"
"""The text that stands for ``None``, which TOML does not have."""
THREADS = ("n_jobs", "thread_count")
"""Parameters that say how many threads an estimator may use."""
SEED = "random_state"
KNOWN = ("sklearn", "lightgbm", "xgboost", "catboost")
"""Packages whose names are offered in place of one that is not there."""
_METHODS = ("fit", "predict", "get_params", "set_params")
_QUIET: Mapping[str, Mapping[str, Any]] = {
    "lightgbm": {"verbosity": -1},
    "catboost": {"verbose": False, "allow_writing_files": False},
}
"""Package -> parameters that keep it from printing a line for each tree."""
_FUNCTION = "write a function that returns it into a file beside the study file, and name it: models.py:make"


class EstimatorError(Exception):
    """An estimator cannot be made or fitted as a study says."""


def find(name: str, file: str | None) -> Any:
    """Return the class or the function that a study names.

    Args:
        name: ``"PACKAGE.MODULE.NAME"``, or a name in ``file``.
        file: A file of Python code, or ``None``.

    Raises:
        EstimatorError: There is none.
    """
    if file is None and name.endswith(".py"):
        raise EstimatorError("expected a package, found a file: FILE.py:FUNCTION names a function in it")
    where, last = (name.rpartition(".")[0], name.rpartition(".")[2]) if file is None else (file, name)
    module = _package(where) if file is None else _file(Path(file))
    found = getattr(module, last, None)
    if found is None:
        public = [key for key in vars(module) if not key.startswith("_")]
        place = where if file is None else Path(file).name
        raise EstimatorError(f"expected {last} in {place}, found none{_hint(last, public)}")
    if not callable(found):
        expected = f"expected a class or a function {last} in {where}"
        raise EstimatorError(f"{expected}, found a {type(found).__name__}")
    return found


def _package(where: str) -> Any:
    """Return a module of a package that is installed."""
    package = where.partition(".")[0]
    try:
        return importlib.import_module(where)
    except ModuleNotFoundError as error:
        if error.name == package:
            missing = f"expected the package {package}, which is not installed here"
            near = "" if package in KNOWN else _hint(package, KNOWN)
            raise EstimatorError(f"{missing}{near}") from None
        if error.name is None or not where.startswith(error.name):
            raise
        raise EstimatorError(f"expected a module {where}, found none in {package}") from None


def _file(path: Path) -> Any:
    """Return a file as a module; it may import its neighbours."""
    module = sys.modules.get(path.stem)
    if getattr(module, "__file__", None) == str(path):
        return module
    if not path.is_file():
        raise EstimatorError(f"expected the file {path.name} in {path.parent}, found none")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise EstimatorError(f"{path.name} is no Python file")
    sys.path.insert(0, str(path.parent))
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def make(name: str, file: str | None, settings: Mapping[str, Any]) -> Any:
    """Return an estimator with some settings.

    Args:
        name: As in ``find``.
        file: As in ``find``.
        settings: Parameter -> value; the text ``"None"`` is ``None``.

    Raises:
        EstimatorError: There is none, or it has no such parameter.
    """
    kind = find(name, file)
    try:
        estimator = kind()
    except TypeError as error:
        raise EstimatorError(
            f"expected an estimator that can be made without arguments: {error}; {_FUNCTION}"
        ) from None
    if not all(hasattr(estimator, method) for method in _METHODS):
        found = type(estimator).__name__
        raise EstimatorError(f"expected an estimator with {', '.join(_METHODS)}, found {found}")
    known = estimator.get_params(deep=True)
    open_ended = takes_more(estimator)
    for key in settings:
        hint = _hint(key, known)
        if key not in known and (hint or not open_ended):
            raise EstimatorError(f"{key}: {type(estimator).__name__} has no such parameter{hint}")
    quiet = _QUIET.get(type(estimator).__module__.partition(".")[0], {})
    named = {key: _plain(value) for key, value in settings.items()}
    estimator.set_params(**{**quiet, **named})
    return estimator


def takes_more(estimator: Any) -> bool:
    """Return whether an estimator takes parameters that its signature does not name."""
    parameters = inspect.signature(type(estimator).__init__).parameters.values()
    return any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters)


def _plain(value: Any) -> Any:
    if value == NOTHING:
        return None
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _hint(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f" (did you mean {close[0]}?)" if close else ""


def prepare(estimator: Any, *, seed: int) -> None:
    """Set every ``random_state`` that is left open to a seed, and every number of threads to one."""
    found = {}
    for key, value in estimator.get_params(deep=True).items():
        last = key.rpartition("__")[2]
        if value is None and last == SEED:
            found[key] = seed
        elif value is None and last in THREADS:
            found[key] = 1
    if found:
        estimator.set_params(**found)
