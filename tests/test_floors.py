"""The floors and rooms of docs/architecture.md: who may import whom.

The folders of the package stand on floors that the table ``FLOORS`` gives them. Inside a folder its children,
files and sub-folders alike, are rooms. The imports between them have no circle, so they have floors as well.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

TOP = 10
"""The floor of ``hpsearch/__init__.py`` and ``__main__.py``."""
FLOORS = {
    "cli": 9,
    "tuning": 9,
    "api": 8,
    "confirmation": 8,
    "diagnosis": 8,
    "nursing": 8,
    "dashboard": 7,
    "engine": 7,
    "worker": 6,
    "report": 6,
    "bundle": 6,
    "store": 5,
    "search_cv": 5,
    "portfolio": 5,
    "search": 4,
    "prediction": 4,
    "objective": 4,
    "nn": 3,
    "data": 3,
    "artifacts": 3,
    "memory": 2,
    "study_file": 2,
    "metrics": 1,
    "table": 1,
    "space": 1,
    "estimators": 1,
    "notify": 1,
    "inputs": 1,
    "files": 1,
    "limits": 1,
    "cgroups": 0,
    "defaults": 0,
    "errors": 0,
    "number": 0,
    "text": 0,
    "signals": 0,
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


@lru_cache
def graph(root):
    """Return the graph of a package's modules: name -> the modules that it names."""
    known = modules(root)
    return {name: imports(name, known) for name in known}


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
    """Return a module's floor; a ``KeyError`` means that the table gives it none."""
    return TOP if name in {"hpsearch", "hpsearch.__main__"} else FLOORS[room(name)]


def violations(root):
    """Return each pair (module, imported module) that is neither downward nor inside one folder."""
    pairs = [(name, target) for name, targets in graph(root).items() for target in sorted(targets)]
    return [(a, b) for a, b in pairs if room(a) != room(b) and not floor(b) < floor(a)]


def cycle(root):
    """Return a cycle of modules that import each other, or an empty list."""
    return circle(graph(root))


def circle(arrows):
    """Return a circle of a graph, node -> nodes that it points to, or an empty list."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def rooms(package, arrows):
    """Return the graph of a package's children: child -> the other children that it imports from.

    Args:
        package: Its dotted name.
        arrows: The graph of all modules.
    """
    found = {name: set() for name in arrows if name.rpartition(".")[0] == package}
    depth = package.count(".") + 2
    for name in arrows:
        if name.startswith(f"{package}."):
            child = ".".join(name.split(".")[:depth])
            targets = (".".join(target.split(".")[:depth]) for target in arrows[name])
            found[child] |= {target for target in targets if target in found and target != child}
    return found


def circles(root):
    """Return package -> a circle of its children, for each package that has one."""
    packages = [name for name, path in modules(root).items() if path.name == "__init__.py"]
    return {package: found for package in packages if (found := circle(rooms(package, graph(root))))}


def upward(root):
    """Return each pair (module, package above it) where a child imports from its own package."""
    arrows = graph(root).items()
    return [(name, t) for name, targets in arrows for t in sorted(targets) if name.startswith(f"{t}.")]


@pytest.fixture
def planted(tmp_path):
    """Return a function that makes a package out of texts, with every folder of the table in it."""

    def plant(texts):
        files = {f"hpsearch/{name}/__init__.py": "" for name, n in FLOORS.items() if 1 < n != 8}
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


def test_no_rooms_import_from_each_other_in_a_circle():
    """At every depth, a room imports only from rooms below it."""
    assert circles(ROOT) == {}


def test_no_module_imports_from_a_package_that_it_is_part_of():
    """The ``__init__.py`` of a package stands above its children."""
    assert upward(ROOT) == []


def test_the_checker_reads_the_whole_package():
    """The test above would mean nothing on an empty list of modules."""
    arrows = graph(ROOT)
    assert {room(name) for name in arrows} - {"hpsearch", "__main__"} == set(FLOORS)
    assert "hpsearch.store" in arrows["hpsearch.cli.results.list"]
    assert "hpsearch.search.sampling.tpe" in arrows["hpsearch.search.sampling.stages"]
    nn = rooms("hpsearch.nn", arrows)
    assert "hpsearch.nn.stack" in nn["hpsearch.nn.training"]
    assert nn["hpsearch.nn.streams"] == set()


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("store/x.py", "import hpsearch.worker\n", ("hpsearch.store.x", "hpsearch.worker")),
        ("store/x.py", "from hpsearch import api\n", ("hpsearch.store.x", "hpsearch.api")),
        ("store/x.py", "from hpsearch import HpsearchError\n", ("hpsearch.store.x", "hpsearch")),
        ("report/x.py", "from hpsearch.worker import work\n", ("hpsearch.report.x", "hpsearch.worker")),
        ("nn/in/x.py", "def f():\n    from hpsearch import data\n", ("hpsearch.nn.in.x", "hpsearch.data")),
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


def test_the_checker_finds_a_planted_upward_room(planted):
    """A room that imports from the room above it closes a circle, though no two modules do."""
    texts = {
        "hpsearch/nn/low/__init__.py": "",
        "hpsearch/nn/low/a.py": "x = 1\n",
        "hpsearch/nn/low/b.py": "def g():\n    from hpsearch.nn.high import c\n",
        "hpsearch/nn/high/__init__.py": "",
        "hpsearch/nn/high/c.py": "",
        "hpsearch/nn/high/d.py": "from hpsearch.nn.low.a import x\n",
    }
    root = planted(texts)
    assert violations(root) == []
    assert cycle(root) == []
    assert {name: set(found) for name, found in circles(root).items()} == {
        "hpsearch.nn": {"hpsearch.nn.low", "hpsearch.nn.high"}
    }


def test_the_checker_finds_a_planted_circle_in_a_deep_room(planted):
    """Rooms of a room, and a file beside a room, are checked as rooms of the first floor are."""
    texts = {
        "hpsearch/store/deep/__init__.py": "",
        "hpsearch/store/deep/a/__init__.py": "",
        "hpsearch/store/deep/a/one.py": "from hpsearch.store.deep import beside\n",
        "hpsearch/store/deep/a/two.py": "",
        "hpsearch/store/deep/beside.py": "import hpsearch.store.deep.a.two\n",
    }
    (package,) = circles(planted(texts))
    assert package == "hpsearch.store.deep"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("nn/a.py", "from hpsearch.nn import b\n", ("hpsearch.nn.a", "hpsearch.nn")),
        ("nn/low/a.py", "import hpsearch.nn\n", ("hpsearch.nn.low.a", "hpsearch.nn")),
        ("nn/low/a.py", "from . import b\n", ("hpsearch.nn.low.a", "hpsearch.nn.low")),
    ],
)
def test_the_checker_finds_a_planted_import_from_the_own_package(planted, path, text, found):
    """A child that imports from its package, or from the package above that, is found."""
    root = planted({"hpsearch/nn/low/__init__.py": "b = 1\n", f"hpsearch/{path}": text})
    assert upward(root) == [found]
