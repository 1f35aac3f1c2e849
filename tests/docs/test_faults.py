"""docs/faults.md and the tests name each other."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.chaos.invariants import INVARIANTS

TESTS = Path(__file__).resolve().parents[1]
PAGE = TESTS.parent / "docs" / "faults.md"
CASES = range(1, 95)

_NAME = re.compile(r"^test_fault((?:_\d+)+)_[a-z]")
_NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")
_EXCUSE = re.compile(r"does not apply|not yet", re.IGNORECASE)


def faults_of(name):
    """Return the numbers in the name of a test."""
    match = _NAME.match(name)
    return {int(number) for number in match[1].strip("_").split("_")} if match else set()


@cache
def known_tests(root):
    """Return (file, name) of every test below a folder."""
    return {
        (str(path.relative_to(root)), node.name)
        for path in root.rglob("test_*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def rows_of(text):
    """Return (number, what is said, (file, name) of the tests) of each row of the first table."""
    lines = [line for line in text.split("\n## ")[0].splitlines() if re.match(r"\| \d+ \|", line)]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(int(row[0]), " ".join(row[1:]), set(_NAMED.findall(row[-1]))) for row in cells]


def complaints(text, tests):
    """Return a line for everything in which a page and the tests disagree."""
    rows = rows_of(text)
    numbers = [number for number, _, _ in rows]
    if numbers != list(CASES):
        yield f"the numbers are {numbers}"
    for number, said, named in rows:
        yield from (f"{number}: there is no {file}::{name}" for file, name in sorted(named - tests))
        strange = sorted(name for _, name in named if number not in faults_of(name))
        yield from (f"{number}: {name} has not the number in its name" for name in strange)
        if not named and not _EXCUSE.search(said):
            yield f"{number}: neither a test nor a reason"
    told = {(number, test) for number, _, named in rows for test in named}
    shown = {(number, test) for test in tests for number in faults_of(test[1])}
    yield from (f"{number}: {file}::{name} is not told" for number, (file, name) in sorted(shown - told))


def test_the_page_tells_every_fault_and_every_test():
    """Every number, once each; what is named is there, and what is there is named."""
    assert list(complaints(PAGE.read_text(), known_tests(TESTS))) == []


def test_the_page_names_every_invariant_and_its_check():
    """The twelve, each with the function of the chaos harness that looks for it; other tests exist too."""
    text = PAGE.read_text()
    table = re.findall(r"^\| (\d+)\. [^|]+\| `(\w+)`", text, re.MULTILINE)
    assert table == [(str(n), INVARIANTS[n].__name__) for n in range(1, 13)]
    assert all(f"`{check.__name__}`" in text for check in INVARIANTS.values())
    assert set(_NAMED.findall(text)) <= known_tests(TESTS)


def page(**rows):
    """Return a page of rows that name one test each, some of them otherwise."""
    usual = {f"n{n}": f"| {n} | it breaks | it is mended | `a.py::test_fault_{n}_x` |" for n in CASES}
    return "\n".join((usual | rows).values())


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        ({"n7": "| 8 | a | b | `a.py::test_fault_8_x` |"}, "the numbers are"),
        ({"n7": "| 7 | a | b | `a.py::test_fault_7_y` |"}, "7: there is no a.py::test_fault_7_y"),
        ({"n7": "| 7 | a | b | |"}, "7: neither a test nor a reason"),
        ({"n7": "| 7 | a | b | does not apply |"}, "7: a.py::test_fault_7_x is not told"),
        (
            {"n7": "| 7 | a | b | `a.py::test_fault_7_x` `a.py::test_fault_6_x` |"},
            "7: test_fault_6_x has not the number in its name",
        ),
    ],
)
def test_a_disagreement_is_found(rows, complaint):
    """Each way in which page and tests can part."""
    tests = {("a.py", f"test_fault_{n}_x") for n in CASES}
    assert list(complaints(page(), tests)) == []
    assert any(line.startswith(complaint) for line in complaints(page(**rows), tests))


def test_a_name_may_hold_several_numbers():
    """A test is told in the row of each of its faults."""
    assert faults_of("test_fault_12_46_eight_processes") == {12, 46}
    assert faults_of("test_two_faults") == set()
