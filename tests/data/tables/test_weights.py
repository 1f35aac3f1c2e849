"""A column of weights: no feature, a number in every row that is used, all faults in one message."""

import io

import numpy as np
import pandas as pd
import pytest

from hpsearch.errors import DataError
from tests.data.tables.reading import outcome, read

N = 12
RNG = np.random.default_rng(0)
A, KIND = RNG.normal(size=N).round(3), ["xy"[k % 2] for k in range(N)]
W = [0.5, 1, 2, 3, 1, 1, 2, 2.5, 1, 1, 1, 4]


def table(weights=W, *, a=A, kind=KIND, sep=","):
    """Return a text of a column of numbers, the weights and the class."""
    rows = [("a", "w", "kind"), *zip(a, weights, kind, strict=True)]
    return "\n".join(sep.join(map(str, row)) for row in rows)


def changed(**cells):
    """Return the weights with other cells: ``r3="x"`` changes row 3."""
    return [cells.get(f"r{row}", weight) for row, weight in enumerate(W)]


def test_weights_are_no_feature():
    """They stand beside the rows; the note says what they do, and that metrics do not read them."""
    found = read(table(), weights="w")
    assert (found.features, found.weights.tolist()) == (("a",), W)
    loss = "weighs the rows in the training loss, from 0.5 to 4"
    assert found.notes == (f"column 'w' {loss}; metrics count every row alike",)
    assert (found.rules.weights, found.doubts) == ("w", ())
    assert read(table()).weights is None


def test_rows_of_weight_0_are_left_out():
    """Nothing of them is left: neither a number, a category, a class nor their part in what is guessed."""
    zero = changed(r0=0, r5="0.0", r7="-0")
    kept = [row for row in range(N) if row not in {0, 5, 7}]
    found = read(table(zero), weights="w")
    assert found.weights.tolist() == [W[row] for row in kept]
    assert found.X[:, 0].tolist() == [A[row] for row in kept]
    assert found.notes[1] == "3 of 12 rows are left out, because their weight is 0 (rows from 0: 0, 5, 7)"
    odd = ["third" if row == 5 else label for row, label in enumerate(KIND)]
    other = read(table(zero, a=np.where(np.isin(np.arange(N), kept), A, 1e9), kind=odd), weights="w")
    assert other.X.tobytes() == found.X.tobytes()
    assert (other.classes, other.y.tolist()) == (found.classes, found.y.tolist())


def test_rows_without_a_target_need_no_weight():
    """They are left out, whatever their weight is, and the other weights stay beside their rows."""
    kind = ["" if row in {1, 4} else label for row, label in enumerate(KIND)]
    found = read(table(changed(r1="", r4=-1, r6=0), kind=kind), weights="w")
    assert found.weights.tolist() == [w for row, w in enumerate(W) if row not in {1, 4, 6}]
    assert len(found.X) == len(found.y) == 9
    with pytest.raises(DataError, match="column 'kind': expected classes, found every cell missing"):
        read(table(kind=[""] * N), weights="w")


