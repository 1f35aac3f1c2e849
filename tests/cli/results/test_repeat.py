"""To repeat a study from its report alone: the file and the commands that stand there, in an empty folder."""

import json
import shlex

import pytest

from tests.cli.program import Program

TABLE = """
name = "prices & co"
trials = 6
parallelism = 2

[data]
source = "{source}"
target = "price"

[model]
epochs = 2

[space]
lr = {{ low = 1e-3, high = 1e-1, log = true }}

[confirm]
top = 1
seeds = 2
ensemble = 0
"""


def rows():
    """Return a table of sixty rows, of which the price is the product of the other two columns."""
    cells = [(i % 7 + 0.5, i % 11 - 3.0) for i in range(60)]
    return "\n".join(["x,y,price", *(f"{x},{y},{x * y}" for x, y in cells)]) + "\n"


def repeated(program, report, folder):
    """Do what a report says to repeat its study; return the run of the last command."""
    folder.mkdir()
    (folder / report["file"]["name"]).write_text(report["file"]["text"])
    empty = Program(folder=folder, cache=program.cache)
    for name in report["file"]["needs"]:
        (folder / name).write_bytes((program.folder / name).read_bytes())
    for step in report["file"]["steps"]:
        words = shlex.split(step["command"])
        assert words[0] == "hpsearch"
        run = empty.run(*words[1:])
        assert run.code == 0, run.err
    return run


@pytest.mark.long
def test_a_study_of_built_in_data_is_repeated_from_its_file(program, finished):
    """Digits need nothing but the file: the fingerprint is that of the study."""
    report = json.loads(program.run("report", "--json", "--storage", finished.url).out)
    assert report["file"]["needs"] == []
    assert repeated(program, report, program.folder / "empty").out == f"{finished.fingerprint}\n"


@pytest.mark.long
def test_a_study_of_a_table_is_repeated_from_its_file_and_its_table(program):
    """A name with blanks and signs is quoted; an anonymous report names the table without its folder."""
    table = program.write("table.csv", rows())
    program.write("prices.toml", TABLE.format(source=table))
    assert program.run("start", "prices.toml", "--workers", 1, "--quiet").code == 0
    report = json.loads(program.run("report", "--json", "--anonymous").out)
    assert report["file"]["needs"] == ["table.csv"]
    assert str(program.folder) not in json.dumps(report)
    again = repeated(program, report, program.folder / "empty")
    assert again.out == program.run("fingerprint").out
