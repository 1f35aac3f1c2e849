"""The measures of the house: sizes, docstrings, plain names in plain prose, and the glossary behind them."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from tests.words import (
    BANNED,
    ORDINARY,
    banned,
    classes,
    entries,
    explained,
    names,
    stems,
    unexplained,
    unused_terms,
    words,
)

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
FULLEST_FOLDER = 15

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


def too_full(root):
    """Return the folders that hold more Python files than they may, ``__init__.py`` not counted."""
    found = [path for top in ("hpsearch", "tests") for path in (root / top).rglob("*.py")]
    files = Counter(path.parent for path in found if path.name != "__init__.py")
    return sorted(str(folder.relative_to(root)) for folder, n in files.items() if n > FULLEST_FOLDER)


def doubles(root):
    """Return name -> files, for each class name that stands in more than one place."""
    found = classes(root)
    many = [name for name, n in Counter(name for name, _ in found).items() if n > 1]
    return {name: [path for one, path in found if one == name] for name in many}


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


def test_no_folder_holds_too_many_files():
    """A folder of more than 15 files has rooms, in the package and in the tests."""
    assert too_full(ROOT) == []


def test_no_two_classes_share_a_name():
    """One name is one thing in the whole package."""
    assert doubles(ROOT) == {}


def test_names_are_plain_words():
    """Each word in the name of a file or class is in the glossary, is ordinary, or names an algorithm.

    A new word of this package gets an entry in docs/glossary.md; a word of the field joins ``ORDINARY``.
    """
    assert unexplained(ROOT) == {}


def test_the_list_of_ordinary_words_is_as_short_as_it_can_be():
    """A word that no name uses, that the glossary explains, or whose stem is known, is not in the list."""
    used = {one for name in names(ROOT) for word in words(name) for one in stems(word)}
    known = ORDINARY | explained(ROOT)
    assert sorted(ORDINARY - used) == []
    assert sorted(ORDINARY & explained(ROOT)) == []
    assert [word for word in sorted(ORDINARY) if (stems(word) - {word}) & known] == []


def test_the_glossary_is_in_order_and_used():
    """Its entries ascend, no term is there twice, and the package uses each of them."""
    page = (ROOT / "docs" / "glossary.md").read_text().lower()
    heads = re.findall(r"^(\w.*)\n: ", page, re.MULTILINE)
    assert heads == sorted(heads)
    assert len(heads) > 60
    assert len(set(entries(ROOT))) == len(entries(ROOT))
    assert unused_terms(ROOT) == []


def test_prose_leaves_no_reader_to_guess():
    """No docstring, comment or message has a banned word."""
    files = {path.relative_to(ROOT / "hpsearch"): path for path in (ROOT / "hpsearch").rglob("*.py")}
    found = {str(name): texts for name, path in files.items() if (texts := banned(path))}
    assert found == {}


def test_pages_leave_no_reader_to_guess():
    """README and docs/ have no banned word; pages that are written from docstrings are checked there."""
    written = {"commands.md", "study-file.md", "tables.md", "_build"}
    pages = [ROOT / "README.md", ROOT / "benchmarks" / "README.md", *(ROOT / "docs").rglob("*.md")]
    texts = {page: " ".join(page.read_text().split()) for page in pages if written.isdisjoint(page.parts)}
    assert len(texts) > 40
    assert {str(page): found for page, text in texts.items() if (found := BANNED.findall(text))} == {}


def test_the_measure_finds_what_is_too_long(tmp_path):
    """The longest file and function pass; a line more of either is found."""
    body = "    x = 1\n" * (LONGEST_FUNCTION - 1)
    path = tmp_path / "x.py"
    path.write_text(f"def f():\n{body}" + "#\n" * (LONGEST_FILE - LONGEST_FUNCTION))
    assert too_long(path) == []
    path.write_text(f"async def f():\n{body}    x = 2\n" + "#\n" * LONGEST_FILE)
    assert [name for name, _ in too_long(path)] == ["x.py", "x.py:f"]
    assert not has_docstring(path)


def test_the_measure_finds_planted_names(tmp_path):
    """A full folder, a class of a name that is taken, a word without an entry, an entry without a use."""
    schema = tmp_path / "hpsearch" / "schema"
    schema.mkdir(parents=True)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "glossary.md").write_text("# Glossary\n\nhorizon\n: x\n\nlease, end\n: y\n")
    (schema / "__init__.py").write_text("class Lease:\n    class Lease:\n        x = 1\n")
    for n in range(FULLEST_FOLDER):
        (schema / f"tables_{n}.py").write_text("class _Leases:\n    end = 1\n" if n == 0 else "")
    assert (too_full(tmp_path), doubles(tmp_path), unexplained(tmp_path)) == ([], {}, {})
    assert unused_terms(tmp_path) == ["horizon"]
    (schema / "shoebox.py").write_text("class Lease:\n    horizons = 1\n\n\nclass ShoeLease:\n    y = 1\n")
    assert too_full(tmp_path) == ["hpsearch/schema"]
    assert doubles(tmp_path) == {"Lease": ["hpsearch/schema/__init__.py", "hpsearch/schema/shoebox.py"]}
    assert unexplained(tmp_path) == {"shoe": ["ShoeLease"], "shoebox": ["shoebox"]}
    assert unused_terms(tmp_path) == []


def test_the_measure_reads_docstrings_comments_and_messages(tmp_path):
    """A word is found in each of them, also across the end of a line; names and longer words are not."""
    path = tmp_path / "x.py"
    path.write_text(
        '''"""Take what
        Whoever left."""

x = 1  # those
# of another comment
# are but
# for this
print(f"the same {x} as", "it is the same as", "molest", nobody_knows)
'''
    )
    assert banned(path) == [
        "Take what Whoever left.",
        "it is the same as",
        "# of another comment are but for this",
    ]
