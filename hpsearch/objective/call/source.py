"""Where a function of Python comes from: what a study file would call it."""

import inspect
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hpsearch.objective.code import SUFFIX, CodeError
from hpsearch.objective.process.runner import MARK

_MAIN = "__main__"
_WHY = "a trial calls it in another process, which finds it by its name"


def call_of(function: Callable[..., Any]) -> tuple[str, Path]:
    """Return what ``objective.call`` says of a function, and the folder that it is found from.

    Args:
        function: A function at the top level of a file: a module, or the script that runs.

    Raises:
        CodeError: It cannot be found from another process: it is a lambda, a function inside a function, a
            method of an object, or lives in a notebook.
    """
    if os.environ.get(MARK):
        raise CodeError(
            "expected no search while a trial imports the file that began it, found one: put the call below\n"
            'if __name__ == "__main__":'
        )
    if not inspect.isfunction(function):
        found = f"an object of type {type(function).__name__}"
        raise CodeError(f"expected a function, found {found}: {_WHY}; write a function around it")
    name, module = function.__qualname__, function.__module__
    if "<" in name:
        inner = f"{function.__name__}, which lies inside a function"
        what = "a lambda" if function.__name__ == "<lambda>" else inner
        raise CodeError(f"expected a function at the top level of a file, found {what}: {_WHY}")
    file = getattr(sys.modules.get(module), "__file__", None)
    if file is None or not file.endswith(SUFFIX) or not Path(file).is_file():
        raise CodeError(
            f"expected a function of a file, found {name} of a notebook or a prompt: {_WHY}\n"
            "write it to a file, in a notebook with %%writefile train.py, and import it from there"
        )
    path = Path(file).resolve()
    if module == _MAIN or "." not in module:
        return f"{path.name}:{name}", path.parent
    depth = module.count(".") + (path.name == "__init__.py")
    return f"{module}:{name}", path.parents[depth]
