"""Inputs that would take more memory than there is are refused by their heads."""

import hashlib
import json
import os
import resource
import socket
import zipfile
from contextlib import closing

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from hpsearch.errors import DataError
from hpsearch.memory import GIB, memory_limit
from hpsearch.nn import MLPClassifier, ModelFileError, load_model, save_model
from hpsearch.nn.files.tensor_file import pack_tensors, unpack_tensors
from tests.cli.fixtures import cache, program
from tests.machine.limited import MIB, run_limited

pytestmark = pytest.mark.long

__all__ = ["cache", "program"]

SAFETY = {resource.RLIMIT_AS: 3 * GIB}
"""A refusal that comes too late ends the child, not the machine."""
PEAK_MIB = 300
REFUSED = "in memory, found"

STUDY = """
trials = 20
[data]
source = "{source}"
{more}
[model]
hidden = [8]
[space]
lr = {{ low = 1e-4, high = 1e-1, log = true }}
"""
TARGET = 'target = "y"'


def npz(path, **arrays):
    """Write an archive of arrays that are nearly nothing once they are packed."""
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def wide_npz(path):
    """Write 40 MB of single bytes, which are 320 MB as float64."""
    npz(path, X=np.zeros((1_000_000, 40), np.uint8), y=np.arange(1_000_000) % 2 == 0)


def long_labels(path):
    """Write labels of 100,000 characters each."""
    npz(path, X=np.zeros((1000, 2)), y=np.array(["a", "b"] * 500, dtype="<U100000"))


def equal_rows(path):
    """Write 6 million rows of one number, as a Parquet file of some 10 kB."""
    rows = pa.table({"a": np.zeros(500_000), "y": np.zeros(500_000, np.int64)})
    with parquet.ParquetWriter(path, rows.schema, compression="zstd") as writer:
        for _ in range(12):
            writer.write_table(rows)


def lists(path):
    """Write a column of lists: 10,000 rows and 10 million numbers."""
    rows = pa.table({"a": pa.array([[0.0] * 1000] * 10_000), "y": np.arange(10_000) % 2})
    parquet.write_table(rows, path, compression="zstd")


def levels(path):
    """Write a column of 1,000 texts in 100,000 rows, which are 800 MB as features."""
    codes = pa.array(np.arange(100_000, dtype=np.int32) % 1000)
    texts = pa.DictionaryArray.from_arrays(codes, pa.array([f"t{i}" for i in range(1000)]))
    parquet.write_table(pa.table({"a": texts, "y": np.arange(100_000) % 2}), path)


def wide_text(path):
    """Write 30 MB of one digit a cell."""
    line = ",".join(["1"] * 1000)
    names = ",".join(f"c{i}" for i in range(999)) + ",y\n"
    path.write_text(names + f"{line}\n" * 15_000)


BOMBS = {
    "wide.npz": (wide_npz, ""),
    "labels.npz": (long_labels, ""),
    "rows.parquet": (equal_rows, TARGET),
    "lists.parquet": (lists, TARGET),
    "levels.parquet": (levels, TARGET),
    "wide.csv": (wide_text, TARGET),
}


@pytest.mark.parametrize("name", BOMBS)
def test_fault_81_data_that_swell_are_refused_by_their_heads(program, name):
    """The message names the size and the limit in one line, with exit code 2, before the memory is taken."""
    write, more = BOMBS[name]
    write(program.folder / name)
    program.write("bomb.toml", STUDY.format(source=name, more=more))
    run = run_limited(program, "check", "bomb.toml", limits=SAFETY, HPSEARCH_MAX_MEMORY="0.25")
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert f"{name}: expected at most 0.25 GiB {REFUSED}" in run.err
    assert "max_memory" in run.err
    assert run.peak_mib < PEAK_MIB


