"""What a process that an engine starts finds: its variables, and the folders that it imports from.

Python looks for modules first in the current folder, or in the folder of the script, where it is asked for
nothing else. A file ``random.py`` beside a study file would be a module of the standard library there. So no
process that is started here has such a folder; one that ``PYTHONPATH`` names stays.
"""

import os
import site
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType

ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""One BLAS thread a process: the cores belong to the workers."""
SAFE_PATH = ("PYTHONSAFEPATH", "hpsearch")
"""The variable that keeps Python from those folders, where no ``-P`` can be given; any value does."""
HOME = str(Path(__file__).resolve().parents[2])
"""The folder that holds this package."""


def subprocess_variables() -> dict[str, str]:
    """Return the variables of a process: one thread, and no folder that nothing has named."""
    path = os.environ.get("PYTHONPATH")
    # An empty part is the current folder: what ``PYTHONPATH=$NOTHING:more`` makes by accident.
    named = {} if path is None else {"PYTHONPATH": os.pathsep.join(_parts(path))}
    safe = {} if os.environ.get(SAFE_PATH[0]) else dict([SAFE_PATH])
    return ONE_THREAD | named | safe


def subprocess_path() -> list[str]:
    """Return ``sys.path`` without the folders that Python added: the current one, and that of the script."""
    script = getattr(sys.modules["__main__"], "__file__", None)
    added: list[str | Path] = [Path(), Path() if script is None else Path(script).parent]
    named: list[str | Path] = [*_parts(os.environ.get("PYTHONPATH", "")), *site.getsitepackages()]
    named.append(Path(os.__file__).parent)
    dropped = _real(added) - _real(named)
    path = [entry for entry in sys.path if entry and os.path.realpath(entry) not in dropped]
    return path if HOME in path else [*path, HOME]  # at the end it can hide no other module


def leave_safe_path() -> None:
    """Let programs that this process starts find the modules beside them, as they would elsewhere."""
    name, value = SAFE_PATH
    if os.environ.get(name) == value:
        del os.environ[name]


@contextmanager
def variables_of_subprocess(more: Mapping[str, str] | None = None) -> Iterator[None]:
    """Give this process the variables of the processes that it starts meanwhile, and more of them."""
    variables = subprocess_variables() | dict(more or {})
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def nothing_of_caller() -> Iterator[None]:
    """Hide what a process that is started meanwhile would take over: main module, its folder, arguments.

    Otherwise every process would run the caller's script again up to its main guard, and a script without
    one would start workers without end. Python 3.13.12 and 3.14.3 pass ``sys.argv`` to the server on its
    command line, where every user of the machine reads what the caller has hidden there.
    """
    main, path, arguments = sys.modules["__main__"], sys.path, sys.argv
    clean = subprocess_path()
    sys.modules["__main__"], sys.path, sys.argv = ModuleType("__main__"), clean, arguments[:1]
    try:
        yield
    finally:
        sys.modules["__main__"], sys.path, sys.argv = main, path, arguments


def _parts(path: str) -> list[str]:
    return [part for part in path.split(os.pathsep) if part]


def _real(folders: Iterable[str | Path]) -> set[str]:
    found = set()
    for folder in folders:
        with suppress(OSError):  # the current folder may be gone
            found.add(os.path.realpath(folder))
    return found
