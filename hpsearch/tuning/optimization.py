"""The search over a function, from Python and without a study file."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from hpsearch.api import DEFAULT_STORAGE, check_study, start
from hpsearch.objective.call.source import call_of
from hpsearch.report.view import StudyView
from hpsearch.study_file import Document, build_study, parameter_table

_TABLES = ("search", "stop", "confirm")


def optimize(  # noqa: PLR0913 - each has a default
    score: Callable[..., Any],
    *,
    space: Mapping[str, Any],
    trials: int = 60,
    name: str | None = None,
    direction: str = "maximize",
    seed: int = 0,
    storage: str = DEFAULT_STORAGE,
    workers: int | None = None,
    progress: bool | None = None,
    **settings: Any,
) -> StudyView:
    """Search the parameters of a function, confirm the winner, and return the study.

    It is what ``hpsearch start`` does with a study file whose ``objective.call`` names the function, and the
    same call goes on where an earlier one ended. Trials call the function in processes of their own, so it
    must be at the top level of a file: of a module, or of the script that runs. There the call itself stands
    below ``if __name__ == "__main__":``. A lambda, a function inside a function, a method, and a function of
    a notebook or a prompt cannot be found from another process, and are refused.

    Args:
        score: ``score(trial)`` returns a number, or a dict with one at ``"value"``.
        space: Parameter -> what ``[space]`` of a study file has: ``{"low": 1e-5, "high": 0.1, "log": True}``,
            or ``{"choices": [...]}``; a list stands for its choices.
        trials: Number of trials, exactly.
        name: The study's name; the function's by default.
        direction: Which values are better: ``"maximize"`` or ``"minimize"``.
        seed: The study's seed.
        storage: The database.
        workers: How many are launched; one a core by default.
        progress: As ``hpsearch.start`` has it.
        settings: Further keys of the file: ``parallelism``, ``attempts``, the tables ``search``, ``stop``,
            ``confirm``, and of ``[objective]``: ``metric``, ``timeout``, ``memory``, ``max_failures``.

    Returns:
        The study: ``.best.params``, ``.best.value``, ``.trials``, ``.plot.history()``...

    Raises:
        CodeError: The function cannot be found from another process.
        StudyFileError: A setting cannot be.
        ContractError: A study of this name exists with other settings or another version of the function.
        NoSuccessError: Every trial failed.

    Example:
        >>> hpsearch.optimize(score, space={"x": {"low": 0.0, "high": 1.0}}).best.params  # doctest: +SKIP
        {'x': 0.25}
    """
    call, folder = call_of(score)
    top = {key: settings.pop(key) for key in ("parallelism", "attempts", *_TABLES) if key in settings}
    values = {
        "name": name or score.__name__,
        "seed": seed,
        "trials": trials,
        "objective": {"call": call, "direction": direction, **settings},
        "space": {key: parameter_table(value) for key, value in space.items()},
        **top,
    }
    spec = check_study(build_study(values, Document(path=Path(folder, "<study>"))))
    return start(spec, storage=storage, workers=workers, progress=progress)
