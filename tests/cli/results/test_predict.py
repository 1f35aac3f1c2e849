"""``hpsearch predict`` as a person meets it: rows on standard output, files, notes, wrong input."""

import csv
import io
import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import hpsearch
from tests.cli.program import HPSEARCH
from tests.prediction.models import KINDS, dataset_of, saved, spec_of, write

FRAME = KINDS["missing"].frame.assign(kind=np.where(KINDS["missing"].frame.kind == "yes", "=yes", "no"))
N = len(FRAME)


@pytest.fixture
def predict(program):
    """Return a function that predicts in a folder that holds a model ``m`` and its table ``t.csv``."""
    write(FRAME, program.folder / "t.csv")
    spec = spec_of(program.folder / "t.csv", KINDS["missing"])
    saved(program.folder / "m", dataset_of(spec, program.folder))
    return lambda *arguments: program.run("predict", *arguments)


@pytest.fixture
def model(predict, program):
    """Return the model that ``predict`` reads."""
    assert predict
    return hpsearch.load_model(program.folder / "m")


def test_predictions_are_on_standard_output_and_notes_are_not(predict, model, program):
    """A line for each row, in the order of the file; the metric is said where the target is there."""
    run = predict("m", "t.csv")
    wanted = model.predict(FRAME)
    assert run.code == 0
    assert run.err == f"accuracy {np.mean(wanted == FRAME.kind):.4f} on the {N} rows with a target\n"
    shown = [label.replace("=yes", "'=yes") for label in wanted]  # no spreadsheet runs it
    assert run.out.splitlines() == ["prediction", *shown]
    run = predict("m", "t.csv", "--raw", "--quiet")
    assert (run.out, run.err) == ("\n".join(["prediction", *wanted, ""]), "")
    write(FRAME.drop(columns="kind").assign(more=1).iloc[:, ::-1], program.folder / "x.parquet")
    run = predict("m", "x.parquet", "--raw")
    assert run.out.splitlines()[1:] == wanted.tolist()
    assert run.err == "a column that the model does not read: 'more'\n"


def test_probabilities_come_beside_the_predictions(predict, model):
    """One column a class, and the same bits."""
    rows = list(csv.DictReader(io.StringIO(predict("m", "t.csv", "--proba", "--raw").out)))
    assert list(rows[0]) == ["prediction", "probability of =yes", "probability of no"]
    found = [[float(row["probability of =yes"]), float(row["probability of no"])] for row in rows]
    assert np.array(found).tobytes() == model.predict_proba(FRAME).tobytes()


def test_the_ending_of_the_file_says_the_form(predict, model, program):
    """CSV, Parquet with types, or one JSON document."""
    wanted, proba = model.predict(FRAME).tolist(), model.predict_proba(FRAME)
    for name in ("p.csv", "p.parquet", "p.json"):
        run = predict("m", "t.csv", "--proba", "-o", name)
        assert (run.code, run.out) == (0, "")
        assert run.err.splitlines()[1:] == [f"{N} predictions written to {name}"]
    assert pd.read_csv(program.folder / "p.csv").shape == (N, 3)
    columns = pq.read_table(program.folder / "p.parquet").to_pydict()
    assert columns["prediction"] == wanted
    assert columns["probability of no"] == proba[:, 1].tolist()
    document = json.loads((program.folder / "p.json").read_text())
    assert document["prediction"] == wanted
    assert document["probability of =yes"] == proba[:, 0].tolist()
    assert (document["metric"], document["rows"]) == ("accuracy", N)
    printed = predict("m", "t.csv", "--proba", "--json", "--quiet")
    assert (printed.err, json.loads(printed.out)) == ("", document)
    short = json.loads(predict("m", "t.csv", "--json", "-o", "p.csv").out)
    assert short == {
        name: document[name] for name in ("schema_version", "model", "file", "metric", "value", "rows")
    }


