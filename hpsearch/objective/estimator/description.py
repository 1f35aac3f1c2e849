"""The description of an estimator: another process imports its library, and may take its time or crash."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from hpsearch.objective.code import call_parts
from hpsearch.objective.process.variables import trial_variables
from hpsearch.study_file import Setting, StudySpec
from hpsearch.types import JsonScalar

PATIENCE_S = 120.0
"""A library that is not imported after so long is not waited for."""
_LISTED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What an estimator is.

    Attributes:
        name: Its class.
        kind: ``"classifier"``, ``"regressor"``, or ``None`` where it does not say.
        parameters: Parameter -> default; ``None`` where that is no scalar.
        open_ended: Whether it takes parameters that its signature does not name.
        probabilities: Whether it predicts probabilities.
        native: Whether it takes columns of categories and missing numbers as they are.
        weights: Whether it takes weights of rows.
        trees: Whether it is made of trees, for which the order of categories says enough.
        refused: The key of a setting that its own check refuses, with the message, or ``None``.
    """

    name: str
    kind: str | None
    parameters: Mapping[str, JsonScalar]
    open_ended: bool
    probabilities: bool
    native: bool
    weights: bool
    trees: bool
    refused: tuple[str, str] | None = None


def describe_estimator(spec: StudySpec, points: Sequence[tuple[str, Mapping[str, Setting]]]) -> Description:
    """Return what the estimator of a study is.

    Args:
        spec: The study.
        points: Key of the study file -> settings that the estimator's own check of values is to look at.

    Raises:
        StudyFileError: There is no such estimator.
    """
    objective = spec.objective
    found = named(objective.estimator or "", spec.base.resolve())
    request = {
        **found,
        "model": dict(spec.model),
        "points": [[key, dict(settings)] for key, settings in points],
    }
    file = found["file"]
    content = b"" if file is None or not Path(file).is_file() else Path(file).read_bytes()
    answer = _asked(json.dumps(request), spec.base, content)
    if "error" in answer:
        raise spec.document.error("objective.estimator", answer["error"])
    refused = answer["refused"]
    return Description(**{**answer, "refused": None if refused is None else (refused[0], refused[1])})


def named(estimator: str, folder: Path) -> dict[str, str | None]:
    """Return how another process finds an estimator: its name, and its file where it lies in one."""
    if ":" not in estimator:
        return {"estimator": estimator, "file": None}
    where, name = call_parts(estimator)
    return {"estimator": name, "file": str(folder / where)}


@lru_cache
def _asked(request: str, folder: Path, content: bytes) -> Mapping[str, Any]:
    """Return the answer to a request; a study is checked several times, and each import takes a second.

    Args:
        request: The request.
        folder: The working folder.
        content: The content of the estimator's file: where it changes, it is asked again.
    """
    del content
    try:
        asked = subprocess.run(
            [sys.executable, "-P", "-m", "hpsearch.estimators.description"],
            input=request.encode(),
            env=trial_variables({"OMP_NUM_THREADS": "1"}),
            cwd=folder,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": f"expected it to be imported within {PATIENCE_S:g} s, found it still at work"}
    if asked.returncode or not asked.stdout:
        last = asked.stderr.decode(errors="replace").strip().rpartition(os.linesep)[2]
        return {
            "error": f"expected an estimator, found that its process ended with {asked.returncode}: {last}"
        }
    answer: dict[str, Any] = json.loads(asked.stdout)
    return answer
