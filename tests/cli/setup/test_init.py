"""``init``: what it writes passes ``check``, runs, and says the truth about the data."""

import json
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.data import guess_target
from hpsearch.data.tables.text import read_text
from hpsearch.errors import DataError
from hpsearch.nn import load_model
from hpsearch.objective import draft_study
from hpsearch.study_file import DataSpec, comment_text, read_study, toml_text
from hpsearch.worker import load_data
from tests.cli.program import rows


def table(header, n=60, *, end="\n"):
    """Return a CSV file of ``n`` rows: two numbers, then a class of three."""
    rows = [f"{k % 7}.5,{k % 5},k{k % 3}" for k in range(n)]
    return end.join([header, *rows, ""])


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        ("a,Label,b\nx,1,2\n", "Label", "its name says so"),
        ("y,class\n1,2\n", "class", "its name says so"),
        ("a,b,c\n1,red,2\n", "c", "the last column; 'b' is the only column of texts"),
        (
            "city,rooms,price\nOslo,3,2.5\nLima,2,1.5\n",
            "price",
            "the last column; 'city' is the only column of t",
        ),
        ("a,b,c\n1,red,big\n", "c", "the last column"),
        ("a,b,c\n1,2,3\n", "c", "the last column"),
        ("\ufeffa;b\r\n1;x\r\n", "b", "the last column"),
    ],
)
def test_the_column_of_the_class_is_guessed(data, name, why):
    """By its name, else by its place; the guess says which, and names a column that may be meant as well."""
    spec = DataSpec(source="t.csv")
    found = guess_target(read_text(data.encode(), where="t.csv", spec=spec), spec=spec, where="t.csv")
    assert (found.name, found.why[: len(why)]) == (name, why)


@pytest.mark.parametrize(
    ("file", "data", "target"),
    [
        ("plain.csv", table("a,b,kind"), "kind"),
        ("odd 'n\"ames.csv", table('a,b,"so ""called"" \\ type"'), 'so "called" \\ type'),
        ("blüte.csv", "\ufeff" + table("a,b,Größe 花", end="\r\n"), "Größe 花"),
        ("runs.confirm.csv", table("a,b,\u202ekind\x7f"), "\u202ekind\x7f"),
    ],
)
def test_what_is_written_is_the_study_that_was_meant(program, monkeypatch, file, data, target):
    """Names with quotes, backslashes, other scripts; a file in another folder names the data from there."""
    monkeypatch.chdir(program.folder)
    monkeypatch.setenv("HPSEARCH_CACHE", str(program.cache))
    program.write(file, data)
    (program.folder / "below").mkdir()
    place = program.folder / "below" / "study.toml"
    place.write_text(draft_study(DataSpec(source=file), file=place).text, encoding="utf-8")
    spec = read_study(place)
    assert (spec.data.target, spec.base / spec.data.source) == (target, place.parent / ".." / file)
    assert not spec.name.endswith(".confirm")


@given(st.text())
def test_any_text_is_quoted_so_that_toml_reads_it(text):
    """Quotes, line ends, control characters, what has no glyph: one printable line that reads as the text."""
    if not text.isascii():
        text = text.encode("utf-8", "ignore").decode()
    quoted = toml_text(text)
    assert quoted.isprintable()
    assert tomllib.loads(f"text = {quoted} # {comment_text(text)}") == {"text": text}


def test_a_first_study_runs(program):
    """From a table to a winner with the commands that ``init`` prints; doing it again changes nothing."""
    program.write("my flowers.csv", table("a,b,kind"))
    run = program.run("init", "my flowers.csv")
    file = program.folder / "my flowers.toml"
    assert (run.code, run.out) == (0, "")
    assert run.err.splitlines() == [
        "my flowers.toml: written",
        "the target is the column 'kind' (the last column); --target names another",
        "",
        "next:",
        "  hpsearch check 'my flowers.toml'",
        "  hpsearch start 'my flowers.toml'",
    ]
    text = file.read_text()
    assert '#   "k0"       20 rows   33.3%' in text
    again = program.run("init", "my flowers.csv", "--quiet")
    assert (again.code, again.out, again.err, file.read_text()) == (0, "", "", text)
    assert program.run("check", file.name).code == 0
    fewer = text.replace("trials = 100 ", "trials = 24 ").replace("epochs = 180", "epochs = 2")
    file.write_text(fewer.replace("epochs = 30", "epochs = 2").replace("rungs = [10]", "rungs = [1]"))
    refused = program.run("init", "my flowers.csv")
    assert (refused.code, refused.out) == (1, "")
    assert "my flowers.toml: expected no file there, found another one" in refused.err
    started = program.run("start", file.name, "-w", 1)
    assert started.code == 0, started.err
    assert "winner" in started.out
    assert rows(program.folder / "hpsearch.db", "SELECT study_name FROM studies")[0] == ("my flowers",)


