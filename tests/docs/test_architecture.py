"""docs/architecture.md is the tree: its floors and rooms, its stops, the files that a change touches."""

import ast
import re

import pytest

from tests.docs.reader import ROOT
from tests.test_floors import FLOORS, graph, rooms

PAGE = ROOT / "docs" / "architecture.md"
PACKAGE = ROOT / "hpsearch"
STOPS = {"A learning rate, from file to network": 20, "A curve, from network to screen": 10}
"""Heading of a table -> the most functions that may hand a value on."""


def section(page, heading):
    """Return the text below a heading, up to the next one."""
    return page.split(f"## {heading}\n")[1].split("\n## ")[0]


def rows(text):
    """Return the cells of each row of the first table of a text, without its head."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines[2:]]


def house(page):
    """Return (floor, folder, rooms in order) of each folder or module in the table."""
    found = []
    for floor, folder, room, _ in rows(section(page, "Floors and rooms")):
        if room:
            found[-1][2].append(room.removesuffix("/"))
        else:
            found.append((int(floor), re.sub(r"/$|\.py$", "", folder), []))
    return found


def tree(package):
    """Return folder or module -> the names of its rooms."""
    names = [path for path in package.iterdir() if path.name not in {"__init__.py", "__main__.py"}]
    folders = {path for path in names if (path / "__init__.py").is_file()}
    modules = {path.stem: [] for path in names if path.suffix == ".py"}
    return modules | {
        folder.name: sorted(path.name for path in folder.iterdir() if (path / "__init__.py").is_file())
        for folder in folders
    }


def above(arrows, room):
    """Return all children of a package that import from one of them, directly or through others."""
    found, due = set(), [room]
    while due:
        target = due.pop()
        new = {name for name, targets in arrows.items() if target in targets} - found
        found |= new
        due += new
    return found


def defined(path):
    """Return the functions and classes of a file, methods behind their class: ``f``, ``C``, ``C.m``."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}.{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)
            }
    return found


def test_the_table_of_rooms_is_the_tree():
    """Every folder, module and room of the package is in the table, and nothing else is."""
    table = house(PAGE.read_text())
    assert {folder: sorted(rooms_) for _, folder, rooms_ in table} == tree(PACKAGE)


def test_the_table_is_in_the_order_of_floors():
    """Folders stand on the floors of the test, from the top; a room stands above those it imports from."""
    table = house(PAGE.read_text())
    assert {folder: floor for floor, folder, _ in table} == FLOORS
    assert [floor for floor, _, _ in table] == sorted(FLOORS.values(), reverse=True)
    arrows = graph(ROOT)
    for _, folder, found in table:
        package = f"hpsearch.{folder}"
        children = rooms(package, arrows)
        for place, room in enumerate(found):
            higher = {name.rpartition(".")[2] for name in above(children, f"{package}.{room}")}
            assert higher.isdisjoint(found[place + 1 :]), f"{folder}/{room}"


@pytest.mark.parametrize("heading", STOPS)
def test_every_stop_exists(heading):
    """Each row names a file and a function or a class in it; the rows are numbered."""
    stops = rows(section(PAGE.read_text(), heading))
    assert [int(row[0]) for row in stops] == list(range(1, len(stops) + 1))
    assert [row for row in stops if row[2] not in defined(PACKAGE / row[1])] == []
    assert len(stops) <= STOPS[heading]


def test_what_a_change_touches_exists():
    """Each path of the table of additions is there, and each of its rows names a test that proves it."""
    table = rows(section(PAGE.read_text(), "Where to add"))
    assert [row[0].split(" ", 1)[1] for row in table] == [
        "objective",
        "metric",
        "activation",
        "optimizer",
        "command",
        "ledger verb",
        "report section",
        "study-file key",
    ]
    for _, touch, proof in table:
        paths = re.findall(r"(?:hpsearch|docs|tests)/[\w./-]+", f"{touch} {proof}")
        assert [path for path in paths if not (ROOT / path).exists()] == []
        assert "tests/" in proof


def test_what_is_wrong_in_a_table_is_found(tmp_path):
    """A folder without a row, a room above its user and a function that has gone."""
    page = "# x\n\n## Floors and rooms\n\n| floor | folder | room | holds |\n|---|---|---|---|\n"
    page += "| 2 | `nn/` | | x |\n| | | `stack/` | x |\n| 0 | `errors.py` | | x |\n\n## Next\n"
    assert house(page) == [(2, "nn", ["stack"]), (0, "errors", [])]
    (tmp_path / "nn" / "files").mkdir(parents=True)
    for path in ("__init__.py", "api.py", "nn/__init__.py", "nn/files/__init__.py"):
        (tmp_path / path).write_text("class C:\n    def m(self): ...\n\n\ndef f(): ...\n")
    assert tree(tmp_path) == {"api": [], "nn": ["files"]}
    assert defined(tmp_path / "api.py") == {"C", "C.m", "f"}
    assert above({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}, "c") == {"a", "b", "d"}
