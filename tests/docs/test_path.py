"""A stranger types README, tutorial and every how-to guide, in order, in one folder and one database."""

import dataclasses
import importlib.util
import re
import shutil

import pytest

from tests.docs.reader import ROOT, Reader
from tests.docs.test_pages import LIBRARIES, PAGES, PROGRAMS, name, typed

INDEX = ROOT / "docs" / "howto" / "index.md"
SQLITE = "sqlite:///hpsearch.db"
"""The database of the pages. With another one a stranger types its address in this place."""
MINUTE = {"docs/howto/estimators"}
"""Pages that take a minute: the gate leaves them out, ``make test`` does not."""
SLOW = MINUTE | {"docs/howto/layers", "docs/howto/notebook", "docs/howto/optuna"}
"""Pages that take six seconds or more: the gate types them in one database."""
FILES = ("hpsearch db backup",)
"""Commands for a database that is a file."""


def path_of_pages():
    """Return README, tutorial and the how-to guides in the order of their index."""
    order = re.search(r"```\{toctree\}\n:maxdepth: 1\n\n(.*?)```", INDEX.read_text(), re.DOTALL)[1].split()
    return [
        ROOT / "README.md",
        ROOT / "docs" / "tutorial.md",
        *(INDEX.with_name(f"{page}.md") for page in order),
    ]


def can_be_typed(page):
    """Return whether this machine has the libraries and programs that a page needs."""
    libraries, programs = LIBRARIES.get(page), PROGRAMS.get(page, ())
    return all(map(shutil.which, programs)) and not (
        libraries and importlib.util.find_spec(libraries) is None
    )


def surprises(reader, path, url):
    """Type a page; return what does not do as it says."""
    for block in typed(path):
        if url != SQLITE and block.text.startswith(FILES):
            continue
        given = dataclasses.replace(block, text=block.text.replace(SQLITE, url))
        if wrong := reader.use(given):
            yield f"{name(path)}:{block.line}: {wrong}"


def test_the_path_has_every_guide():
    """A guide that the index leaves out would be typed on no path."""
    assert {*path_of_pages()} >= {page for page in PAGES if page.parent == INDEX.parent} - {INDEX}


@pytest.mark.parametrize(
    ("database", "left_out"),
    [
        pytest.param("sqlite", MINUTE, id="sqlite", marks=pytest.mark.long),
        pytest.param("postgresql", SLOW, id="postgresql", marks=pytest.mark.long),
        pytest.param("sqlite", (), id="sqlite-every-page", marks=pytest.mark.exhaustive),
        pytest.param("postgresql", (), id="postgresql-every-page", marks=pytest.mark.exhaustive),
    ],
)
def test_a_stranger_types_everything_in_order(database, left_out, variables, tmp_path, request):
    """Each page works after all pages before it, although their studies share one database."""
    url, more = SQLITE, {}
    if database == "postgresql":
        url = request.getfixturevalue("postgres").new_database()
        more = {"HPSEARCH_STORAGE": url}
    reader = Reader.in_a_checkout(tmp_path / "home", {**variables, "HPSEARCH_CACHE": str(tmp_path), **more})
    pages = [path for path in path_of_pages() if can_be_typed(name(path)) and name(path) not in left_out]
    wrong = [surprise for path in pages for surprise in surprises(reader, path, url)]
    assert not wrong, "\n".join(wrong)
