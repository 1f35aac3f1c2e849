"""What a process has imported, and what one imports from which commands are forked."""

import sys
from importlib import import_module

MODULES = ("hpsearch.api", "hpsearch.report.page.document", "hpsearch.report.view", "optuna")
PACKAGES = ("hpsearch.data", "hpsearch.report", "hpsearch.search", "hpsearch.store", "hpsearch.worker")
"""They import a name when it is first used: every fork would do it again."""


def load(*more):
    """Import what commands use, whichever they are, and more modules; return all commands as a program."""
    for module in (*MODULES, *more):
        import_module(module)
    for package in map(import_module, PACKAGES):
        for name in package.__all__:
            getattr(package, name)
    return import_module("hpsearch.cli.app").make_app()


def told():
    """Return the libraries, and the packages of hpsearch below the first, that are loaded; for JSON."""
    rooms = {
        name.partition(".")[2]
        for name, module in sys.modules.items()
        if name.startswith("hpsearch.") and hasattr(module, "__path__")
    }
    return sorted({name.partition(".")[0] for name in sys.modules}), sorted(rooms)
