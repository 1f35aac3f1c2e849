"""The measures of the house: sizes of files and functions, docstrings of packages, nothing left to do."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 60

_LATER = "TO" + "DO"


def sources(root):
    """Return the Python files of the package and of its migrations."""
    return sorted([*(root / "hpsearch").rglob("*.py"), *(root / "alembic").rglob("*.py")])


def too_long(path):
    """Return the file and the functions of it that are too long, with their lines."""
    text = path.read_text()
    n_lines = len(text.splitlines())
    found = [(path.name, n_lines)] if n_lines > LONGEST_FILE else []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = node.end_lineno - node.lineno + 1
            found += [(f"{path.name}:{node.name}", length)] if length > LONGEST_FUNCTION else []
    return found


def has_docstring(path):
    """Return whether a module says what it is for."""
    return bool(ast.get_docstring(ast.parse(path.read_text())))


@pytest.mark.parametrize("path", sources(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path):
    """No file has more than 300 lines and no function more than 60."""
    assert too_long(path) == []


def test_files_and_functions_of_the_tests_are_short_too():
    """The same measure holds for the tests."""
    assert [long for path in sorted((ROOT / "tests").rglob("*.py")) for long in too_long(path)] == []


@pytest.mark.parametrize("path", sources(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_say_what_they_are_for_and_leave_nothing_to_do(path):
    """Every package and module has a docstring, and none holds a note of what is left to do."""
    assert has_docstring(path)
    assert _LATER not in path.read_text().upper()


def test_every_folder_of_python_is_a_package():
    """A folder of the package without ``__init__.py`` would be left out of what the tests above look at."""
    folders = {path.parent for path in sources(ROOT) if path.is_relative_to(ROOT / "hpsearch")}
    assert len(folders) > 10
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


def test_the_measure_finds_what_is_too_long(tmp_path):
    """The longest file and function pass; a line more of either is found."""
    body = "    x = 1\n" * (LONGEST_FUNCTION - 1)
    path = tmp_path / "x.py"
    path.write_text(f"def f():\n{body}" + "#\n" * (LONGEST_FILE - LONGEST_FUNCTION))
    assert too_long(path) == []
    path.write_text(f"async def f():\n{body}    x = 2\n" + "#\n" * LONGEST_FILE)
    assert [name for name, _ in too_long(path)] == ["x.py", "x.py:f"]
    assert not has_docstring(path)
