"""A reader who types what a page says, block by block, in one folder."""

import os
import shutil
import subprocess
import tomllib
from pathlib import Path

from hpsearch.api import check_study
from hpsearch.study_file import Document
from hpsearch.study_file.build import build_study
from tests.docs.blocks import agrees, session

ROOT = Path(__file__).resolve().parent.parent.parent
TYPED = ("sh", "console", "python", "pycon", "toml")
"""Languages of blocks that a reader uses; ``text`` and others are to be looked at."""
SAVED = ("c", "awk")
"""Languages of blocks that a reader saves as the file that their first line names."""
_FOREIGN = ("HPSEARCH_", "OPTUNA_", "TERM", "NO_COLOR", "FORCE_COLOR", "PYTEST_")
_SMALLER = {
    "trials = 100 ": "trials = 48 ",
    "parallelism = 16": "parallelism = 8",
    "rounds = [32, 8]": "rounds = [16, 4]",
    "hidden = [64, 64]": "hidden = [32]",
    "epochs = 10 ": "epochs = 5 ",
    "epochs = 30": "epochs = 6",
    "seeds = 5 ": "seeds = 2 ",
}
"""What makes the study of the pages a matter of seconds; every command stays as it is written."""

_DOCTEST = """
import doctest
found = doctest.testfile("block.txt", module_relative=False, optionflags=doctest.ELLIPSIS)
raise SystemExit(found.failed)
"""


def small_study():
    """Return ``studies/digits.toml`` with a small budget."""
    text = (ROOT / "studies" / "digits.toml").read_text()
    for large, small in _SMALLER.items():
        assert large in text, large
        text = text.replace(large, small)
    return text


def environment(folder):
    """Return what a reader's shell has, with a folder in front of the path."""
    base = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    ours = {"PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "80", "LINES": "24"}
    return (
        base | ours | {"PATH": f"{folder}{os.pathsep}{base['PATH']}", "HPSEARCH_CACHE": str(folder / "cache")}
    )


class Reader:
    """Somebody in a folder with the study files, who has the commands.

    Args:
        folder: Where they are.
        variables: Their environment.
    """

    def __init__(self, folder, variables):
        self.folder = Path(folder)
        self._variables = variables

    @classmethod
    def in_a_checkout(cls, folder, variables):
        """Return one who begins: study files, no database."""
        reader = cls(folder, variables)
        shutil.copytree(ROOT / "studies", reader.folder / "studies")
        (reader.folder / "studies" / "digits.toml").write_text(small_study())
        return reader

    def copy_to(self, folder):
        """Return another one, with all that this one has."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Reader(folder, self._variables)

    def type(self, command):
        """Run a command of a shell; return its exit code and all that it wrote."""
        done = subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", command],
            cwd=self.folder,
            env=self._variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def use(self, block):
        """Do with a block what its language asks for; return what is wrong, or nothing."""
        if block.not_run:
            return ""
        if block.file:
            path = self.folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text)
        return getattr(self, f"_use_{block.language}")(block) if block.language in TYPED else ""

    def _use_sh(self, block):
        code, out = self.type(block.text)
        return f"ended with {code}:\n{out}" if code else ""

    def _use_console(self, block):
        code = 0
        for command, expected in session(block.text):
            if command == "echo $?":
                out = str(code)
            else:
                code, out = self.type(command)
            if not agrees(expected, out):
                return f"$ {command}\nexpected:\n{expected}\nfound ({code}):\n{out}"
        return ""

    def _use_python(self, block):
        name = block.file or "block.py"
        (self.folder / name).write_text(block.text)
        code, out = self.type(f"python {name}")
        return f"ended with {code}:\n{out}" if code else ""

    def _use_pycon(self, block):
        (self.folder / "block.txt").write_text(block.text)
        code, out = self.type(f"python -c '{_DOCTEST}'")
        return f"ended with {code}:\n{out}" if code else ""

    def _use_toml(self, block):
        """A whole study file, or tables of one: the others are those of ``studies/digits.toml``."""
        values = tomllib.loads(block.text)
        outside = {"call", "command"} & set(values.get("objective", {}))
        if "name" not in values or not (outside or "data" in values):
            values = whole(values)
        document = Document(path=self.folder / "x.toml")
        try:
            check_study(build_study(values, document))
        except Exception as error:  # noqa: BLE001 - whatever it is, the page is wrong
            return f"{type(error).__name__}: {error}"
        return ""


def whole(values):
    """Return a study file's tables with those of ``studies/digits.toml`` where it has none."""
    base = tomllib.loads(small_study())
    both = {
        key: base.get(key, {}) | value if isinstance(value, dict) and key != "space" else value
        for key, value in values.items()
    }
    result = base | both
    return result | {"model": {k: v for k, v in result["model"].items() if k not in result["space"]}}
