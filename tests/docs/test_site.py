"""The site that Sphinx makes of the pages."""

import re
import subprocess
import sys

import pytest

from tests.docs.reader import ROOT

pytestmark = pytest.mark.long  # Sphinx needs ten seconds
LOADED = re.compile(r"""<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=["'](https?:|//)""")
CSS = re.compile(r"""url\(["']?(https?:|//)|@import""")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the built site; a warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = ["sphinx", "-W", "-q", "-b", "html", "-d", folder / "trees", ROOT / "docs", folder / "html"]
    done = subprocess.run(
        [sys.executable, "-m", *map(str, command)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "html"


def test_every_page_is_built_as_itself(site):
    """No page is left out, and none has the name of a page that Sphinx writes over it."""
    pages = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    pages = {str(page) for page in pages if page.parts[0] != "_build"}
    built = {str(path.relative_to(site).with_suffix("")) for path in site.rglob("*.html")}
    assert len(pages) > 40
    assert pages <= built - {"search", "genindex"}


def test_nothing_is_loaded_from_a_network(site):
    """Scripts, styles, fonts and pictures lie beside the pages."""
    loads = [path.name for path in site.rglob("*.html") if LOADED.search(path.read_text(encoding="utf-8"))]
    styles = [path.name for path in site.rglob("*.css") if CSS.search(path.read_text(encoding="utf-8"))]
    assert (loads, styles) == ([], [])


def test_the_reference_has_docstrings(site):
    """Public names of Python come with their arguments and errors."""
    page = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for part in ("hpsearch.start", "hpsearch.nn.MLPClassifier", "ContractError", "patience_s"):
        assert part in page
