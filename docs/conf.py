"""How Sphinx builds these pages: ``make docs``."""

import sys
from importlib import metadata
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

project = "hpsearch"
author = "the hpsearch authors"
copyright = "the hpsearch authors; MIT licence"  # noqa: A001 - Sphinx calls it so
try:
    release = metadata.version("hpsearch")
except metadata.PackageNotFoundError:  # a checkout that is not installed
    release = ""

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3

autodoc_default_options = {
    "members": True,
    "member-order": "bysource",
    # methods that scikit-learn gives its estimators
    "exclude-members": "get_metadata_routing, set_fit_request, set_partial_fit_request, set_score_request",
}
autodoc_preserve_defaults = True
autodoc_typehints = "none"
napoleon_custom_sections = [("Source", "notes_style")]
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_title = "hpsearch"
html_static_path = ["static"]
html_css_files = ["hpsearch.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False


def setup(app):  # noqa: ANN001, ANN201 - Sphinx calls it so
    """Let the links of the changelog lead to the pages built here."""

    def lead(_app, _parent, _source, content):  # noqa: ANN001, ANN202 - as above
        content[0] = (
            content[0]
            .replace("](docs/", "](")
            .replace("](benchmarks/README.md)", "](explanation/benchmarks.md)")
        )

    app.connect("include-read", lead)
