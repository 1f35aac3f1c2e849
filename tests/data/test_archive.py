import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hpsearch.data.archive import read_archive
from hpsearch.errors import DataError
from hpsearch.study_file import DataSpec

X = np.arange(12.0).reshape(6, 2)
Y = np.array([0, 1] * 3)


def packed(**arrays):
    """Return the bytes of an archive."""
    out = io.BytesIO()
    np.savez_compressed(out, **arrays)
    return out.getvalue()


def read(data, **keys):
    """Read bytes as the file ``a.npz``; ``keys`` are those of ``[data]``."""
    return read_archive(data, where="a.npz", spec=DataSpec(source="a.npz", **keys) if keys else None)


@pytest.mark.parametrize(
    ("y", "classes"),
    [
        (Y, (0, 1)),
        (Y.astype(np.uint8) + 3, (3, 4)),
        (Y.astype(bool), (False, True)),
        (np.array(["b", "ä"] * 3), ("b", "ä")),
        (np.array([0.5, -1.0] * 3, dtype=np.float32), (-1.0, 0.5)),
    ],
)
def test_arrays_are_read_with_their_labels(y, classes):
    """Whole numbers, truth values, texts and real numbers are labels, and keep their type."""
    found = read(packed(X=X.astype(np.float32), y=y))
    assert found.classes == classes
    assert [type(label) for label in found.classes] == [type(label) for label in classes]
    assert [found.classes[i] for i in found.y] == y.tolist()
    assert found.X.tolist() == X.tolist()
    assert found.features == ("x0", "x1")


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", "f4", ">f8", "g"])
def test_numbers_of_any_size_are_read(dtype):
    """Features of every numeric type become float64."""
    found = read(packed(X=(X % 2).astype(dtype), y=Y))
    assert found.X.dtype == np.float64
    assert found.X.tolist() == (X % 2).tolist()


def with_bad(value, place=(4, 1)):
    """Return features with one bad number."""
    bad = X.copy()
    bad[place] = value
    return bad


def test_missing_numbers_are_nan_and_rows_without_a_label_are_left_out():
    """NaN is a missing number; a row whose label is NaN, or no date, teaches nothing."""
    assert np.isnan(read(packed(X=with_bad(np.nan), y=Y)).X).sum() == 1
    for y in (np.array([0, 1, 0, np.nan, 1, 0]), np.array(["2020-01-01", "2021-01-01", "NaT"] * 2, "M8[D]")):
        found = read(packed(X=X, y=y))
        gone = np.isnan(y) if y.dtype.kind == "f" else np.isnat(y)
        assert found.X.tolist() == X[~gone].tolist()
        assert found.notes == (f"{gone.sum()} of 6 rows are left out, because they have no y",)


def test_numbers_are_classes_where_the_study_says_so():
    """A target that looks like a quantity is one class a number with ``task``."""
    data = packed(X=np.tile(X, (5, 1)), y=np.arange(30) / 7)
    spec = DataSpec(source="a.npz", task="classification")
    assert len(read_archive(data, where="a.npz", spec=spec).classes) == 30
    assert len(read_archive(data, where="a.npz", plain=True).classes) == 30


def test_an_array_that_the_study_names_weighs_the_rows():
    """Of any type of numbers; rows of weight 0 are left out, and those without a label need no weight."""
    w = np.array([1, 0, 2, 3, 0, 1])
    for dtype in ("?", "i1", "u8", "f4", ">f8"):
        found = read(packed(X=X, y=Y, w=w.astype(dtype)), weights="w")
        assert found.weights.tolist() == w[w > 0].astype(dtype).tolist()
        assert found.X.tolist() == X[w > 0].tolist()
    y = np.array([0, 1, np.nan, 0, 1, 0])
    found = read(packed(X=X, y=y, w=np.array([1, 0, -9, 3, 2, 1.0])), weights="w")
    assert found.weights.tolist() == [1, 3, 2, 1]
    assert any(note.startswith("array 'w' weighs the rows in the training loss") for note in found.notes)
    assert read(packed(X=X, y=Y, w=w)).weights is None


WEIGHTS = [
    ({"w": np.ones(5)}, r"'w': expected numbers \(6,\), one a row, found float64 \(5,\)"),
    ({"w": np.ones((6, 1))}, r"'w': expected numbers \(6,\), one a row, found float64 \(6, 1\)"),
    ({"w": np.array(["1"] * 6)}, r"'w': expected numbers \(6,\), one a row, found <U1"),
    ({"v": np.ones(6)}, "expected an array 'w', found 'X', 'y', 'v'"),
    (
        {"w": np.array([1, -1, np.nan, np.inf, 1, 1])},
        "array 'w': expected a finite number .*, .* in row 2, infinity in row 3, -1 in row 1",
    ),
    ({"w": np.zeros(6)}, "array 'w': expected a weight above 0 in some row, found 0 in all of them"),
]


@pytest.mark.parametrize(("arrays", "message"), WEIGHTS)
def test_an_array_that_holds_no_weights_is_refused(arrays, message):
    """Its shape, its type and its numbers; features and labels are no weights."""
    with pytest.raises(DataError, match=f"^a.npz: {message}"):
        read(packed(X=X, y=Y, **arrays), weights="w")
    for name in ("X", "y"):
        with pytest.raises(DataError, match=r"^a\.npz: weights: expected another array than X and y, found"):
            read(packed(X=X, y=Y), weights=name)


