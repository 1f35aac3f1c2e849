"""What ``init`` writes for editors: the schema beside the study, named in its first line."""

import json
import tomllib

import jsonschema

from hpsearch.diagnosis.schema import COPY, SCHEMA, SCHEMA_LINE

VALIDATOR = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_init_names_the_schema_in_the_first_line(program):
    """The study file begins with the path of the schema beside it, and passes by it."""
    (program.folder / "below").mkdir()
    assert program.run("init", "iris", "-o", "below/study.toml", "--quiet").code == 0
    text = (program.folder / "below" / "study.toml").read_text()
    assert text.splitlines()[0] == SCHEMA_LINE == "#:schema ./.hpsearch/study.schema.json"
    assert (program.folder / "below" / COPY).read_bytes() == SCHEMA.read_bytes()
    assert list(VALIDATOR.iter_errors(tomllib.loads(text))) == []


def test_init_without_room_for_the_schema_says_so(program):
    """Where the schema cannot be written the study is, and a line says what is missing."""
    program.write(".hpsearch", "a file")
    run = program.run("init", "iris", "--quiet")
    assert (run.code, run.out) == (0, "")
    assert run.err.startswith(".hpsearch/study.schema.json: not written, so editors do not check")
    assert (program.folder / "iris.toml").is_file()
