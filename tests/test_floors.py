"""The floors of design.md, section 5: who may import whom."""

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP = 9
"""``hpsearch/__init__.py`` and ``__main__.py`` stand above all."""
FLOORS = {
    "cli": 8,
    "api": 7,
    "diagnosis": 7,
    "dashboard": 6,
    "engine": 6,
    "worker": 5,
    "report": 5,
    "bundle": 5,
    "store": 4,
    "search": 3,
    "objective": 3,
    "study_file": 2,
    "nn": 2,
    "data": 2,
    "artifacts": 2,
    "space": 1,
    "notify": 1,
    "files": 1,
    "errors": 0,
    "types": 0,
}

_DOTTED = re.compile(r"hpsearch(\.\w+)*")


def modules(root):
    """Return the dotted name -> file of every module of the package in a folder."""
    found = {}
    for path in sorted((root / "hpsearch").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name, known):
    """Return the modules of the package that a module names: in functions, for types and in strings too."""
    return {target for target in _named(name, known) if target != name}


def _named(name, known) -> Iterator[str]:
    package = name if known[name].name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(known[name].read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if _DOTTED.fullmatch(alias.name))
        elif isinstance(node, ast.ImportFrom):
            above = package.rsplit(".", node.level - 1)[0] if node.level else ""
            module = ".".join(part for part in (above, node.module) if part)
            if _DOTTED.fullmatch(module):
                inner = (f"{module}.{alias.name}" for alias in node.names)
                yield from (one if one in known else module for one in inner)
        elif isinstance(node, ast.Constant) and node.value in known and node.value != "hpsearch":
            yield node.value  # a name for import_module; the bare one is the distribution's


def room(name):
    """Return the folder, or the module at the top level, that a module belongs to."""
    return name.split(".")[1] if "." in name else name


def floor(name):
    """Return a module's floor; a ``KeyError`` means that design.md gives it none."""
    return TOP if name in {"hpsearch", "hpsearch.__main__"} else FLOORS[room(name)]


def violations(root):
    """Return ``(module, what it imports)`` where that is neither on a lower floor nor in its own folder."""
    known = modules(root)
    pairs = [(name, target) for name in known for target in sorted(imports(name, known))]
    return [(a, b) for a, b in pairs if room(a) != room(b) and not floor(b) < floor(a)]


def cycle(root):
    """Return a cycle of modules that import each other, or nothing."""
    known = modules(root)
    try:
        TopologicalSorter({name: imports(name, known) for name in known}).prepare()
    except CycleError as error:
        return error.args[1]
    return []


@pytest.fixture
def planted(tmp_path):
    """Return a function that makes a package out of texts, with every folder of the table in it."""

    def plant(texts):
        files = {f"hpsearch/{name}/__init__.py": "" for name, n in FLOORS.items() if 1 < n != 7}
        files |= {
            f"hpsearch/{name}.py": ""
            for name in ("__init__", "__main__", "api", "errors", "types", "files", "notify")
        }
        for name, text in (files | texts).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return plant


def test_every_import_goes_down_or_stays_in_its_folder():
    """No module imports from its own floor or above, except from its own folder."""
    assert violations(ROOT) == []


def test_no_modules_import_each_other_in_a_circle():
    """Inside the folders, too, imports go one way."""
    assert cycle(ROOT) == []


def test_the_checker_reads_the_whole_package():
    """The test above would mean nothing on an empty list of modules."""
    known = modules(ROOT)
    assert {room(name) for name in known} - {"hpsearch", "__main__"} == set(FLOORS)
    assert "hpsearch.store" in imports("hpsearch.cli.results.list", known)
    assert "hpsearch.search.sampling.tpe" in imports("hpsearch.search.sampling.stages", known)


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("store/x.py", "import hpsearch.worker\n", ("hpsearch.store.x", "hpsearch.worker")),
        ("store/x.py", "from hpsearch import api\n", ("hpsearch.store.x", "hpsearch.api")),
        ("store/x.py", "from hpsearch import HpsearchError\n", ("hpsearch.store.x", "hpsearch")),
        ("report/x.py", "from hpsearch.worker import work\n", ("hpsearch.report.x", "hpsearch.worker")),
        (
            "nn/deep/x.py",
            "def f():\n    from hpsearch.data import load\n",
            ("hpsearch.nn.deep.x", "hpsearch.data"),
        ),
        (
            "space/x.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hpsearch.nn import MLPConfig\n",
            ("hpsearch.space.x", "hpsearch.nn"),
        ),
        ("data/x.py", "from ..search import propose\n", ("hpsearch.data.x", "hpsearch.search")),
        ("data/__init__.py", "from .. import api\n", ("hpsearch.data", "hpsearch.api")),
        (
            "engine/x.py",
            "from importlib import import_module\nimport_module('hpsearch.dashboard')\n",
            ("hpsearch.engine.x", "hpsearch.dashboard"),
        ),
        ("errors.py", "from hpsearch.types import Json\n", ("hpsearch.errors", "hpsearch.types")),
    ],
)
def test_the_checker_finds_a_planted_violation(planted, path, text, found):
    """An import upwards or sideways is found in whatever clothes it comes."""
    assert violations(planted({f"hpsearch/{path}": text})) == [found]


def test_the_checker_lets_imports_downwards_pass(planted):
    """What the design allows is no violation."""
    texts = {
        "hpsearch/__init__.py": "from hpsearch.api import start\n",
        "hpsearch/cli/x.py": "from hpsearch import api\nfrom hpsearch.cli import y\nimport hpsearchlight\n",
        "hpsearch/cli/y.py": "from hpsearch.errors import HpsearchError\n",
    }
    root = planted(texts)
    assert violations(root) == []
    assert cycle(root) == []


def test_the_checker_finds_a_planted_cycle(planted):
    """Two modules of one folder that import each other are found, one of them in a function."""
    texts = {
        "hpsearch/nn/a.py": "from hpsearch.nn.b import g\n",
        "hpsearch/nn/b.py": "def g():\n    from hpsearch.nn import a\n",
    }
    assert set(cycle(planted(texts))) == {"hpsearch.nn.a", "hpsearch.nn.b"}