MEND = r" \(rows from 0\); write a number there: 0 leaves the row out"
FAULTS = {
    "missing": (changed(r3="", r8="NA"), "a missing cell in row 3, 8"),
    "text": (changed(r2="much", r4="more", r6="much"), "'much', 'more' in row 2, 4, 6"),
    "negative": (changed(r1=-1, r2=-0.5, r9=-1), "-1, -0.5 in row 1, 2, 9"),
    "infinite": (changed(r1="inf", r2="-inf", r3="1e999"), "infinity in row 1, 2, 3"),
    "dates": ([f"2024-01-{k + 1:02}" for k in range(N)], "dates in row 0, 1, 2, 3, 4, ..."),
    "truth values": (["true", "false"] * 6, "'True', 'False' in row 0, 1, 2, 3, 4, ..."),
    "units": (changed(r0="$5", r1="7%"), "'\\$5', '7%', '2', ... in row 0, 1, 2, 3, 4, ..."),
    "all at once": (
        changed(r0="", r1="x", r2=-2, r3="1e999"),
        "a missing cell in row 0, 'x' in row 1, infinity in row 3, -2 in row 2",
    ),
    "all numbers": (
        changed(r0="", r2=-2, r3="inf"),
        "a missing cell in row 0, infinity in row 3, -2 in row 2",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_no_weight_is_refused(name):
    """One message has each kind with its rows, and what is wrong with other columns."""
    cells, found = FAULTS[name]
    message = rf"^t.csv: column 'w': expected a finite number in every row, 0 or more, found {found}{MEND}$"
    with pytest.raises(DataError, match=message):
        read(table(cells), weights="w")
    a = np.where(np.arange(N) == 4, np.inf, A)
    both = rf"^t.csv: column 'a', row 4: expected a finite number, .*; column 'w': expected .*{MEND}$"
    with pytest.raises(DataError, match=both):
        read(table(cells, a=a), weights="w")


@pytest.mark.parametrize("strays", [1, 3])
def test_texts_among_many_numbers_are_one_fault(strays):
    """The column is not called one of categories: weights are numbers."""
    cells = [*(k + 0.5 for k in range(60)), *["x"] * strays]
    rows = [("a", "w", "kind"), *((k % 7, cell, "xy"[k % 2]) for k, cell in enumerate(cells))]
    found = outcome("\n".join(",".join(map(str, row)) for row in rows), weights="w")
    assert found.count("column 'w'") == 1
    assert "found 'x' in row 60" in found


def test_weights_that_are_all_0_or_all_the_same():
    """The first are refused, the second doubted."""
    with pytest.raises(
        DataError, match=r"^t.csv: column 'w': expected a weight above 0 in some row, found 0"
    ):
        read(table([0] * N), weights="w")
    doubt = "data.weights: column 'w' has the same weight in all rows, 2: none counts for more"
    assert read(table([2] * N), weights="w").doubts == (doubt,)
    assert read(table([2, 0] * 6, kind=["x", "x", "y", "y"] * 3), weights="w").doubts == ()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"weights": "knid"}, 'weights: expected a column .knid., found none; did you mean "kind"'),
        ({"weights": "W"}, "weights: expected a column 'W', found none; the columns are 'a', 'w', 'kind'$"),
        ({"weights": "kind"}, "weights: expected other columns than in target: found 'kind'$"),
        ({"weights": "w", "ignore": ("w",)}, "ignore: expected other columns than in weights: found 'w'$"),
        ({"weights": "w", "keep": ("w",)}, "keep: expected other columns than in weights: found 'w'$"),
        (
            {"weights": "w", "categorical": ("w", "a")},
            "categorical: expected other columns than in weights: found 'w'$",
        ),
        ({"weights": "x", "target": "y"}, "expected a column 'y', .*; weights: expected a column 'x', found"),
    ],
)
def test_a_column_that_cannot_hold_weights_is_refused(keys, message):
    """It is there, and has no other part in the study."""
    with pytest.raises(DataError, match=f"^t.csv: {message}"):
        read(table(), **keys)


def test_weights_are_read_as_other_numbers_are():
    """A decimal comma, that of the file; thousands; codes with a zero in front, without a word on codes."""
    comma = [str(w).replace(".", ",") for w in W]
    found = read(table(comma, a=[str(x).replace(".", ",") for x in A], sep=";"), weights="w")
    assert (found.weights.tolist(), found.X[:, 0].tolist()) == (W, A.tolist())
    assert read(table(comma, a=range(9, 9 + N), sep=";"), weights="w").weights.tolist() == W
    found = read(table(['"1,500"', *W[1:]]), weights="w")
    assert found.weights.tolist() == [1500.0, *W[1:]]
    found = read(table([f"{int(w):02}" for w in W]), weights="w")
    assert found.weights.tolist() == [int(w) for w in W if int(w)]
    assert not any("code" in note for note in found.notes)


def test_an_arff_file_may_call_weights_nominal():
    """Its numbers are weights all the same."""
    rows = "\n".join(f"{a},{k % 2 + 1},{kind}" for k, (a, kind) in enumerate(zip(A, KIND, strict=True)))
    head = "@relation t\n@attribute a numeric\n@attribute w {1,2}\n@attribute kind {x,y}\n@data\n"
    assert read(head + rows, kind="arff", weights="w").weights.tolist() == [1, 2] * 6


def parquet(weights):
    """Return a Parquet file with weights of any type."""
    out = io.BytesIO()
    pd.DataFrame({"w": weights, "a": A, "kind": KIND}).to_parquet(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "weights",
    [
        W,
        np.arange(N) + 1,
        np.float32(W),
        pd.Categorical([1, 2, 3] * 4),
        pd.array(range(1, N + 1), dtype="Int64"),
        [str(w) for w in range(1, N + 1)],
    ],
    ids=lambda weights: str(getattr(weights, "dtype", type(weights[0]).__name__)),
)
def test_weights_of_a_parquet_file_have_any_type_of_numbers(weights):
    """Categories of numbers, too; texts are refused, whatever they spell."""
    found = outcome(parquet(weights), kind="parquet", weights="w")
    if isinstance(weights[0], str):
        assert "column 'w': expected a finite number in every row, 0 or more, found '1', '2'" in found
        return
    assert found.weights.tolist() == list(map(float, weights))
    assert found.features == ("a",)


def test_a_missing_number_of_a_parquet_file_is_refused():
    """It is no weight of 0."""
    found = outcome(parquet(pd.array([None, *range(1, N)], dtype="Int64")), kind="parquet", weights="w")
    assert "found a missing cell in row 0 (rows from 0)" in found