@pytest.mark.parametrize("kind", ["real", "truth", "whole"])
def test_labels_keep_their_type(predict, program, kind):
    """1.0 is not 1, and true is a truth value, in each form."""
    assert predict
    values = {"real": [1.0, 2.5], "truth": [True, False], "whole": [7, 10]}[kind]
    frame = KINDS["numbers"].frame
    frame = frame.assign(kind=np.where(frame.kind == "yes", *values))
    write(frame, program.folder / "t.csv")
    spec = spec_of(program.folder / "t.csv", KINDS["numbers"])
    saved(program.folder / "m", dataset_of(spec, program.folder))
    for name in ("p.csv", "p.parquet", "p.json"):
        assert predict("m", "t.csv", "-o", name).code == 0
    found = [
        pd.read_csv(program.folder / "p.csv").prediction.tolist(),
        pq.read_table(program.folder / "p.parquet").to_pydict()["prediction"],
        json.loads((program.folder / "p.json").read_text())["prediction"],
    ]
    assert all({*labels} <= {*values} for labels in found)
    assert all({*map(type, labels)} == {type(values[0])} for labels in found)


WRONG = {
    ("none", "t.csv"): (1, "hpsearch: none: expected a saved model, found none: No such file or directory"),
    (".", "t.csv"): (1, "hpsearch: .: expected a saved model, found none: Is a directory"),
    ("t.csv", "t.csv"): (1, "hpsearch: t.csv: expected a .safetensors file, found something else"),
    ("/dev/zero", "t.csv"): (1, "hpsearch: /dev/zero: expected a saved model, found a device"),
    ("m", "m"): (2, "hpsearch: m: expected a file that ends in .csv"),
    ("m", "."): (2, "hpsearch: .: expected a file that ends in .csv"),
    ("m", "none.csv"): (2, "hpsearch: none.csv: expected a data file, found none there"),
    ("m", "other.csv"): (2, "hpsearch: other.csv: expected a column 'tall', found none, nor 'wide', "),
    ("m", "inf.csv"): (2, "hpsearch: inf.csv: column 'tall', row 2: expected a finite number, found inf"),
    ("m", "t.csv", "-o", "x.txt"): (2, "hpsearch predict: invalid value for --output: expected a file that"),
    ("m", "t.csv", "-o", "./t.csv"): (2, "hpsearch predict: invalid value for --output: expected another"),
    ("m", "t.csv", "-o", "no/x.csv"): (1, "hpsearch: no/x.csv: "),
    ("m",): (2, "hpsearch predict: missing argument 'FILE'"),
}


@pytest.mark.parametrize("arguments", WRONG, ids=" ".join)
def test_wrong_input_is_one_line_and_a_code(predict, program, arguments):
    """Models that are none, tables with other columns, folders, devices; nothing is written."""
    (program.folder / "other.csv").write_text("a,b\n1,2\n3,4\n")
    write(FRAME.assign(tall=FRAME.tall.mask(FRAME.index == 2, np.inf)), program.folder / "inf.csv")
    before = {path: path.stat().st_mtime_ns for path in program.folder.iterdir() if path.is_file()}
    code, message = WRONG[arguments]
    run = predict(*arguments)
    assert (run.code, run.out) == (code, "")
    assert run.err.startswith(message)
    assert run.err.count("\n") == 1
    assert {path: path.stat().st_mtime_ns for path in program.folder.iterdir() if path.is_file()} == before


def test_an_unseen_category_is_said_once(predict, program):
    """On standard error, beside the predictions."""
    write(FRAME.assign(color="mauve", flag="off").drop(columns="kind"), program.folder / "x.csv")
    run = predict("m", "x.csv", "--proba")
    assert run.code == 0
    assert run.err == "categories that the model has not seen count as missing: column 'color': 'mauve'\n"


def test_a_reader_that_goes_away_ends_it(predict, program):
    """``hpsearch predict ... | head -1`` ends without a traceback."""
    assert predict
    with subprocess.Popen(
        [*HPSEARCH, "predict", "m", "t.csv"],
        cwd=program.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as run:
        run.stdout.close()
        assert "Traceback" not in run.stderr.read()
    assert sys.executable in HPSEARCH