def test_a_name_on_standard_output(program):
    """``-o -`` prints the file and writes none."""
    before = sorted(program.folder.iterdir())
    run = program.run("init", "digits", "-o", "-", LC_ALL="C")
    assert (run.code, run.err) == (0, "")
    assert tomllib.loads(run.out)["data"] == {"source": "digits", "validation": 0.2, "test": 0.2}
    assert "10 classes:" in run.out
    assert sorted(program.folder.iterdir()) == before


def test_arrays_need_no_target(tmp_path, monkeypatch):
    """An NPZ file holds its classes under a name of their own."""
    monkeypatch.chdir(tmp_path)
    np.savez("a.npz", X=np.random.default_rng(0).normal(size=(90, 4)), y=np.repeat([1, 2, 3], 30))
    draft = draft_study(DataSpec(source="a.npz"), file=tmp_path / "a.toml")
    assert draft.target is None
    assert "#   1       30 rows   33.3%" in draft.text


def test_a_parquet_file_with_categories_is_drafted(tmp_path, monkeypatch):
    """Texts that are no class are categories, one feature each, and shown as the column that they were."""
    pa = pytest.importorskip("pyarrow", reason="needs the extra frames")
    from pyarrow import parquet  # noqa: PLC0415 - an extra

    monkeypatch.chdir(tmp_path)
    columns = {"city": ["Rome", "Oslo", "Lima"] * 20, "size": [0.5, 1.5] * 30, "class": ["a", "b"] * 30}
    parquet.write_table(pa.table(columns), "t.parquet")
    draft = draft_study(DataSpec(source="t.parquet"), file=tmp_path / "t.toml")
    assert draft.target.name == "class"
    assert '# 60 rows, 2 columns to learn from: "city" (3 categories), "size"\n' in draft.text
    parquet.write_table(pa.table({}), "none.parquet")
    with pytest.raises(DataError, match="expected at least 2 columns, found 0"):
        draft_study(DataSpec(source="none.parquet"), file=tmp_path / "t.toml")


