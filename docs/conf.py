"""How Sphinx builds these pages: ``make docs``."""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

project = "hpsearch"
author = "the hpsearch authors"
copyright = "the hpsearch authors; MIT licence"  # noqa: A001 - Sphinx calls it so
try:
    release = version("hpsearch")
except PackageNotFoundError:  # a checkout that nobody has installed
    release = ""

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_heading_anchors = 3

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "none"
napoleon_custom_sections = [("Source", "notes_style")]
napoleon_use_ivar = True

html_theme = "furo"
html_title = "hpsearch"
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