def encrypted():
    """Return an archive that says that its first array is encrypted."""
    data = bytearray(packed(X=X, y=Y))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


REFUSED = [
    (b"", "expected a readable NPZ archive, found: "),
    (b"PK\x03\x04 not really", "expected a readable NPZ archive, found: "),
    (b"\x80\x04N.", "expected a readable NPZ archive, found: "),
    (packed(X=X, y=Y)[:-30], "expected a readable NPZ archive, found: "),
    (encrypted(), "expected a readable NPZ archive, found: .*encrypted"),
    (
        packed(x=X, y=Y),
        r"expected an array 'X', found 'x', 'y'; did you mean \"x\"\?|expected an array 'X', found 'x', 'y'$",
    ),
    (packed(X=X, labels=Y), "expected an array 'y', found 'X', 'labels'"),
    (
        packed(X=X.astype(object), y=Y),
        "expected a readable NPZ archive, found: Object arrays cannot be loaded",
    ),
    (
        packed(X=X, y=np.array([None] * 6)),
        "expected a readable NPZ archive, found: Object arrays cannot be loaded",
    ),
    (packed(X=X[0], y=Y), r"X: expected numbers \(n, d\), found float64 \(2,\)"),
    (packed(X=X[:0], y=Y[:0]), r"X: expected numbers \(n, d\), found float64 \(0, 2\)"),
    (packed(X=X[:, :0], y=Y), r"X: expected numbers \(n, d\), found float64 \(6, 0\)"),
    (packed(X=X.astype(str), y=Y), r"X: expected numbers \(n, d\), found <U32 \(6, 2\)"),
    (packed(X=X.astype(complex), y=Y), r"X: expected numbers \(n, d\), found complex128"),
    (packed(X=X, y=Y[:5]), r"y: expected labels \(6,\), found int64 \(5,\)"),
    (packed(X=X, y=Y[:, None]), r"y: expected labels \(6,\), found int64 \(6, 1\)"),
    (packed(X=X, y=Y.astype("S")), r"y: expected labels \(6,\), found \|S21 \(6,\)"),
    (packed(X=with_bad(-np.inf, (0, 0)), y=Y), r"X\[0, 0\]: expected a finite number, found -inf"),
    (packed(X=X, y=np.array([0, 1, 0, np.inf, 1, 0])), r"y\[3\]: expected a finite number, found inf"),
    (packed(X=X, y=np.array([np.nan] * 6)), "y: expected labels, found every one missing"),
    (packed(X=X, y=Y * 0), "expected at least 2 classes, found 1: 0"),
]


@pytest.mark.parametrize(("data", "message"), REFUSED, ids=[m[:50] for _, m in REFUSED])
def test_an_archive_that_cannot_be_learned_from_is_refused(data, message):
    """The refusal is one line that names file, array and place; nothing is unpickled."""
    with pytest.raises(DataError, match=f"^a.npz: (?:{message})") as refusal:
        read(data)
    assert "\n" not in str(refusal.value)


def test_a_single_array_is_refused():
    """A file with one array in it has no names."""
    out = io.BytesIO()
    np.save(out, X)
    with pytest.raises(
        DataError, match=r"a\.npz: expected an NPZ archive with arrays X and y, found a single array"
    ):
        read(out.getvalue())


def test_a_header_that_promises_too_much_is_refused():
    """A damaged shape does not bring the process down."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        member = io.BytesIO()
        np.lib.format.write_array_header_1_0(
            member, {"descr": "<f8", "fortran_order": False, "shape": (10**15, 1)}
        )
        archive.writestr("X.npy", member.getvalue())
        archive.writestr("y.npy", member.getvalue())
    with pytest.raises(DataError, match=r"a\.npz: expected a readable NPZ archive, found: "):
        read(out.getvalue())


@given(st.data())
def test_no_damage_does_worse_than_a_refusal(data):
    """An archive with a few bytes changed is read or refused in one line."""
    damaged = bytearray(packed(X=X, y=Y))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    found = outcome(bytes(damaged))
    assert "\n" not in found if isinstance(found, str) else not np.isinf(found.X).any()


def outcome(data):
    """Return the rows, or the words of their refusal."""
    try:
        return read(data)
    except DataError as error:
        return str(error)


def test_an_archive_of_quantities_is_a_regression():
    """Its ``y`` has a number for each row; a text among them is refused where the study asks for numbers."""
    found = read_archive(packed(X=np.tile(X, (5, 1)), y=np.arange(30) / 7), where="a.npz")
    assert (found.classes, found.y.tolist()) == ((), [[k / 7] for k in range(30)])
    spec = DataSpec(source="a.npz", task="regression")
    assert read_archive(packed(X=X, y=Y), where="a.npz", spec=spec).y[:, 0].tolist() == Y.tolist()
    with pytest.raises(
        DataError, match=r"a.npz: column 'y', row 0: expected a number, for a regression, found 'a' in 6"
    ):
        read_archive(packed(X=X, y=np.array(["a", "b"] * 3)), where="a.npz", spec=spec)
    with pytest.raises(
        DataError, match=r"a.npz: column 'y': expected at least 2 different numbers, found 1: 0"
    ):
        read_archive(packed(X=X, y=Y * 0), where="a.npz", spec=spec)
