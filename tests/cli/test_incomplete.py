"""A Python, an environment or an installation that lacks a part says which, in one line."""

import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.fixtures import cache, program
from tests.cli.program import ROOT
from tests.test_limits import STUDY

pytestmark = pytest.mark.long

__all__ = ["cache", "program"]

HIDES = """
import os, sys
class Hides:
    def find_spec(self, name, path=None, target=None):
        if name in os.environ["HIDDEN"].split():
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Hides())
"""
"""A module that runs before all others: what is hidden cannot be found, as if it were not there."""


def without(program, module, *arguments):
    """Run a command in an environment without a module."""
    folder = Path(program.folder, "hides")
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(HIDES)
    return program.run(*arguments, PYTHONPATH=str(folder), HIDDEN=module)


@pytest.mark.parametrize("command", [("--help",), ("start", "p.toml", "--quiet"), ("status",), ("doctor",)])
@pytest.mark.parametrize("module", ["_sqlite3", "_ctypes", "_multiprocessing"])
def test_fault_92_a_python_that_lacks_a_part_is_named(program, module, command):
    """Commands that need a part of Python name it and say what to do; the rest work."""
    program.write("p.toml", STUDY)
    run = without(program, module, *command)
    assert "Traceback" not in run.err
    assert run.code in {0, 1, 4}, run.err  # 4: there is no database yet
    if run.code == 1:
        assert run.err == (
            f"hpsearch: this Python lacks its own module {module!r}: "
            "take a Python that was built with all its parts\n"
        )
    assert run.code or module != "_sqlite3"


@pytest.mark.parametrize(
    ("module", "command"),
    [
        ("typer", ("status",)),
        ("sqlalchemy", ("status",)),
        ("scipy", ("start", "p.toml", "--quiet")),
        ("threadpoolctl", ("start", "p.toml", "--quiet")),
        ("optuna_dashboard", ("dashboard",)),
        ("waitress", ("dashboard",)),
    ],
)
def test_fault_92_a_package_that_is_missing_is_named(program, module, command):
    """A package that pip was kept from installing is named, with what installs it."""
    program.write("p.toml", STUDY)
    run = without(program, module, *command)
    assert (run.code, run.err.count("\n")) == (1, 1), run.err
    assert f"expected the module {module!r}, found none: pip install" in run.err


def test_fault_92_a_zip_file_makes_no_tables(program):
    """From a zip file there are no migrations to run: said before a database is made."""
    archive = Path(program.folder, "hpsearch.zip")
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted((ROOT / "hpsearch").rglob("*.py")):
            file.write(path, path.relative_to(ROOT))
    program.write("p.toml", STUDY)
    code = f"import sys; sys.path.insert(0, {str(archive)!r}); from hpsearch.cli import main; main()"
    own = {"HPSEARCH_CACHE": str(program.folder / "cache")}
    run = program.run("start", "p.toml", command=[sys.executable, "-P", "-c", code], **own)
    assert (run.code, run.err.count("\n")) == (4, 1), run.err
    assert "a zip file cannot hold it" in run.err