@pytest.mark.parametrize(
    ("data", "target", "told"),
    [
        ("a,price\n" + "".join(f"{k},{k}.5\n" for k in range(50)), None, "if it is another column, name it"),
        ("a,b\n", None, "expected rows below the header"),
        ("", None, "found an empty file"),
        (table("a,b,kind"), "sort", "expected a column 'sort', found none"),
    ],
)
def test_data_that_nothing_can_be_learned_from_are_refused(tmp_path, monkeypatch, data, target, told):
    """The message is that of ``check``; where the column was guessed, it says so."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(data)
    with pytest.raises(DataError, match=told):
        draft_study(DataSpec(source="t.csv", target=target), file=tmp_path / "t.toml")


def test_there_is_no_place_for_the_file(program):
    """A folder that is not there, and one in place of the file: one line, exit code 1."""
    program.write("t.csv", table("a,b,kind"))
    for place in ("nowhere/x.toml", "."):
        run = program.run("init", "t.csv", "-o", place)
        assert (run.code, run.out) == (1, "")
        assert run.err.count("\n") == 1


def test_what_is_known_of_the_columns_is_written(program):
    """Options become keys of ``[data]``; several columns stand in one option or in several."""
    cells = [f"{k % 7}.5,{k % 3},{k * k % 10},{k % 12 / 4},{k}" for k in range(240)]
    program.write("t.csv", "\n".join(['a,code,"b, c",score,n', *cells]))
    options = ["--ignore", '"b, c", n', "--categorical", "code", "--metric", "accuracy"]
    drafted = program.run("init", "t.csv", "--target", "score", "-o", "number.toml", *options[:4])
    assert (drafted.code, drafted.out) == (0, "")
    assert "the target has 12 different numbers in 240 rows: a regression; task = " in drafted.err
    assert "# A number in the column" in (program.folder / "number.toml").read_text()
    run = program.run("init", "t.csv", "--target", "score", "--task", "classification", *options)
    assert run.code == 0, run.err
    searches = [
        tomllib.loads((program.folder / name).read_text())["search"] for name in ("number.toml", "t.toml")
    ]
    assert [search.get("start") for search in searches] == [None, "learned"]
    data = tomllib.loads((program.folder / "t.toml").read_text())["data"]
    assert data["target"] == "score"
    assert data["task"] == "classification"
    assert data["ignore"] == ["b, c", "n"]
    assert data["categorical"] == ["code"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--metric", "f2"], "metric: expected one of accuracy, balanced_accuracy, f1, "),
        (["--task", "regression"], "t.csv: column 'kind', row 0: expected a number, for a regression, found"),
        (["--metric", "mae"], "t.csv: column 'kind', row 0: expected a number, for a regression, found"),
        (["--task", "sorting"], 'task: expected one of classification, regression, found "sorting"'),
        (
            ["--ignore", "x,y"],
            "t.csv: ignore: expected a column 'x', found none; the columns are",
        ),
    ],
)
def test_what_the_program_has_not_is_refused(program, options, told):
    """In one line, and nothing is written."""
    program.write("t.csv", table("a,b,kind"))
    run = program.run("init", "t.csv", "--target", "kind", *options)
    assert (run.code, run.out, run.err.count("\n")) == (2, "", 1)
    assert told in run.err
    assert not (program.folder / "t.toml").exists()


def test_a_table_as_people_have_it_comes_to_a_winner(program):
    """An index, gaps, dates, decimal commas, texts that begin with a digit: from init to a model."""
    kinds = ["yes", "no"]
    lines = [";width;size;when;kind"]
    for k in range(99):
        width, size = f"{k * k % 7},5" if k % 9 else "NA", ["10-50", "1st", "None"][k % 3]
        lines.append(f"{k};{width};{size};2024-01-{1 + k % 28:02d};{kinds[k % 2] if k % 11 else ''}")
    program.write("t.csv", "\n".join(lines))
    run = program.run("init", "t.csv", "--target", "kind")
    assert run.code == 0, run.err
    said = [
        "numbers are read with a decimal comma",
        "column 'size': 'None' in 33 rows is read as missing",
        "9 of 99 rows are left out, because they have no 'kind'",
        "column '' is left out: it names or counts the rows",
        "column 'when' is left out: it holds dates",
        "missing numbers are filled with the median of the training rows",
        "missing cells of categories are a category of their own",
    ]
    text = (program.folder / "t.toml").read_text()
    for line in said:
        assert line in run.err
        assert line in text
    short = text.replace("trials = 100 ", "trials = 12 ").replace("[search]", "[search]\nrounds = [8]")
    short = short.replace("[confirm]", "[confirm]\ntop = 1\nseeds = 1")
    (program.folder / "t.toml").write_text(short)
    checked = program.run("check", "t.toml", "--json")
    notes = json.loads(checked.out)["notes"]
    assert [note for note in notes if any(line in note for line in said)] == notes
    started = program.run("start", "t.toml", "-w", 1)
    assert started.code == 0, started.err
    assert all(line in started.err for line in said)
    assert program.run("export", "winner", "-o", "m.safetensors").code == 0
    frame = pd.read_csv(program.folder / "t.csv", sep=";", decimal=",")
    model = load_model(program.folder / "m.safetensors")
    assert set(model.predict(frame)) <= set(kinds)
    assert [rule.indicator for rule in model.filled] == [4]


def test_start_of_a_table_says_to_use_init(program):
    """The next command is in the message."""
    program.write("t.csv", table("a,b,kind"))
    for command in ("start", "check"):
        run = program.run(command, "t.csv")
        assert (run.code, run.err.count("\n")) == (2, 1)
        assert (
            "t.csv: expected a study file, found a table; hpsearch init t.csv writes a study file" in run.err
        )


@pytest.mark.parametrize(
    ("counts", "folds"),
    [((40, 40), 5), ((40, 20, 5), 4), ((40, 3), 2), ((900, 900), None), ((2000, 3), None)],
)
def test_folds_are_suggested_for_a_small_table(tmp_path, monkeypatch, counts, folds):
    """As many as every class can have, up to five; the line does what it says once it is no comment."""
    monkeypatch.chdir(tmp_path)
    lines = [f"{k % 7}.5,{k * k % 11}.25,k{kind}" for kind, n in enumerate(counts) for k in range(n)]
    (tmp_path / "t.csv").write_text("\n".join(["a,b,kind", *lines, ""]))
    text = draft_study(DataSpec(source="t.csv", target="kind"), file=tmp_path / "t.toml").text
    suggested = [line for line in text.splitlines() if line.startswith("# folds")]
    if folds is None:
        assert not suggested
        return
    assert suggested[0].startswith(f"# folds = {folds} ")
    kept = [line.removeprefix("# ") if line in suggested else line for line in text.splitlines()]
    file = tmp_path / "t.toml"
    file.write_text("\n".join(line for line in kept if not line.startswith("validation")))
    spec = read_study(file)
    assert spec.data.folds == folds
    assert len(load_data(spec, tmp_path).y_val) == 0
