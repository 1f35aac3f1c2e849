"""Every block of the pages does what the page says, in the order of the page."""

import importlib.util
import shutil

import pytest

from tests.docs.blocks import Block, agrees, blocks, session
from tests.docs.reader import ROOT, SAVED, TYPED, Reader, whole

PAGES = sorted(
    path
    for path in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md"))
    if not path.is_relative_to(ROOT / "docs" / "_build")
)
LONG = {"docs/reference/commands", "docs/reference/errors"}
"""Pages with many commands."""
EXHAUSTIVE = {
    "docs/howto/cross-validation",
    "docs/howto/estimators",
    "docs/howto/import-results",
    "docs/howto/layers",
    "docs/howto/learned-start",
    "docs/howto/lightgbm",
    "docs/howto/metric",
    "docs/howto/more-trials",
    "docs/howto/notebook",
    "docs/howto/nurse",
    "docs/howto/optuna",
    "docs/howto/other-languages",
    "docs/howto/own-csv",
    "docs/howto/own-objective",
    "docs/howto/pipeline",
    "docs/howto/predict",
    "docs/howto/pytorch",
    "docs/howto/regression",
    "docs/howto/reproduce",
    "docs/howto/run-on-a-schedule",
    "docs/howto/scikit-learn",
    "docs/howto/scripts",
    "docs/howto/several-studies",
    "docs/howto/share-report",
    "docs/howto/stop-early",
    "docs/howto/xgboost",
    "docs/tutorial",
}
"""Pages with many commands: the gate types them on one path (``test_path.py``), ``make test`` each alone."""
LIBRARIES = {
    "docs/howto/lightgbm": "lightgbm",
    "docs/howto/xgboost": "xgboost",
    "docs/howto/pytorch": "torch",
}
"""Page -> a library that it needs and that the tests do not install."""
PROGRAMS = {"docs/howto/other-languages": ("cc", "awk")}
"""Page -> programs that it needs."""
TAGS = {*TYPED, *SAVED, "text", "json", "ini", "yaml"}
MOST_NOT_RUN = 25
"""Blocks that need what a test has not: a server, a second machine, a cluster, a person at the keyboard."""


def name(path):
    """Return what a page is called in the names of tests."""
    return str(path.relative_to(ROOT)).removesuffix(".md")


def typed(path):
    """Return the blocks of a page that a reader uses."""
    used = (*TYPED, *SAVED)
    return [block for block in blocks(path.read_text(encoding="utf-8")) if block.language in used]


def need(page):
    """Skip a test where this machine has not what a page needs."""
    library = LIBRARIES.get(page)
    if library and importlib.util.find_spec(library) is None:
        pytest.skip(f"{page} needs {library}, which is not installed")
    missing = [program for program in PROGRAMS.get(page, ()) if shutil.which(program) is None]
    if missing:
        pytest.skip(f"{page} needs {' and '.join(missing)}, which this machine has not")


def marked(path):
    """Return a page as a parameter of a test, with its mark."""
    kinds = ((LONG, pytest.mark.long), (EXHAUSTIVE, pytest.mark.exhaustive))
    marks = [mark for pages, mark in kinds if name(path) in pages]
    return pytest.param(path, marks=marks, id=name(path))


@pytest.mark.parametrize("path", [marked(path) for path in PAGES if typed(path)])
def test_a_page_does_what_it_says(path, reader):
    """Its commands, examples and study files, one after the other, in a folder with a finished study."""
    need(name(path))
    wrong = [f"{path}:{block.line}: {told}" for block in typed(path) if (told := reader.use(block))]
    assert not wrong, "\n".join(wrong)


def test_every_block_says_what_it_is():
    """A fence without a language would be read by nobody and checked by nothing."""
    found = {(name(path), block.line): block.language for path in PAGES for block in blocks(path.read_text())}
    unknown = {place: tag for place, tag in found.items() if tag not in TAGS and not tag.startswith("{")}
    assert unknown == {}


def test_few_blocks_are_not_run_and_each_says_why():
    """What is not run may be wrong, so it stays rare."""
    marked = [block for path in PAGES for block in blocks(path.read_text()) if block.not_run]
    assert len(marked) <= MOST_NOT_RUN
    assert all(len(block.not_run.split()) >= 3 for block in marked)


def test_what_is_wrong_is_told(finished, tmp_path):
    """A command that fails, another output, an example that raises, a study file that cannot be."""
    reader = Reader(tmp_path, finished._variables)

    def told(language, text):
        return reader.use(Block(line=1, language=language, text=text))

    assert told("sh", "hpsearch --help | cat") == ""
    assert "ended with 2" in told("sh", "hpsearch best --stidy x")
    assert told("console", "$ echo a\na\n$ sh -c 'exit 3'\n$ echo $?\n3") == ""
    assert "found (0):\nb" in told("console", "$ echo b\na")
    assert "ZeroDivisionError" in told("python", "1 / 0")
    assert "trials" in told("toml", "trials = -1")
    assert told("toml", "trials = 50") == ""


def test_blocks_are_found_with_their_marks():
    """Indentation of a list goes, a comment before a block belongs to it alone."""
    listed = "- b:\n\n  ```sh\n  c\n  ```\n\n"
    page = f"{listed}<!-- not run: needs a server -->\n```toml\n# x.toml\n```\n```text\n```\n"
    first, second, third = blocks(page)
    assert (first.line, first.language, first.text, first.not_run) == (4, "sh", "c\n", "")
    assert (second.file, second.not_run) == ("x.toml", "needs a server")
    assert (third.text, third.not_run) == ("", "")


def test_a_session_is_read_as_it_was_typed():
    """Commands may go on; three dots stand for anything."""
    assert list(session("$ a\n> b\nc\nd\n$ e\n")) == [("a\nb", "c\nd"), ("e", "")]
    assert agrees("a ... c", "a b\nb c\n")
    assert not agrees("a ... c", "a b")


def test_tables_of_a_study_file_are_completed():
    """Those of the digits study are there; what is searched is not fixed as well."""
    study = whole({"space": {"epochs": {"low": 3, "high": 9}}, "model": {"activation": "tanh"}})
    assert study["model"]["activation"] == "tanh"
    assert study["model"]["optimizer"] == "adam"
    assert "epochs" not in study["model"]
    assert list(study["space"]) == ["epochs"]
