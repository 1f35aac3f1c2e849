"""The words of a command, and what it is told of its trial."""

import json
import math
import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hpsearch.number import read_number
from hpsearch.objective.process.variables import short_seed, trial_variables
from hpsearch.objective.task import Task


def facts_of(task: Task) -> dict[str, Any]:
    """Return what a command may be told of its trial beside its parameters."""
    return {
        "number": task.number,
        "seed": short_seed(task.seed),
        "attempt": task.attempt,
        "checkpoint_dir": str(task.folder),
    }


def filled_words(words: Sequence[str], task: Task, names: Sequence[str]) -> list[str]:
    """Return a command with the trial's values in place of ``{name}``; every other brace stays.

    A parameter that is not active in the trial is the empty text.

    Args:
        words: The program and its arguments.
        task: The trial.
        names: All parameters of the study.
    """
    values = {**dict.fromkeys(names, ""), **facts_of(task), **task.settings}
    known = "|".join(map(re.escape, sorted(values, key=len, reverse=True)))
    return [re.sub(rf"\{{({known})\}}", lambda match: text_of(values[match[1]]), word) for word in words]


def text_of(value: object) -> str:
    """Return a value as a command is given it: a text as it is, anything else as JSON writes it.

    Example:
        >>> text_of(True), text_of(1e-05), text_of("relu")
        ('true', '1e-05', 'relu')
    """
    return value if isinstance(value, str) else json.dumps(value)


def given_json(task: Task) -> bytes:
    """Return the trial's parameters as the JSON that the command finds on its standard input."""
    return json.dumps(dict(task.settings)).encode() + b"\n"


def command_variables(task: Task) -> dict[str, str]:
    """Return the variables of a command: the parameters and the facts of its trial are among them.

    ``python`` is the Python that hpsearch runs on.
    """
    facts = {f"HPSEARCH_{name.upper()}": text_of(value) for name, value in facts_of(task).items()}
    params = {f"HPSEARCH_{_upper(f'param_{name}')}": text_of(value) for name, value in task.settings.items()}
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return trial_variables({**facts, **params, "PATH": path})


def _upper(name: str) -> str:
    return re.sub(r"\W", "_", name, flags=re.ASCII).upper()


def message_of(line: bytes) -> Mapping[str, Any] | float | None:
    """Return the message in a line of output: a JSON object with a value, or a number; ``None`` for others.

    Example:
        >>> message_of(b'{"step": 3, "value": 0.8}'), message_of(b"0.5"), message_of(b"epoch 3")
        ({'step': 3, 'value': 0.8}, 0.5, None)
    """
    text = line.decode(errors="replace").strip()
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) and "value" in found else None
    number = read_number(text)
    try:
        return None if number is None else float(number)
    except OverflowError:
        return math.inf
