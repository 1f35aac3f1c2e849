"""Studies that the tests of the worker run in their own process."""

from hpsearch.api import load_study_file
from tests.cli.program import study_text


def small_spec(folder, *, epochs=4, **changes):
    """Return the small study, read from a file in a folder; ``changes`` replace texts in it."""
    text = study_text(epochs=epochs)
    for old, new in changes.items():
        text = text.replace(old, new)
    path = folder / "small.toml"
    path.write_text(text)
    return load_study_file(path)
