"""Paths whose bytes are not UTF-8, as older systems and archives leave them."""

import os
from pathlib import Path

import pytest

from tests.cli.fixtures import cache, program
from tests.cli.program import HPSEARCH
from tests.test_limits import STUDY

pytestmark = pytest.mark.long

__all__ = ["cache", "program"]

OLD = os.fsdecode(b"caf\xe9")
"""A name in Latin-1, as Python holds it."""
FILE = "p.toml"


@pytest.fixture
def old(program):
    """Return a folder of such a name, with a study file in it and another one beside it."""
    folder = Path(program.folder, OLD)
    folder.mkdir()
    for place in (folder, program.folder):
        Path(place, FILE).write_text(STUDY)
    return folder


def names(folder):
    """Return the names of what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("start", f"{OLD}/{FILE}"), 2),
        (("check", f"{OLD}/{FILE}"), 2),
        (("start", FILE, "-s", f"sqlite:///{OLD}/x.db"), 4),
        (("start", FILE, "-s", f"sqlite:///{OLD}.db"), 4),
        (("status", "-s", f"sqlite:///{OLD}/x.db"), 4),
        (("db", "backup", f"{OLD}.db"), 4),
        (("worker", "-s", f"sqlite:///{OLD}/x.db"), 4),
        (("import", "x.hpsearch", "-s", f"sqlite:///{OLD}/x.db"), None),
    ],
    ids=str,
)
def test_fault_91_a_path_that_no_database_can_hold_is_refused(program, old, arguments, code):
    """Wherever it is typed, one line says so, and nothing is written."""
    if arguments[0] == "db":
        assert program.run("start", FILE, "--quiet").code == 0
    before = names(program.folder), names(old)
    run = program.run(*arguments)
    assert run.code == (code or run.code) != 0
    assert run.err.count("\n") == 1, run.err
    assert "unexpected" not in run.err
    assert code is None or "not utf-8" in run.err.lower(), run.err
    assert (names(program.folder), names(old)) == before


def test_fault_91_the_current_folder_counts_as_well(program, old):
    """A path that is relative to such a folder is refused like one that names it."""
    inside = ["bash", "-c", 'cd "$0"; exec "$@"', OLD, *HPSEARCH]
    run = program.run("start", FILE, command=inside)
    assert (run.code, run.err.count("\n")) == (2, 1), run.err
    run = program.run("start", f"../{FILE}", "-s", "sqlite:///x.db", command=inside)
    assert (run.code, run.err.count("\n")) == (4, 1), run.err
    assert names(old) == [FILE]


@pytest.mark.parametrize("ending", [".html", ".csv", ".hpsearch"])
def test_fault_91_what_is_only_written_may_have_any_name(program, ending):
    """A file that no database names is written to such a path."""
    Path(program.folder, FILE).write_text(STUDY)
    assert program.run("start", FILE, "--quiet").code == 0
    command = {".html": ["report"], ".csv": ["export"], ".hpsearch": ["export", "bundle"]}[ending]
    run = program.run(*command, "-o", OLD + ending)
    assert run.code == 0, run.err
    assert Path(program.folder, OLD + ending).stat().st_size > 0
