"""The reference: pages that follow from the code are current, the others name what the code has."""

import json
import re
import sys

import numpy as np
import pytest

from hpsearch.errors import ExitCode, HpsearchError
from hpsearch.study_file import DataSpec, FleetSpec, SearchSpec
from tests.docs.blocks import blocks
from tests.docs.reader import ROOT

REFERENCE = ROOT / "docs" / "reference"
sys.path.insert(0, str(REFERENCE))  # its modules find each other as beside a script

from make import PAGES  # noqa: E402


def rows(text):
    """Return the first cell of each row of the tables of a text, without its marks."""
    cells = re.findall(r"^\| `?([^|`]+?)`? \|", text, re.MULTILINE)
    return [cell for cell in cells if not set(cell) <= {"-"}]


def sections(page, mark="##"):
    """Return title -> text of the sections of a page."""
    found = re.findall(
        rf"^{mark} ([^\n]+)\n(.*?)(?=^##{{1,{len(mark) - 1}}} |\Z)", page, re.DOTALL | re.MULTILINE
    )
    return dict(found)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_is_written_from_the_code_is_current(name):
    """The page in the repository is the one that ``make docs-reference`` would write."""
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "run: make docs-reference"


def test_a_default_is_that_of_its_own_table():
    """`keep` means columns in `[data]` and a share in `[search]`; a range takes `widen` from `[search]`."""
    page = sections((REFERENCE / "study-file.md").read_text())
    for table, key, default in (
        ("`[data]`", "keep", "`[]`"),
        ("`[search]`", "keep", "a third"),
        ("`[fleet]`", "options", "`{}`"),
        ("`[space]`", "widen", "`widen` of `[search]` with `log = true`, else `0`"),
    ):
        assert f"| `{key}` | {default} |" in page[table]
    assert (DataSpec(source="wine").keep, FleetSpec().options, SearchSpec().keep) == ((), {}, 1 / 3)


def test_every_command_has_an_example():
    """Whoever reads about a command sees how it is typed."""
    told = sections((REFERENCE / "commands.md").read_text(), "###")
    assert len(told) > 20
    assert [name for name, text in told.items() if not re.search(rf"```sh\n{name}\b", text)] == []


def test_exit_codes_are_those_of_the_code():
    """Number and name of each, in order."""
    page = (REFERENCE / "exit-codes.md").read_text()
    told = re.findall(r"^\| (\d+) \| `(\w+)` \|", page, re.MULTILINE)
    assert told == [(str(int(code)), code.name) for code in ExitCode]


def test_variables_are_those_that_the_code_reads():
    """Each ``HPSEARCH_*`` of the sources is on the page, and no other."""
    sources = "".join(path.read_text() for path in (ROOT / "hpsearch").rglob("*.py"))
    page = (REFERENCE / "environment.md").read_text()
    assert set(rows(page)) & set(re.findall(r"HPSEARCH_\w+", page)) == set(
        re.findall(r"HPSEARCH_[A-Z_]+", sources)
    )


def errors(of=HpsearchError):
    """Return the names of all errors that hpsearch raises on purpose; a private one is told by its parent."""
    for path in (ROOT / "hpsearch").rglob("*.py"):
        if re.search(r"^class \w+Error\(", path.read_text(), re.MULTILINE):
            __import__(".".join(path.relative_to(ROOT).with_suffix("").parts))
    found = {error.__name__ for error in of.__subclasses__()}
    return found.union(*(errors(error) for error in of.__subclasses__()))


INWARD = {"FieldError", "ResumeError"}
"""Errors that reach a person as another one, or as a line of a worker."""
RARE = {
    "BindError",
    "EngineError",
    "EstimatorFileError",
    "FrameError",
    "InterruptedStudyError",
    "LeaveError",
    "LimitError",
    "MissingPackageError",
    "RepeatedTrialError",
    "StaleTermsError",
    "WorkerDiedError",
}
"""Errors without an example: a page cannot send signals, hold a port, lower limits or break a cluster."""


def test_every_error_has_a_section_with_an_example():
    """Each class that can reach a person; the examples are typed by the test of the page."""
    told = sections((REFERENCE / "errors.md").read_text())
    assert set(told) == errors() - INWARD
    shown = {name for name, text in told.items() if {b.language for b in blocks(text)} & {"console", "pycon"}}
    assert set(told) - shown == RARE


COMMANDS = {
    "status": "status",
    "best": "best",
    "show": "show 3",
    "explain": "explain 30",
    "check": "check studies/digits.toml",
    "fingerprint": "fingerprint",
    "compare": "compare digits digits",
    "replay": "replay",
    "learn": "learn --output own.json",
    "nurse": "nurse digits 0 --epochs 8",
    "predict": "predict winner.safetensors rows.npz",
    "report": "report",
    "db current": "db current",
    "db check": "db check",
}


@pytest.mark.long
def test_json_has_the_keys_on_the_page(reader):
    """Commands print the documented keys and no other; each that has ``--json`` is documented."""
    told = sections((REFERENCE / "json.md").read_text())
    np.savez(reader.folder / "rows.npz", X=np.zeros((2, 64)))
    assert reader.type("hpsearch export winner --output winner.safetensors")[0] == 0
    printed = {
        section: reader.type(f"hpsearch {command} --json 2>/dev/null")
        for section, command in COMMANDS.items()
    }
    assert {section for section, (code, _) in printed.items() if code} == set()
    keys = {section: sorted(json.loads(out)) for section, (_, out) in printed.items()}
    assert keys == {section: sorted(rows(told[section])[1:]) for section in COMMANDS}
    named = set(told) | {"start", "list", "watch"}
    documented = sections((REFERENCE / "commands.md").read_text(), "###")
    able = {name.removeprefix("hpsearch ") for name, text in documented.items() if "`--json`" in text}
    assert able == named