def test_fault_81_a_text_that_all_rows_repeat_is_kept_once(program):
    """A text of a megabyte in 20,000 rows is one text, not 20 GB."""
    texts = pa.DictionaryArray.from_arrays(
        pa.array(np.arange(20_000, dtype=np.int32) % 2), pa.array(["x" * 10**6, "z" * 10**6])
    )
    parquet.write_table(
        pa.table({"a": texts, "y": np.arange(20_000) % 2}), program.folder / "t.parquet", compression="zstd"
    )
    program.write("t.toml", STUDY.format(source="t.parquet", more=TARGET))
    run = run_limited(program, "check", "t.toml", limits=SAFETY)
    assert run.code == 0, run.err
    assert run.peak_mib < PEAK_MIB


@pytest.mark.parametrize(
    ("more", "variable", "code"),
    [
        ("", None, 0),
        ("max_memory = 0.001", None, 2),
        ("max_memory = 0.001", "1", 0),
        ("max_memory = 1", "0.001", 2),
        ("max_memory = 0", None, 2),
        ("", "much", 2),
        ("", "-1", 2),
    ],
)
def test_fault_81_the_limit_is_the_files_or_the_variables(program, more, variable, code):
    """The variable holds over the study file, as every variable does; what is no limit is refused."""
    npz(program.folder / "a.npz", X=np.arange(60_000.0).reshape(-1, 3), y=np.arange(20_000) % 2)
    program.write("a.toml", STUDY.format(source="a.npz", more=more))
    given = {"HPSEARCH_CACHE": program.folder / "cache"}  # what is in the cache has been read before
    given |= {} if variable is None else {"HPSEARCH_MAX_MEMORY": variable}
    run = program.run("check", "a.toml", **given)
    assert run.code == code, run.err
    if code:
        assert "max_memory" in run.err.lower()
        assert run.err.count("\n") == 1


def test_fault_81_the_limit_is_no_part_of_a_study(program):
    """A study begun under one limit goes on under another, with the data from the cache."""
    npz(program.folder / "a.npz", X=np.arange(300.0).reshape(-1, 3), y=np.arange(100) % 2)
    for limit in ("1", "3"):
        program.write("a.toml", STUDY.format(source="a.npz", more=f"max_memory = {limit}"))
        run = program.run("check", "a.toml", "--json")
        assert run.code == 0, run.err
        document = json.loads(run.out)
        assert "max_memory" not in document["study"]["data"]


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "socket"])
@pytest.mark.parametrize("use", ["data", "init", "bundle", "model"])
def test_fault_81_what_is_no_file_is_refused_at_once(program, kind, use):
    """A device without an end, a pipe, a folder and a socket, in the place of data, bundle and model."""
    path = program.folder / "x.npz"
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        {
            "device": lambda: path.symlink_to("/dev/zero"),
            "pipe": lambda: os.mkfifo(path),
            "folder": path.mkdir,
            "socket": lambda: listener.bind(str(path)),
        }[kind]()
        if use == "model":
            with pytest.raises(ModelFileError, match=r"x\.npz: expected a"):
                load_model(path)
            return
        program.write("x.toml", STUDY.format(source="x.npz", more=""))
        command = {"data": ("check", "x.toml"), "init": ("init", "x.npz"), "bundle": ("import", "x.npz")}[use]
        run = run_limited(program, *command, limits=SAFETY, timeout_s=60)
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert "expected a " in run.err
    assert run.peak_mib < PEAK_MIB


def test_fault_81_a_stream_without_a_size_is_read_up_to_the_limit(monkeypatch):
    """A file of the system that says it is empty and has no end is refused when it reaches the limit."""
    monkeypatch.setenv("HPSEARCH_MAX_MEMORY", "0.01")
    with pytest.raises(ModelFileError, match="a stream of more bytes"):
        load_model("/proc/self/pagemap")
    assert memory_limit().n_bytes == int(0.01 * GIB)


def swollen(bundle, change):
    """Write a bundle whose members have been changed and whose manifest is right."""
    with zipfile.ZipFile(bundle) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(members.pop("manifest.json"))
    change(members)
    manifest["members"] = {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in members.items()
    }
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**members, "manifest.json": json.dumps(manifest)}.items():
            archive.writestr(name, content)


