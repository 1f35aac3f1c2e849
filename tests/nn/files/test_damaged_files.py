"""Files that are damaged, foreign or impossible are refused."""

import pickle
import struct
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
import safetensors.numpy
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hpsearch.errors import HpsearchError
from hpsearch.nn import (
    ModelFileError,
    load_model,
    save_model,
)
from tests.nn.files.models import X, network, rewritten


@cache
def saved_bytes():
    """Return the bytes of one saved model, the same for every example."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "m"
        save_model(network(), path, metrics={"test_accuracy": 0.5}, data_hash="abc")
        return path.read_bytes()


@settings(max_examples=300, deadline=None)
@given(data=st.data(), change=st.integers(1, 255))
def test_fault_27_any_one_byte_that_changed_is_noticed(tmp_path_factory, data, change):
    """Whichever byte of the file becomes another one, the file is refused with one line."""
    content = bytearray(saved_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= change
    path = tmp_path_factory.mktemp("altered") / "m"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"^[^\n]*m: expected [^\n]*, found [^\n]*$"):
        load_model(path)


@settings(max_examples=100, deadline=None)
@given(length=st.data(), tail=st.binary(max_size=3))
def test_fault_27_a_file_of_another_length_is_noticed(tmp_path_factory, length, tail):
    """A file that was cut short, or has more behind it, is refused."""
    whole = saved_bytes()
    content = whole[: length.draw(st.integers(0, len(whole)))] + tail
    assume(content != whole)
    path = tmp_path_factory.mktemp("cut") / "m"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"m: expected"):
        load_model(path)


class Bomb:
    """An object whose pickle would run code."""

    def __reduce__(self):
        """Ask for the code to be run."""
        return pytest.fail, ("the pickle was run",)


@pytest.mark.parametrize(
    "content",
    [b"", b"x", pickle.dumps(Bomb()), b"PK\x03\x04" + bytes(99), b"\x93NUMPY", b"\x02" + bytes(7) + b"[]"],
)
def test_other_files_are_refused(tmp_path, content):
    """Nothing, pickles, archives, arrays and other JSON are refused, and nothing in them is run."""
    path = tmp_path / "other"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=r"other: expected a \.safetensors file, found something else"):
        load_model(path)


def test_deeply_nested_headers_are_refused(tmp_path):
    """A header nested too deep for the reader is refused like any other."""
    path = tmp_path / "deep"
    path.write_bytes(struct.pack("<Q", 200_000) + b"[" * 200_000)
    with pytest.raises(ModelFileError, match=r"deep: expected a \.safetensors file"):
        load_model(path)


def test_missing_files_folders_and_foreign_tensors_are_refused(tmp_path):
    """What is not there, a folder, and another program's tensors are told apart."""
    with pytest.raises(ModelFileError, match=r"none: expected a saved model, found none: No such file"):
        load_model(tmp_path / "none")
    with pytest.raises(HpsearchError, match=r"expected a saved model, found none: Is a directory"):
        load_model(tmp_path)
    safetensors.numpy.save_file({"a": np.zeros(2)}, tmp_path / "foreign")
    with pytest.raises(ModelFileError, match=r"foreign: expected a model saved by hpsearch, found tensors"):
        load_model(tmp_path / "foreign")
    with pytest.raises(ModelFileError, match=r"m: cannot be written: No such file or directory"):
        save_model(network(), tmp_path / "nowhere" / "m")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"card": {"version": 2}}, r"expected format version 1, found 2; read it with"),
        ({"card": {"kind": "cake"}}, r"expected a saved model, found 'cake'"),
        (
            {"card": {"sizes": [3, 5, 3]}},
            r"sizes: expected \(n_features, \*\(4,\), n_outputs\), found \(3, 5, 3\)",
        ),
        ({"card": {"sizes": [3, -4, 3]}}, r"sizes: expected a whole number, 1 or more, found -4"),
        ({"card": {"sizes": [4, 4, 3]}}, r"parameters: expected real numbers \(35,\), found float32 \(31,\)"),
        ({"card": {"sizes": 3}}, r"not a model that can be: "),
        ({"card": {"config": {"hidden": [4], "lr": -1}}}, r"lr: expected a number above 0, found -1"),
        (
            {"card": {"config": {"hidden": [4], "color": 1}}},
            r"config: expected settings of a network, found 'color'",
        ),
        (
            {"card": {"classes": {"dtype": "<U1", "labels": ["a", "b"]}}},
            r"classes: expected 3 labels, found 2",
        ),
        (
            {"card": {"classes": {"dtype": "<U1", "labels": ["a", 2, 3]}}},
            r"classes: expected labels of type <U1",
        ),
        (
            {"card": {"classes": {"dtype": "|b1", "labels": ["", "b", "c"]}}},
            r"classes: expected labels of type",
        ),
        (
            {"card": {"classes": {"dtype": "<M8[s]", "labels": [1, 2, 3]}}},
            r"classes: expected labels of type <M8\[s\], found \[1, 2, 3\]",
        ),
        ({"card": {"classes": {"dtype": "banana", "labels": []}}}, r"classes: expected labels of one type"),
        ({"card": {"classes": ["a"]}}, r"classes: expected labels and their type, found \['a'\]"),
        (
            {"tensors": {"parameters": np.zeros(30, np.float32)}},
            r"expected real numbers \(31,\), found .* \(30,\)",
        ),
        ({"tensors": {"parameters": np.zeros(31, np.int32)}}, r"expected real numbers \(31,\), found int32"),
        ({"tensors": {"more": np.zeros(1)}}, r"tensors: expected no others, found \['more'\]"),
        ({"tensors": {"scaler.mean": np.zeros(2)}}, r"scaler: expected mean and scale of one shape"),
        ({"tensors": {"scaler.scale": np.zeros(3)}}, r"scaler: expected finite numbers and scales above 0"),
        (
            {"tensors": {"scaler.mean": np.zeros(4), "scaler.scale": np.ones(4)}},
            r"scaler: expected mean and scale \(3,\), found \(4,\)",
        ),
        ({"drop": ["parameters"]}, r"expected parameters in a saved model, found none"),
        ({"drop": ["sizes"]}, r"expected sizes in a saved model, found none"),
    ],
)
def test_fault_27_files_that_say_what_cannot_be_are_refused(saved, change, message):
    """A file with a fitting digest but impossible contents is refused by name."""
    with pytest.raises(ModelFileError, match=message):
        load_model(rewritten(saved, **change))


def test_rewriting_alone_changes_nothing(saved):
    """The tests' own way to write a file is accepted, so the refusals above are for what they changed."""
    assert load_model(rewritten(saved)).predict(X).shape == (30,)
