"""The measures of the house: sizes, docstrings, plain names in plain prose, and the glossary behind them."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from hpsearch.nn import ACTIVATIONS, OPTIMIZERS

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FILE = 300
LONGEST_FUNCTION = 60
FULLEST_FOLDER = 15

_LATER = "TO" + "DO"

_WORDS = """
    aborted activation active affine agreement api app archive argv average backup base batch best bind
    block bounded bounds build built cache call caller canvas categorical category cell check choice
    classifier cli clock code column common complete config connection cost counters cross csrf dashboard
    dask data database dataset db dense density descend diagnosis died difference diverged doctor document
    draws dropout edits embedding end ending entropy environment epoch error estimators evaluation examples
    exit explain explanation export extrapolation factors field figure filesystem finding fit float folder
    found frame functions gaussian gradient hand hard header hidden host hot hpsearch identity import in
    infinity init initializers input int integrity interrupted json key kind l l1 l2 landing layer layout
    level line linear link list live load local locate lock log login loop loss lost machine main markup
    mask member memory message metadata missing mlp model network next nn no normalization not notifier
    notify number one open opening optimizer option optuna origin overview pack package packing page palette
    panel parallel parquet penalised penalty perceptron place plain plot point postgres preload process
    progress propose proposer purpose rate ray readable reader recent record redirect refused regression
    regressor remote report request retry role row sampler sampling saved scale scaler scaling scan schedule
    schema screen search section seed sequence server session setup shares shift show side site slice slurm
    softmax source split sqlite squared stale start statistics status step stopped storage stream style
    subprocess success summary table target template tensor test text throttle tick time toml top track
    trained trainer training transfer type updater url usage version view warning watch watchdog weight
    whiten whitening width writer
"""
ORDINARY = frozenset(_WORDS.split())
"""Words of programming, NumPy, SQL, the web, statistics and machine learning that no entry has to explain."""
ALGORITHMS = frozenset(name.replace("_", "") for name in (*ACTIVATIONS, *OPTIMIZERS))
"""Names from the literature, as study files spell them."""
_TO_GO = """
    at board book counted desk disturbance draft drops held known leaf looks midway miss moment parcel
    patience runner seen shelf standing strain tally told vitals work
"""
TO_GO = frozenset(_TO_GO.split())
"""Words of names that are being renamed; the list may only get shorter."""
_DOUBLES = """
    Answer Categorical Categories Ensemble Event Examples Kind Linear Log Outcome Progress Purpose Scale
    Standing Table Trials _Cells
"""
DOUBLES = frozenset(_DOUBLES.split())
"""Names of classes that are there twice and are being renamed; the list may only get shorter."""
NOT_YET = frozenset(["evaluator"])
"""Terms of the glossary that the package is about to use."""


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
    files = Counter(path.parent for path in (root / "hpsearch").rglob("*.py") if path.name != "__init__.py")
    return sorted(str(folder.relative_to(root)) for folder, n in files.items() if n > FULLEST_FOLDER)


def classes(root):
    """Return (name, file) of every class of the package that is not inside another one."""
    return [
        (node.name, str(path.relative_to(root)))
        for path in sorted((root / "hpsearch").rglob("*.py"))
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]


def doubles(root):
    """Return name -> files, for each class name that stands in more than one place."""
    found = classes(root)
    many = [name for name, n in Counter(name for name, _ in found).items() if n > 1]
    return {name: [path for one, path in found if one == name] for name in many}


def words(name):
    """Return the words of a name, in lower case: it is split at capitals and underscores."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*", name)]


def names(root):
    """Return the names of the files, folders and classes of the package."""
    files = {part for path in (root / "hpsearch").rglob("*.py") for part in path.relative_to(root).parts}
    return sorted({name.removesuffix(".py") for name in files} | {name for name, _ in classes(root)})


def stems(word):
    """Return a word and the words that it may be the plural or the past of."""
    return {word, re.sub(r"ies$", "y", word), *(word.removesuffix(end) for end in ("s", "es", "d", "ed"))}


def entries(root):
    """Return the terms of the glossary, in the order of the page; an entry may have several."""
    page = (root / "docs" / "glossary.md").read_text()
    return [term for line in re.findall(r"^(\w.*)\n: ", page, re.MULTILINE) for term in line.split(", ")]


def explained(root):
    """Return the words of the glossary's terms."""
    return {word for term in entries(root) for word in term.lower().split()}


def unexplained(root):
    """Return word -> names, for each word in a name that stands neither in the glossary nor in the list."""
    known = ORDINARY | explained(root)
    found = {}
    for name in names(root):
        if name.replace("_", "").lower() not in ALGORITHMS:
            for word in words(name):
                if not stems(word) & known:
                    found.setdefault(word, []).append(name)
    return found


def unused_terms(root):
    """Return the terms of the glossary that neither a name nor a sentence of the package uses."""
    text = " ".join(path.read_text() for path in (root / "hpsearch").rglob("*.py"))
    text = " ".join([text, *(" ".join(words(name)) for name in names(root))]).lower().replace("_", " ")
    return [term for term in entries(root) if not re.search(rf"\b{term.lower()}(s|d|ed|es)?\b", text)]


@pytest.mark.parametrize("path", sources(ROOT), ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_are_short(path):
    """No file has more than 300 lines and no function more than 60."""
    assert too_long(path) == []


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
    """A folder of more than 15 files has rooms."""
    assert too_full(ROOT) == []


def test_no_two_classes_share_a_name():
    """One name is one thing in the whole package."""
    assert set(doubles(ROOT)) <= DOUBLES


def test_names_are_plain_words():
    """Each word in the name of a file or class is in the glossary, is ordinary, or names an algorithm.

    A new word of this package gets an entry in docs/glossary.md; a word of the field joins ``ORDINARY``.
    """
    assert set(unexplained(ROOT)) <= TO_GO


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
    assert set(unused_terms(ROOT)) == NOT_YET


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