def test_fault_81_a_bundle_that_swells_is_refused(program):
    """A list of studies that is 60 kB in the bundle and 4 GB in memory is refused by its size."""
    program.write("tiny.toml", STUDY.format(source="digits", more="train = 100").replace("20", "2"))
    assert program.run("start", "tiny.toml", "--workers", 1, "--quiet").code == 0
    assert program.run("export", "bundle", "--output", "tiny.hpsearch").code == 0

    def swell(members):
        members["studies.json"] = members["studies.json"].strip()[:-1] + b"," + b"[]," * 20 * MIB + b"0]"

    swollen(program.folder / "tiny.hpsearch", swell)
    assert (program.folder / "tiny.hpsearch").stat().st_size < 100_000
    run = run_limited(program, "import", "tiny.hpsearch", "-s", "sqlite:///other.db", limits=SAFETY)
    assert (run.code, len(run.lines)) == (2, 1), run.err
    assert f"studies.json: expected at most 2 GiB {REFUSED}" in run.err
    assert run.peak_mib < PEAK_MIB
    assert not (program.folder / "other.db").exists()


@pytest.fixture
def model(tmp_path):
    """Return a saved model of two labels."""
    X = np.arange(40.0).reshape(20, 2)
    fitted = MLPClassifier(hidden=(2,), epochs=1, random_state=0).fit(X, np.array(["a", "b"] * 10))
    save_model(fitted, tmp_path / "m.safetensors")
    return tmp_path / "m.safetensors"


def test_fault_81_a_model_with_a_card_that_swells_is_refused(model, monkeypatch):
    """The card is text: its size in the head of the file says what reading it would take."""
    monkeypatch.setenv("HPSEARCH_MAX_MEMORY", "0.05")
    load_model(model)
    file = unpack_tensors(model.read_bytes(), kind="model", source=model)
    card = {key: value for key, value in file.card.items() if key not in {"kind", "version"}}
    card["about"] = {"x": [[]] * 300_000}
    model.write_bytes(pack_tensors(file.tensors, kind="model", card=card))
    with pytest.raises(ModelFileError, match=f"0.05 GiB {REFUSED} .* bytes with a card of .*MAX_MEMORY"):
        load_model(model)


def test_fault_81_a_model_with_labels_that_swell_is_refused(model):
    """A type of a billion characters makes two letters 8 GB."""
    file = unpack_tensors(model.read_bytes(), kind="model", source=model)
    card = {key: value for key, value in file.card.items() if key not in {"kind", "version"}}
    card["classes"] = {"dtype": "<U500000000", "labels": ["a", "b"]}
    model.write_bytes(pack_tensors(file.tensors, kind="model", card=card))
    with pytest.raises(ModelFileError, match="2 labels of <U500000000"):
        load_model(model)


def test_what_a_data_set_takes_is_what_the_limit_counts(program):
    """The estimate of a table is no less than what its reading takes, and not more than three times that."""
    n, d = 100_000, 50
    npz(program.folder / "a.npz", X=np.random.default_rng(0).random((n, d)), y=np.arange(n) % 2)
    program.write("a.toml", STUDY.format(source="a.npz", more=""))
    base = run_limited(program, "check", "small.toml", limits=SAFETY).peak_mib
    run = run_limited(program, "check", "a.toml", limits=SAFETY)
    assert run.code == 0, run.err
    taken = (run.peak_mib - base) * MIB
    assert 1 / 3 < taken / (n * d * 40) < 1.2


def test_a_wrong_limit_in_python_is_refused(monkeypatch):
    """The variable is checked wherever it is read."""
    monkeypatch.setenv("HPSEARCH_MAX_MEMORY", "nan")
    with pytest.raises(DataError, match="HPSEARCH_MAX_MEMORY: expected a number of GiB above 0, found 'nan'"):
        memory_limit()
