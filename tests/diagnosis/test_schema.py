"""The JSON Schema of the study file: it is current, and true to what the reader takes."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from hpsearch.diagnosis.schema import COPY, SCHEMA, copy_schema
from hpsearch.study_file import parameter_table
from tests.cli.program import study_text
from tests.study_file.test_faults import FAULTS, FILE

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)
UNSEEN = (
    "batch_size = { choices = [8, 8] }",
    'init = { choices = ["he", "hee"] }',
    "dropout = { low = 0.9, high = 0.1 }",
    "batch_size = { low = 0, high = 8 }",
)
"""Faults that follow from two values, or from what a choice stands for: ``check`` alone finds them."""
DATA, SPACE = "[data]\nsource = 'digits'\n", "[space]\nlr = { low = 0.1, high = 0.2 }\n"
WRONG = {
    "no space": DATA,
    "no data": SPACE,
    "an empty space": DATA + "[space]\n",
    "half a range": DATA + "[space]\nlr = { low = 0.1 }\n",
    "a range and choices": DATA + "[space]\nlr = { low = 0.1, choices = [0.1] }\n",
    "a number for a range": DATA + "[space]\nlr = 0.1\n",
    "a name of another library": DATA + SPACE.replace("lr", "learning_rate"),
    "data beside a function": DATA + SPACE + "[objective]\ncall = 'a.py:f'\n",
    "a metric that there is not": DATA + SPACE + "[objective]\nmetric = 'acuracy'\n",
    "an unknown baseline": DATA + SPACE + "[confirm]\nbaseline = 'forest'\n",
}


def refused(text):
    """Return what the schema finds wrong with the text of a study file, a message each."""
    return [error.message for error in VALIDATOR.iter_errors(tomllib.loads(text))]


def whole_files():
    """Yield the study files of the checkout and the whole ones of its pages, by where they stand."""
    for path in sorted((ROOT / "studies").glob("*.toml")):
        yield path.name, path.read_text(encoding="utf-8")
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        for number, block in enumerate(BLOCK.findall(page.read_text(encoding="utf-8"))):
            if "[space]" in block and ("[data]" in block or "call =" in block or "command =" in block):
                yield f"{page.relative_to(ROOT)}-{number}", block


WHOLE = dict(whole_files())


def test_the_schema_is_current():
    """``make docs-reference`` would write what the package holds."""
    folder = str(ROOT / "docs" / "reference")
    code = "import sys; sys.stdout.reconfigure(encoding='utf-8'); import schema; print(schema.text(), end='')"
    made = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, encoding="utf-8", check=True
    )
    assert made.stdout == SCHEMA.read_text(encoding="utf-8"), "make docs-reference writes it"
    jsonschema.Draft7Validator.check_schema(json.loads(made.stdout))


@pytest.mark.parametrize("place", WHOLE)
def test_every_whole_study_file_is_taken(place):
    """The files of ``studies/`` and of the pages have no fault by the schema."""
    assert refused(WHOLE[place]) == []


def test_the_files_of_the_tests_are_taken():
    """The study files that tests start from have no fault by the schema."""
    assert refused(study_text()) == []
    assert refused(FILE.format(**dict.fromkeys(FAULTS, ""))) == []
    assert parameter_table([1, 2]) == {"choices": [1, 2]}


@pytest.mark.parametrize("text", WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused(text):
    """What is missing, too much, or of another name is an error of the schema as well."""
    assert refused(text)


def test_what_the_reader_refuses_for_one_value_the_schema_refuses():
    """Wrong types, numbers out of range, unknown keys and names, in every table."""
    for table, lines in FAULTS.items():
        for line in lines:
            text = FILE.format(**(dict.fromkeys(FAULTS, "") | {table: line}))
            assert bool(refused(text)) == (line not in UNSEEN), line


def test_every_key_says_what_it_means():
    """Hover texts: no key of a table, of a network or of a parameter is without a description."""
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    tables = [schema, *schema["properties"].values(), *schema["definitions"].values()]
    keys = [pair for table in tables for pair in table.get("properties", {}).items()]
    assert len(keys) > 100
    assert [name for name, key in keys if not key.get("description")] == []


def test_the_copy_is_written_once_and_kept_current(tmp_path):
    """A folder has one schema; an older one is replaced, the current one is left alone."""
    copy_schema(tmp_path)
    copy = tmp_path / COPY
    assert copy.read_bytes() == SCHEMA.read_bytes()
    before = copy.stat().st_mtime_ns
    copy_schema(tmp_path)
    assert copy.stat().st_mtime_ns == before
    copy.write_text("{}")
    copy_schema(tmp_path)
    assert copy.read_bytes() == SCHEMA.read_bytes()
